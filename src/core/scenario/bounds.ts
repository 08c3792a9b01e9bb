/**
 * Bounds of a scenario: what a file may hold, and what its playing may use. A file may come from a stranger, so each bound is
 * far above what a scenario needs and far below what would stop the lab. docs/scenarios.md lists them.
 */
import { LIMITS } from '../actions/index.ts';

/** Steps in a file. */
export const MOST_STEPS = 500;
/** Numbers, names and signs in one expression. */
export const MOST_TOKENS = 1_000;
/** Seconds that `limit` can give. */
export const MOST_SECONDS = 1_800;
/** Maximum number of iterations of one `repeat` or `tries`. */
export const MOST_TIMES = 100_000;
/** Servers of a cluster. */
export const MOST_SERVERS = LIMITS.servers;
/** Clients of one step. */
export const MOST_CLIENTS = 256;

/** Steps and turns carried out while a scenario plays; one that looks every 10 ms for half an hour needs 180,000. */
export const MOST_TURNS = 1_000_000;
/** Notes and warnings of one playing: each is a line of the trace. */
export const MOST_NOTES = 10_000;
/** Background parts that run at the same time. */
export const MOST_BACKGROUND = 256;
/** Items of a value, those of the lists inside it included. */
export const MOST_ITEMS = 10_000;
/** Lists inside each other in a value. */
export const MOST_LEVELS = 40;
