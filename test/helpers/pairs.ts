/**
 * Pairwise tables: a few rows in which every value of a factor meets every value of every other factor. Most faults of
 * a layout need two causes (a narrow page and a long word), so these rows find nearly all of them with few tests.
 */

/** The values of each factor. */
type Factors = Readonly<Record<string, readonly unknown[]>>;

/** One value of each factor. */
export type Row<Of extends Factors> = { readonly [Name in keyof Of]: Of[Name][number] };

/** Returns rows that cover all pairs, chosen greedily among all combinations. The same factors give the same rows. */
export function pairwiseRows<const Of extends Factors>(factors: Of): readonly Row<Of>[] {
  const all = combinationsOf(factors);
  const missing = new Set(all.flatMap((row) => pairsIn(row)));
  const rows: Record<string, unknown>[] = [];
  const gainOf = (row: Record<string, unknown>): number => pairsIn(row).filter((pair) => missing.has(pair)).length;
  while (missing.size > 0) {
    const [best] = all.map((row) => ({ row, gain: gainOf(row) })).sort((a, b) => b.gain - a.gain);
    if (best === undefined) break;
    rows.push(best.row);
    for (const pair of pairsIn(best.row)) missing.delete(pair);
  }
  return rows as readonly Row<Of>[];
}

function combinationsOf(factors: Factors): readonly Record<string, unknown>[] {
  return Object.entries(factors).reduce<readonly Record<string, unknown>[]>(
    (rows, [name, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
    [{}],
  );
}

/** Returns every pair of values in a row, as text. */
function pairsIn(row: Record<string, unknown>): readonly string[] {
  const cells = Object.entries(row).map(([name, value]) => `${name}=${String(value)}`);
  return cells.flatMap((a, at) => cells.slice(at + 1).map((b) => `${a} ${b}`));
}
