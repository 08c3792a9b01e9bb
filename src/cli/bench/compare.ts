/** Two checkouts measured in turns, and the comparison of their pairs of rows. */
import type { Checkout } from './checkout.ts';
import type { ByProcess } from './meter.ts';
import type { Combination } from './options.ts';
import { measureRow, type Row, type RowSetting } from './row.ts';
import { median, type Spread, spreadOf } from './statistics.ts';

/** The two checkouts. */
export interface Sides {
  /** This checkout. */
  readonly this: Checkout;
  /** The one after `--against`. */
  readonly against: Checkout;
}

/** Two rows measured one right after the other. */
export interface Pair {
  readonly first: keyof Sides;
  readonly this: Row;
  readonly against: Row;
  /** Writes per second, this divided by against; null when one of the rows is void. */
  readonly ratio: number | null;
}

/** Medians of one side. */
export interface SideMedians {
  readonly writesPerSecond: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly cpuUs: ByProcess & { readonly all: number | null };
}

/** The result of all pairs of one combination. Pairs with a void row are omitted everywhere but in `pairs`. */
export interface Comparison extends Combination {
  readonly pairs: readonly Pair[];
  readonly this: SideMedians;
  readonly against: SideMedians;
  /** Ratio of the medians of writes per second, this divided by against. */
  readonly ratio: number | null;
  /** Of the pairs' ratios. */
  readonly spread: Spread | null;
}

/**
 * Measures one pair.
 *
 * @param at  from 0: every other pair begins with the other side, so that slow changes of the machine affect both alike
 */
export async function measurePair(setting: RowSetting, sides: Sides, of: Combination, at: number): Promise<Pair> {
  const first: keyof Sides = at % 2 === 0 ? 'this' : 'against';
  const one = await measureRow(setting, sides[first], of);
  const other = await measureRow(setting, sides[first === 'this' ? 'against' : 'this'], of);
  const pair = first === 'this' ? { this: one, against: other } : { this: other, against: one };
  return { first, ...pair, ratio: ratioOf(pair.this, pair.against) };
}

function ratioOf(one: Row, other: Row): number | null {
  if (one.void.length > 0 || other.void.length > 0) return null;
  return one.writesPerSecond / other.writesPerSecond;
}

/** Puts pairs of one combination together. Pure. */
export function comparisonOf(of: Combination, pairs: readonly Pair[]): Comparison {
  const valid = pairs.filter(({ ratio }) => ratio !== null);
  const [here, there] = [mediansOf(valid.map((pair) => pair.this)), mediansOf(valid.map((pair) => pair.against))];
  const [a, b] = [here.writesPerSecond, there.writesPerSecond];
  return {
    ...of,
    pairs,
    this: here,
    against: there,
    ratio: a === null || b === null ? null : a / b,
    spread: spreadOf(valid.flatMap(({ ratio }) => ratio ?? [])),
  };
}

/** Medians of these rows, figure by figure, each of the rows that have it; null for a figure that none of them has. */
export function mediansOf(rows: readonly Row[]): SideMedians {
  const of = (pick: (row: Row) => number | null): number | null => {
    return median(rows.flatMap((row) => pick(row) ?? []));
  };
  return {
    writesPerSecond: of((row) => row.writesPerSecond),
    p50Ms: of((row) => row.p50Ms),
    p99Ms: of((row) => row.p99Ms),
    cpuUs: {
      leader: of((row) => row.cpuUs.leader),
      follower: of((row) => row.cpuUs.follower),
      network: of((row) => row.cpuUs.network),
      lab: of((row) => row.cpuUs.lab),
      clients: of((row) => row.cpuUs.clients),
      all: of((row) => row.cpuUs.all),
    },
  };
}
