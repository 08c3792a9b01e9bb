/**
 * Shapes of a graph, in a box that is one unit high and as many units wide as there are spans. The box is stretched to its place,
 * so a shape does not depend on the size of the page.
 */

/** The top of the scale for these values: the next number of 1, 2 or 5 times a power of ten; 1 when all are 0. */
export function scaleTop(values: readonly number[]): number {
  const most = Math.max(0, ...values);
  if (most === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  // The small excess lets 0.3 / 0.1 count as 3.
  return ([1, 2, 5, 10].find((step) => step * power >= most * (1 - 1e-9)) ?? 10) * power;
}

/** A filled shape between two rows of values, one step a span. `from` are the lower ends. */
export function stepsPath(from: readonly number[], to: readonly number[], top: number): string {
  const parts: string[] = [];
  for (const [at, value] of to.entries()) {
    const low = from[at] ?? 0;
    if (value > low) parts.push(`M${at} ${y(low, top)}V${y(value, top)}H${at + 1}V${y(low, top)}Z`);
  }
  return parts.join('');
}

/** A line through the middle of each span; it ends at a span without a value. */
export function linePath(values: readonly (number | null)[], top: number): string {
  const parts: string[] = [];
  for (const [at, value] of values.entries()) {
    if (value === null) continue;
    const before = values[at - 1] ?? null;
    const after = values[at + 1] ?? null;
    if (before === null) parts.push(`M${after === null ? at : at + 0.5} ${y(value, top)}`);
    // A value alone is a line across its own span.
    if (before !== null) parts.push(`L${at + 0.5} ${y(value, top)}`);
    else if (after === null) parts.push(`H${at + 1}`);
  }
  return parts.join('');
}

function y(value: number, top: number): number {
  return Math.round((1 - Math.min(1, value / top)) * 10_000) / 10_000;
}
