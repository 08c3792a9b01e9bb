/**
 * The columns of the log grid as plain numbers: which are open and how wide, and which of them are in sight. An open column
 * shows terms and commands; a folded one shows terms alone. The oldest columns fold when the grid has no room for all.
 */
import type { LogIndex } from '../contract.ts';

/** Narrowest and widest open column in CSS pixels. */
export interface OpenPx {
  readonly min: number;
  readonly max: number;
}

/** Number of newest columns that never fold, because a person scrolls to what has no room. */
const NEWEST_OPEN = 4;
/** The same number where nobody scrolls: with a maximum number of columns all of them are in sight. */
const NEWEST_OPEN_OF_FEW = 1;
/** Room after the newest entry in CSS pixels: for ▸ and for a half-written entry. */
const TAIL_PX = 16;
/** Columns drawn beyond each edge, so that scrolling shows no gap. */
const OVERSCAN = 4;
/** Maximum width of the grid in CSS pixels, since browsers limit the width of an element. Older entries are not shown. */
const MAX_GRID_PX = 22_000_000;

/** The facts from which the columns follow. */
export interface ColumnAsk {
  /** Highest index that a server holds. */
  readonly head: LogIndex;
  /** Visible width in CSS pixels. */
  readonly widthPx: number;
  /** Width of a folded column in CSS pixels. */
  readonly foldPx: number;
  /** Width of this column when it is open, in CSS pixels; null when no content at this index is known. */
  readonly openPxOf: (index: LogIndex) => number | null;
  /** Maximum number of columns; older entries are not shown. Absent: no maximum. */
  readonly most?: number;
  /** Columns that stay open wherever they are: the one pointed at and the selected one. */
  readonly kept: readonly LogIndex[];
}

/** The columns of one picture of the grid. */
export interface Columns {
  /** Index of the first column in the grid. */
  readonly origin: LogIndex;
  readonly head: LogIndex;
  readonly foldPx: number;
  /** Widths of the open columns in CSS pixels. */
  readonly open: ReadonlyMap<LogIndex, number>;
  /** Width of the whole grid in CSS pixels. */
  readonly totalPx: number;
}

/** Width in CSS pixels of a folded column in which the highest term fits. */
export function foldPxOf(highestTerm: number): number {
  return Math.max(22, 6 + 8 * String(highestTerm).length);
}

/** Opens the columns to keep, the newest ones, and then from the newest on as many as fit. */
export function layOutColumns({ head, widthPx, foldPx, openPxOf, kept, most }: ColumnAsk): Columns {
  const count = Math.min(Math.floor((MAX_GRID_PX - TAIL_PX) / foldPx), most ?? head, head);
  const origin = head - count + 1;
  const open = new Map<LogIndex, number>();
  let totalPx = count * foldPx + TAIL_PX;

  function widthOf(index: LogIndex): number | null {
    if (index < origin || index > head || open.has(index)) return null;
    const px = openPxOf(index);
    return px === null ? null : Math.max(px, foldPx);
  }
  function unfold(index: LogIndex, px: number): void {
    open.set(index, px);
    totalPx += px - foldPx;
  }
  const alwaysOpen = most === undefined ? NEWEST_OPEN : NEWEST_OPEN_OF_FEW;
  const newest = Array.from({ length: alwaysOpen }, (_, back) => head - back);
  for (const index of [...kept, ...newest]) {
    const px = widthOf(index);
    if (px !== null) unfold(index, px);
  }
  for (let index = head - alwaysOpen; index >= origin; index -= 1) {
    if (open.has(index)) continue;
    const px = widthOf(index);
    if (px === null || totalPx + px - foldPx > widthPx) break;
    unfold(index, px);
  }
  return { origin, head, foldPx, open, totalPx };
}

/** Left edge of a column in CSS pixels. */
export function leftOf({ origin, foldPx, open }: Columns, index: LogIndex): number {
  let left = (index - origin) * foldPx;
  for (const [at, px] of open) if (at < index) left += px - foldPx;
  return left;
}

/** Width of a column in CSS pixels. The place after the newest entry counts as a column. */
export function widthOf({ head, foldPx, open }: Columns, index: LogIndex): number {
  return index > head ? TAIL_PX : (open.get(index) ?? foldPx);
}

/** First and last column to draw for a scroll position; the place after the newest entry is the last one. */
export function columnsInSight(
  columns: Columns,
  scrollLeft: number,
  widthPx: number,
): { readonly first: LogIndex; readonly last: LogIndex } {
  const { origin, head } = columns;
  const first = columnAt(columns, scrollLeft) - OVERSCAN;
  const last = columnAt(columns, scrollLeft + widthPx) + OVERSCAN;
  return { first: Math.max(origin, first), last: Math.min(head + 1, last) };
}

/** The column at a distance from the left edge of the grid. */
function columnAt(columns: Columns, px: number): LogIndex {
  let low = columns.origin;
  let high = columns.head + 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (leftOf(columns, middle) <= px) low = middle;
    else high = middle - 1;
  }
  return low;
}
