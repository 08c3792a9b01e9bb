/**
 * Chooses the server to ask next: the one that a redirect names, otherwise each in turn. No server is asked twice in a
 * round. So a client neither loops between servers that name each other nor stays with a leader that is cut off.
 */
import type { ServerId } from '../core/wire/index.ts';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;
/** Number of rounds after which suspects are asked again; each such attempt may cost a timeout. */
const ROUNDS_OF_SUSPICION = 4;
/**
 * Consecutive `busy` answers after which a server is skipped for the round, since it may be a cut-off leader with a
 * full queue.
 */
const TIMES_BUSY = 4;

/** The next server to ask, chosen from the replies and timeouts so far. */
export interface LeaderGuess {
  /** Returns the server to ask. */
  target(): ServerId;
  /**
   * Records that the server does not lead, and which leader it names, if any.
   *
   * @returns milliseconds to wait before the next attempt
   */
  redirected(leaderId: ServerId | null): number;
  /** Records that the server did not answer. @returns milliseconds to wait before the next attempt */
  failed(): number;
  /**
   * Records that the server is busy. After `TIMES_BUSY` such answers in a row the next attempt goes to another server.
   *
   * @returns milliseconds to wait before the next attempt
   */
  busy(): number;
  /**
   * Records that the server answered as a leader, or that an observer of the whole cluster reported it as the leader.
   */
  confirmed(server: ServerId): void;
}

/**
 * Creates a guess without knowledge of a leader.
 *
 * @param servers  in the order in which they are tried
 * @param random  [0, 1): spreads the pauses of many clients
 */
export function createLeaderGuess(servers: readonly ServerId[], random: () => number = Math.random): LeaderGuess {
  let target = servers[0] as ServerId;
  let turn = 0;
  /** Rounds that ended without an answer from a leader. */
  let rounds = 0;
  let timesBusy = 0;
  /** Servers that were asked in this round. */
  const asked = new Set<ServerId>();
  /** Servers that did not answer when last asked. Other servers may still name one of them as leader. */
  const suspects = new Set<ServerId>();

  const mayAsk = (server: ServerId | null): server is ServerId =>
    server !== null && servers.includes(server) && !asked.has(server) && !suspects.has(server);

  function nextInTurn(): ServerId | null {
    for (let step = 1; step <= servers.length; step += 1) {
      const server = servers[(turn + step) % servers.length] as ServerId;
      if (!mayAsk(server)) continue;
      turn = servers.indexOf(server);
      return server;
    }
    return null;
  }

  function goOn(hint: ServerId | null): number {
    timesBusy = 0;
    asked.add(target);
    const next = mayAsk(hint) ? hint : nextInTurn();
    if (next !== null) {
      target = next;
      return 0;
    }
    // Every server that may know the leader was asked, so asking again without a pause would bring the same answers.
    const ms = pauseMs(rounds, random());
    rounds += 1;
    asked.clear();
    if (rounds % ROUNDS_OF_SUSPICION === 0 || suspects.size === servers.length) suspects.clear();
    target = mayAsk(hint) ? hint : (nextInTurn() ?? target);
    return ms;
  }

  return {
    target: () => target,
    redirected(leaderId) {
      suspects.delete(target);
      return goOn(leaderId === target ? null : leaderId);
    },
    failed() {
      suspects.add(target);
      return goOn(null);
    },
    busy() {
      timesBusy += 1;
      if (timesBusy >= TIMES_BUSY) return goOn(null);
      const ms = pauseMs(rounds, random());
      rounds += 1;
      return ms;
    },
    confirmed(server) {
      target = server;
      turn = servers.indexOf(server);
      rounds = 0;
      timesBusy = 0;
      asked.clear();
      suspects.clear();
    },
  };
}

/** Returns a pause that doubles with every round, up to a limit; half of it is random. @param chance  [0, 1) */
function pauseMs(rounds: number, chance: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** rounds, LONGEST_PAUSE_MS) * (0.5 + chance / 2);
}
