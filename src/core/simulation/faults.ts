/** The faults of a simulated run by name. This file imports nothing, so a command line can read the names quickly. */

/** The faults of a run. Rates are per second of simulated time unless stated otherwise. */
export interface FaultRates {
  /** Probabilities for each message, 0–1. */
  readonly drop: number;
  readonly duplicate: number;
  readonly reorder: number;
  /** Maximum extra delay of each message, in microseconds. */
  readonly delayUs: number;
  /** Rates of crashes and of freezes; each ends with a restart or a resume. */
  readonly crash: number;
  readonly freeze: number;
  /**
   * Rates of partitions, of links cut in one direction, and of links that hold all messages and release them at once.
   */
  readonly partition: number;
  readonly oneWay: number;
  readonly clog: number;
  /** Maximum duration of a write in microseconds, and the probability that a write hangs for a second. */
  readonly writeUs: number;
  readonly hang: number;
  /** Maximum drift of a server's tick length, as a fraction of it. */
  readonly skew: number;
  /** Whether a crash loses the whole write in progress, instead of keeping a prefix of it. */
  readonly loseUnsynced: boolean;
}

/** Rates of a run without faults. */
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

/** Name of a fault, as reports count it. */
export type FaultName = keyof FaultRates;
export const FAULT_NAMES = Object.keys(CALM) as readonly FaultName[];
