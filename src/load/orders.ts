/**
 * The orders of the load generator, and the lines it writes to stdout, one JSON object per line. `raft-lab bench`
 * writes
 * the orders and reads the lines.
 */
import * as v from 'valibot';

/**
 * Name of the environment variable that holds the orders. They contain the run's secret, so they are never passed in
 * argv.
 */
export const LOAD_ORDERS = 'RAFT_LAB_LOAD';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

const schema = v.strictObject({
  runId: v.string(),
  secret: v.string(),
  /** `ws://127.0.0.1:PORT` of the network process. */
  networkUrl: v.string(),
  /** Monotonic nanoseconds at which the run's time was 0, a decimal string. */
  originNs: v.pipe(v.string(), v.regex(/^-?\d+$/)),
  servers: v.pipe(v.array(v.string()), v.minLength(1)),
  clients: count,
  /**
   * Length of the warm-up, whose commands are sent but not measured. It begins when every client has had its first
   * answer.
   */
  warmUpMs: v.pipe(v.number(), v.minValue(0)),
  measureMs: v.pipe(v.number(), v.minValue(1)),
  /** Length of each value in bytes; values are ASCII. */
  valueBytes: count,
  /** Number of keys; each command draws one from `k0` to `k<keys - 1>`, all equally likely. */
  keys: count,
});

/** The parsed orders of the load generator. */
export type LoadOrders = Readonly<v.InferOutput<typeof schema>>;

/** A line of the load generator. Times are microseconds since the run began. */
export type LoadLine =
  | { readonly type: 'window-began'; readonly atUs: number }
  | { readonly type: 'window-ended'; readonly atUs: number }
  | { readonly type: 'report'; readonly report: LoadReport };

/** Answers counted in one span of time. */
export interface AnswerCounts {
  readonly done: number;
  /** The client reached its deadline: the command may or may not have been applied. */
  readonly unknown: number;
  readonly refused: number;
}

/** The clients' measurements, and every answer they got. */
export interface LoadReport {
  /** The measured window. */
  readonly window: AnswerCounts & {
    readonly seconds: number;
    /** Median latency of done commands, from `submit` to the answer. Null when none was done. */
    readonly p50Ms: number | null;
    readonly p99Ms: number | null;
    readonly maxMs: number | null;
    /** The servers that answered `done`; a single name means that one server led for the whole window. */
    readonly answeredBy: readonly string[];
    /** CPU time the load generator used. */
    readonly cpuUs: number;
    /** Share of the window in which its event loop was busy, 0–1. */
    readonly loopBusy: number;
  };
  /** Counts from the first command to the last, warm-up included. */
  readonly total: AnswerCounts;
  readonly answers: Answers;
}

/** The outcome of every numbered command of every client. */
export interface Answers {
  /** Per session, the log indexes answered for sequence 1, 2, …; 0 for a command that was not answered `done`. */
  readonly sessions: readonly (readonly [session: number, indexes: readonly number[]])[];
  /** Commands that were sent more than once. The log may hold several copies of them, of which only one is applied. */
  readonly repeated: readonly (readonly [session: number, sequence: number])[];
}

/**
 * Reads the orders.
 *
 * @returns the orders, or a sentence about what is wrong with them
 */
export function readOrders(text: string): LoadOrders | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'not JSON' };
  }
  const parsed = v.safeParse(schema, value);
  return parsed.success ? parsed.output : { problem: parsed.issues[0].message };
}
