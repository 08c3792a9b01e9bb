/**
 * The handshake between our programs: the headers of every WebSocket upgrade, and the one check each listener makes before
 * it accepts. A browser is refused even with the right secret, because it always sends `Origin`.
 */
import { isRunId } from '../vocabulary/index.ts';
import { isPositive, isString } from './check.ts';
import { HELLO_HEADERS, WIRE_VERSION } from './frame.ts';

/** The identity that a caller claims. `from` and `to` are `S1`, `C1`, `network` or `lab`. */
export interface Hello {
  readonly from: string;
  readonly to: string;
  /** Number of the start of `from`, 1 for the first. */
  readonly life: number;
}

/** The caller's identity, or the reason for refusing it. */
export type HelloCheck =
  | ({ readonly ok: true } & Hello)
  | {
      readonly ok: false;
      /** HTTP status to answer with. */
      readonly status: 400 | 401 | 403 | 409 | 421 | 426;
      readonly reason: string;
    };

/** Node's record of headers with lower-case names, or one like it. */
export type HeaderRecord = Readonly<Record<string, string | readonly string[] | undefined>>;

const PARTY = /^(?:[SC][1-9][0-9]{0,5}|network|lab)$/;
const LIFE = /^[1-9][0-9]{0,9}$/;

/**
 * Returns the headers with which a program dials.
 *
 * @param hello  contains the run's secret, which is sent only in these headers
 */
export function helloHeaders(
  hello: Hello & { readonly runId: string; readonly secret: string },
): Record<string, string> {
  return {
    authorization: `Bearer ${hello.secret}`,
    [HELLO_HEADERS.run]: hello.runId,
    [HELLO_HEADERS.version]: String(WIRE_VERSION),
    [HELLO_HEADERS.from]: hello.from,
    [HELLO_HEADERS.to]: hello.to,
    [HELLO_HEADERS.life]: String(hello.life),
  };
}

/**
 * Returns the only host names that a listener on this port accepts. Any other name is an attempt at DNS rebinding
 * (421).
 */
export function loopbackHosts(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}

/**
 * Checks an upgrade before it is accepted. The listener itself decides which `from` and `to` it accepts.
 *
 * @param headers  names in lower case
 * @param expected  `hosts` from `loopbackHosts`
 */
export function checkHello(
  headers: HeaderRecord,
  expected: { readonly secret: string; readonly runId: string; readonly hosts: readonly string[] },
): HelloCheck {
  const one = (name: string): string => {
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    return isString(value) ? value : '';
  };
  if (Object.hasOwn(headers, 'origin') && headers.origin !== undefined) return refuse(403, 'browsers are refused');
  if (!expected.hosts.includes(one('host'))) return refuse(421, 'wrong host');
  // A listener without a secret refuses every caller; otherwise an empty token would match the empty secret.
  const knowsSecret = equalInConstantTime(one('authorization'), `Bearer ${expected.secret}`);
  if (!knowsSecret || expected.secret.length === 0) return refuse(401, 'wrong or missing run secret');
  if (one(HELLO_HEADERS.version) !== String(WIRE_VERSION))
    return refuse(426, `speaks another version than ${WIRE_VERSION}`);
  const runId = one(HELLO_HEADERS.run);
  if (!isRunId(runId) || runId !== expected.runId) return refuse(409, 'another run');
  const from = one(HELLO_HEADERS.from);
  const to = one(HELLO_HEADERS.to);
  if (!PARTY.test(from) || !PARTY.test(to) || from === to) return refuse(400, 'no such parties');
  const lifeText = one(HELLO_HEADERS.life);
  const life = Number(lifeText);
  if (!LIFE.test(lifeText) || !isPositive(life)) return refuse(400, 'no life');
  return { ok: true, from, to, life };
}

const STATUS_TEXTS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  421: 'Misdirected Request',
  426: 'Upgrade Required',
};

/** Returns the whole HTTP response to a refused upgrade: a status line without the reason. */
export function refusalOf(status: number): string {
  const text = STATUS_TEXTS[status] ?? 'Refused';
  return `HTTP/1.1 ${status} ${text}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
}

function refuse(status: Exclude<HelloCheck, { ok: true }>['status'], reason: string): HelloCheck {
  return { ok: false, status, reason };
}

/** Compares all characters, also after a difference, so that the time does not reveal how much of a guess was right. */
function equalInConstantTime(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let at = 0; at < expected.length; at += 1) {
    // Beyond the end of a short guess charCodeAt returns NaN, which ^ counts as 0. The lengths then differ already.
    difference |= given.charCodeAt(at) ^ expected.charCodeAt(at);
  }
  return difference === 0;
}
