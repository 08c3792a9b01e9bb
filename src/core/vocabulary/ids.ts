/** Names of servers, clients and runs, and the checks of their form. */

/** A member of the cluster, `S1`…`S9`. Unique for all time, never reused (§3.8, rule M5). */
export type ServerId = string;
/** A server (`S1`) or a client (`C1`). */
export type Endpoint = string;

const SERVER_ID = /^S[1-9][0-9]{0,5}$/;
const CLIENT_ID = /^C[1-9][0-9]{0,5}$/;
const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** `S1`, `S2`, … */
export function isServerId(value: unknown): value is string {
  return typeof value === 'string' && SERVER_ID.test(value);
}

/** `C1`, `C2`, … */
export function isClientId(value: unknown): value is string {
  return typeof value === 'string' && CLIENT_ID.test(value);
}

/** A server or a client. */
export function isEndpoint(value: unknown): value is string {
  return isServerId(value) || isClientId(value);
}

/** Letters, digits, dot, dash and underscore, at most 100: safe as a folder name and in a header. */
export function isRunId(value: unknown): value is string {
  return typeof value === 'string' && RUN_ID.test(value);
}
