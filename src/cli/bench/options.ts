/** The options of `raft-lab bench`, made from its arguments: the rows to measure, and how. */
import type { Durability } from '../../core/lab-api/index.ts';
import { WrongArgs } from '../wrong-args.ts';

/** The configuration of one row. */
export interface Combination {
  /** 1–9. */
  readonly servers: number;
  readonly clients: number;
  readonly durability: Durability;
}

/** The options of a bench. */
export interface BenchOptions {
  /** The combinations in the order of their measurement. */
  readonly combinations: readonly Combination[];
  /** Measured time of a row, without the warm-up. */
  readonly seconds: number;
  readonly valueBytes: number;
  /** Whether the cluster runs in a complete lab: recorded, folded and judged. */
  readonly lab: boolean;
  readonly json: boolean;
  /** Another checkout to compare with; null without one. */
  readonly against: { readonly folder: string; readonly pairs: number } | null;
}

/** Arguments of `raft-lab bench`, as the table of commands reads them. */
export interface BenchArgs {
  readonly servers: readonly number[];
  readonly clients: readonly number[];
  /** Seconds. */
  readonly seconds: number;
  readonly durability: readonly Durability[];
  /** Bytes. */
  readonly value: number;
  readonly lab: 'on' | 'off';
  readonly json: boolean;
  /** Folder of another checkout. */
  readonly against: string | null;
  /** Number of pairs. Null: ten. */
  readonly pairs: number | null;
}

const USUAL_PAIRS = 10;

/** @throws WrongArgs for pairs without another checkout */
export function benchOptions(args: BenchArgs): BenchOptions {
  const { servers, clients, seconds, durability, value, lab, json, against, pairs } = args;
  if (pairs !== null && against === null) throw new WrongArgs('benchPairs');
  const combinations = servers.flatMap((count) =>
    durability.flatMap((one) => clients.map((of) => ({ servers: count, clients: of, durability: one }))),
  );
  return {
    combinations,
    seconds,
    valueBytes: value,
    lab: lab === 'on',
    json,
    against: against === null ? null : { folder: against, pairs: pairs ?? USUAL_PAIRS },
  };
}
