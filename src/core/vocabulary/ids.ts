/** Names of servers, clients and runs, and the checks of their form. */

/** Id of a server, such as `S1`. Ids are never reused (§3.8, rule M5). */
export type ServerId = string;
/** Id of a server (`S1`) or a client (`C1`). */
export type Endpoint = string;

const SERVER_ID = /^S[1-9][0-9]{0,5}$/;
const CLIENT_ID = /^C[1-9][0-9]{0,5}$/;
const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** True for `S1`, `S2`, … */
export function isServerId(value: unknown): value is string {
  return typeof value === 'string' && SERVER_ID.test(value);
}

/** True for `C1`, `C2`, … */
export function isClientId(value: unknown): value is string {
  return typeof value === 'string' && CLIENT_ID.test(value);
}

/** True for the id of a server or a client. */
export function isEndpoint(value: unknown): value is string {
  return isServerId(value) || isClientId(value);
}

/**
 * True for a run's name: at most 100 letters, digits, dots, dashes and underscores, safe as a folder name and in a
 * header.
 */
export function isRunId(value: unknown): value is string {
  return typeof value === 'string' && RUN_ID.test(value);
}
