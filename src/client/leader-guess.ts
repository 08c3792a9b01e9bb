/**
 * Which server to ask next: where a redirect points, else all in turn. Within a round no server is asked twice, so
 * servers that point at each other, or at a leader that is cut off and does not know it, cannot hold a client.
 */
import type { ServerId } from '../core/wire/index.ts';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;
/** Rounds after which a server that did not answer gets another chance; each such chance costs a timeout. */
const ROUNDS_OF_SUSPICION = 4;
/** A server that is busy so many times in a row is passed over in this round: it may be cut off and full for ever. */
const TIMES_BUSY = 4;

/** Whom to ask next, from what replies and silences have said so far. */
export interface LeaderGuess {
  /** The server to ask. */
  target(): ServerId;
  /** It answered that it does not lead; it names who does, or nobody. @returns milliseconds to pause before going on */
  redirected(leaderId: ServerId | null): number;
  /** It did not answer. @returns milliseconds to pause before going on */
  failed(): number;
  /** It is busy: the same again after the returned milliseconds, or another once it has been busy too often. */
  busy(): number;
  /** This server answered as a leader does, or somebody who sees the whole cluster says that it leads. */
  confirmed(server: ServerId): void;
}

/**
 * @param servers  in the order in which they are tried
 * @param random  [0, 1): spreads the pauses of many clients
 */
export function createLeaderGuess(servers: readonly ServerId[], random: () => number = Math.random): LeaderGuess {
  let target = servers[0] as ServerId;
  let turn = 0;
  /** Rounds that ended without an answer of a leader. */
  let rounds = 0;
  let timesBusy = 0;
  /** Asked in this round. */
  const asked = new Set<ServerId>();
  /** Did not answer when last asked. Others may still point at them: they believe in a leader that is gone. */
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
    // Everyone who may know was asked: more haste finds nothing new.
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

/** Doubles with every round, up to a limit; half of it is chance. @param chance  [0, 1) */
function pauseMs(rounds: number, chance: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** rounds, LONGEST_PAUSE_MS) * (0.5 + chance / 2);
}
