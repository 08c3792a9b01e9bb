/** The faults of a simulated run, by name. Nothing is imported here, so that a command line knows the names at no cost. */

/** The faults of a run. Rates are per second of simulated time unless stated otherwise. */
export interface FaultRates {
  /** Shares of messages, 0–1. */
  readonly drop: number;
  readonly duplicate: number;
  readonly reorder: number;
  /** Extra delay of every message, up to this many microseconds. */
  readonly delayUs: number;
  /** Rates of killing, restarting, freezing and resuming servers. */
  readonly crash: number;
  readonly freeze: number;
  /** Rates of partitions, of cuts in one direction, and of links that hold all messages and release them at once. */
  readonly partition: number;
  readonly oneWay: number;
  readonly clog: number;
  /** A write takes up to this long, microseconds; and the share of writes that hang for a second. */
  readonly writeUs: number;
  readonly hang: number;
  /** Maximum drift of a server's tick length, as a fraction of it. */
  readonly skew: number;
  /** Whether a crash loses the whole write in progress, instead of keeping a prefix of it. */
  readonly loseUnsynced: boolean;
}

/** No fault at all. */
export const CALM: FaultRates = {
  drop: 0,
  duplicate: 0,
  reorder: 0,
  delayUs: 0,
  crash: 0,
  freeze: 0,
  partition: 0,
  oneWay: 0,
  clog: 0,
  writeUs: 0,
  hang: 0,
  skew: 0,
  loseUnsynced: false,
};

/** The names of the faults, as reports count them. */
export type FaultName = keyof FaultRates;
export const FAULT_NAMES = Object.keys(CALM) as readonly FaultName[];
