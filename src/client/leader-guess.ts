/**
 * Which server to ask next: the last known leader, where a redirect points, else all in turn. Says when to pause, so
 * that servers that point at each other, or nobody, cost a few messages and not a storm.
 */
import type { ServerId } from '../core/wire/index.ts';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

export interface LeaderGuess {
  /** The server to ask. */
  target(): ServerId;
  /** It does not lead; it names who does, or nobody. @returns milliseconds to pause before asking the new target */
  redirected(leaderId: ServerId | null): number;
  /** It gave no useful answer: the next one in turn. @returns milliseconds to pause */
  failed(): number;
  /** It is busy: the same again after the returned milliseconds. */
  busy(): number;
  /** It answered as a leader does. */
  confirmed(server: ServerId): void;
}

/**
 * @param servers  in the order in which they are tried
 * @param random  [0, 1): spreads the pauses of many clients
 */
export function createLeaderGuess(servers: readonly ServerId[], random: () => number = Math.random): LeaderGuess {
  let at = 0;
  /** Servers asked since the last pause: after each has been asked once, more haste finds nothing new. */
  let asked = 0;
  let pauses = 0;

  function pauseMs(): number {
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** pauses, LONGEST_PAUSE_MS);
    pauses += 1;
    asked = 0;
    return longest * (0.5 + random() / 2);
  }

  function moveTo(next: number): number {
    at = next;
    asked += 1;
    return asked >= servers.length ? pauseMs() : 0;
  }

  const guess: LeaderGuess = {
    target: () => servers[at] as ServerId,
    redirected(leaderId) {
      const next = leaderId === null ? -1 : servers.indexOf(leaderId);
      return next < 0 || next === at ? guess.failed() : moveTo(next);
    },
    failed: () => moveTo((at + 1) % servers.length),
    busy: pauseMs,
    confirmed(server) {
      at = Math.max(0, servers.indexOf(server));
      asked = 0;
      pauses = 0;
    },
  };
  return guess;
}
