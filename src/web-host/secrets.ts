/**
 * The secrets of one run of the browser door, and their comparison. Three secrets limit who can see each: the launch token is
 * printed on the terminal, the ticket is in the argv of the program that opens the browser (which every user of the machine
 * can read), and the cookie never leaves the browser and this process.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** The launch token and the cookie it is exchanged for. */
export interface Secrets {
  /**
   * The token in the printed address. It is valid as long as this process lives, so that a person can open the address again or in
   * another browser. It is accepted only at `/`, or as a Bearer token.
   */
  readonly launchToken: string;
  /** The cookie that a browser gets at its first visit. It is never printed and never part of an address. */
  readonly cookie: string;
  /** Makes a new ticket for one visit. It expires after its use or after a minute. */
  issueTicket(): string;
  /** True when `value` is the launch token or a valid ticket; this call uses the ticket up. */
  admits(value: string): boolean;
}

const TICKET_LIFE_MS = 60_000;

/** New secrets of 256 bits each. `nowMs` is a monotonic clock in milliseconds. */
export function createSecrets(nowMs: () => number): Secrets {
  const launchToken = newSecret();
  const tickets = new Map<string, number>();
  return {
    launchToken,
    cookie: newSecret(),
    issueTicket() {
      const ticket = newSecret();
      tickets.set(ticket, nowMs() + TICKET_LIFE_MS);
      return ticket;
    },
    admits(value) {
      if (sameSecret(value, launchToken)) return true;
      for (const [ticket, until] of tickets) {
        if (!sameSecret(value, ticket)) continue;
        tickets.delete(ticket);
        return nowMs() <= until;
      }
      return false;
    },
  };
}

/** Compares two secrets in constant time. Both are hashed first, so that the time does not reveal their lengths. */
export function sameSecret(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

/** Name of the cookie. It contains the port, since two doors on one machine would otherwise overwrite each other's cookie. */
export function cookieName(port: number): string {
  return `raft-lab-${port}`;
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
