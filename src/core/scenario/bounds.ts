/**
 * Bounds of a scenario: for its file, and for what it uses while it plays. A file may come from a stranger. Each bound
 * is far above what a scenario needs and low enough to keep the lab working. docs/scenarios.md lists them.
 */
import { LIMITS } from '../actions/index.ts';

/** Maximum number of steps in a file. */
export const MOST_STEPS = 500;
/** Maximum number of tokens in one expression. */
export const MOST_TOKENS = 1_000;
/** Maximum value of `limit`, in seconds. */
export const MOST_SECONDS = 1_800;
/** Maximum number of iterations of one `repeat` or `tries`. */
export const MOST_TIMES = 100_000;
/** Maximum number of servers in a cluster. */
export const MOST_SERVERS = LIMITS.servers;
/** Maximum number of clients of one step. */
export const MOST_CLIENTS = 256;

/**
 * Maximum number of steps and loop turns while a scenario plays. One that checks a condition every 10 ms for half an
 * hour needs 180,000.
 */
export const MOST_TURNS = 1_000_000;
/** Maximum number of notes and warnings while a scenario plays. Each is a line of the trace. */
export const MOST_NOTES = 10_000;
/** Maximum number of background parts that run at the same time. */
export const MOST_BACKGROUND = 256;
/** Maximum number of items in a value, including the items of inner lists. */
export const MOST_ITEMS = 10_000;
/** Maximum nesting of lists in a value. */
export const MOST_LEVELS = 40;
