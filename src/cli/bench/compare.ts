/** Two checkouts measured in turns, and the comparison of their pairs of rows. */
import type { Checkout } from './checkout.ts';
import type { ByProcess } from './meter.ts';
import type { Combination } from './options.ts';
import { measureRow, type Row, type RowSetting } from './row.ts';
import { median, type Spread, spreadOf } from './statistics.ts';

/** The two checkouts. */
export interface Sides {
  /** The checkout of this bench. */
  readonly this: Checkout;
  /** The checkout given with `--against`. */
  readonly against: Checkout;
}

/** Two rows measured one right after the other. */
export interface Pair {
  readonly first: keyof Sides;
  readonly this: Row;
  readonly against: Row;
  /** Ratio of the writes per second, this checkout divided by the other; null when one of the rows is void. */
  readonly ratio: number | null;
}

/** Medians of one checkout. */
export interface SideMedians {
  readonly writesPerSecond: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly cpuUs: ByProcess & { readonly all: number | null };
}

/**
 * The result of all pairs of one combination. Pairs with a void row are listed in `pairs` and left out of all other
 * fields.
 */
export interface Comparison extends Combination {
  readonly pairs: readonly Pair[];
  readonly this: SideMedians;
  readonly against: SideMedians;
  /** Ratio of the medians of writes per second, this checkout divided by the other. */
  readonly ratio: number | null;
  /** Spread of the pairs' ratios. */
  readonly spread: Spread | null;
}

/**
 * Measures one pair.
 *
 * @param at  number of the pair, from 0. Odd pairs begin with the other checkout, so that slow changes of the machine
 * affect both alike
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

/** Computes the comparison of the pairs of one combination. Pure. */
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

/**
 * Returns the medians of these rows. The median of a figure is that of the rows that have it; null when no row has it.
 */
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
