/**
 * The gate of the browser door, which admits or refuses every request and upgrade. It is needed because any web page in the
 * user's browser can send requests to 127.0.0.1. The decisions are pure functions of the headers; `serve.ts` calls them.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { cookieName, type Secrets, sameSecret } from './secrets.ts';

const HTTP_PORT = 80;

/** A refusal: `status` is the HTTP status, `reason` is for the answer's text and for tests. */
export interface Refusal {
  readonly status: 401 | 403 | 421;
  readonly reason: 'wrong-host' | 'other-site' | 'other-origin' | 'no-origin' | 'no-token';
}

/** The headers and kind of a request. */
export interface Visit {
  readonly headers: IncomingHttpHeaders;
  /** Names and values alternating, as received, so that repeated headers are visible. */
  readonly rawHeaders: readonly string[];
  /** `read`: a page or file. `act`: a POST or an upgrade, which must prove its origin. */
  readonly kind: 'read' | 'act';
}

/**
 * Judges the origin of a request, not yet its identity.
 *
 * @returns null when the origin is ours. 421 when the Host is not exactly ours: a name that was rebound to 127.0.0.1 has equal
 * Origin and Host, so a check of Origin alone would admit it. 403 when the request comes from another site or origin.
 */
export function judgeOrigin(visit: Visit, door: { readonly port: number; readonly secrets: Secrets }): Refusal | null {
  const host = soleHost(visit);
  if (host === null || !ownHosts(door.port).includes(host)) return { status: 421, reason: 'wrong-host' };
  const site = visit.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return { status: 403, reason: 'other-site' };
  const origin = visit.headers.origin;
  if (origin !== undefined && origin !== `http://${host}`) return { status: 403, reason: 'other-origin' };
  // A browser always sends an Origin here. A program sends none, so it must send the token.
  if (visit.kind === 'act' && origin === undefined && !hasBearer(visit.headers, door.secrets)) {
    return { status: 403, reason: 'no-origin' };
  }
  return null;
}

/** Judges the origin of a request, and its cookie (browsers) or launch token (programs). */
export function judge(visit: Visit, door: { readonly port: number; readonly secrets: Secrets }): Refusal | null {
  const refusal = judgeOrigin(visit, door);
  if (refusal !== null) return refusal;
  const known = hasCookie(visit.headers, door) || hasBearer(visit.headers, door.secrets);
  return known ? null : { status: 401, reason: 'no-token' };
}

/**
 * The allowed values of Host: the two names of this machine with the port. They are compared whole. A browser omits port 80.
 */
export function ownHosts(port: number): readonly string[] {
  return port === HTTP_PORT ? ['127.0.0.1', 'localhost'] : [`127.0.0.1:${port}`, `localhost:${port}`];
}

function soleHost(visit: Visit): string | null {
  const hosts = visit.rawHeaders.filter((_, i) => i % 2 === 1 && visit.rawHeaders[i - 1]?.toLowerCase() === 'host');
  return hosts.length === 1 ? (hosts[0] ?? null) : null;
}

function hasCookie(headers: IncomingHttpHeaders, door: { readonly port: number; readonly secrets: Secrets }): boolean {
  const prefix = `${cookieName(door.port)}=`;
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.some((pair) => pair.startsWith(prefix) && sameSecret(pair.slice(prefix.length), door.secrets.cookie));
}

function hasBearer(headers: IncomingHttpHeaders, secrets: Secrets): boolean {
  const match = /^Bearer (\S+)$/.exec(headers.authorization ?? '');
  return match?.[1] !== undefined && sameSecret(match[1], secrets.launchToken);
}
