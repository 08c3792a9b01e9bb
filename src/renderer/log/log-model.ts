/** The log grid as plain data: the visible columns, and the content of one cell of one server. */
import { type ClusterView, type ServerView, termAt } from '../../core/trace/index.ts';
import type { LogIndex, ServerId, Term } from '../contract.ts';

/** Width of a column in CSS pixels, as long as terms have one or two digits. */
export const CELL_PX = 22;
/** Width of a digit of a term, and of the rest of a column, in CSS pixels. */
const DIGIT_PX = 8;
const FRAME_PX = 7;
/** Columns drawn beyond each edge, so that scrolling shows no gap. */
const OVERSCAN = 4;
/** Maximum width of the grid in CSS pixels, since browsers limit the width of an element. Older entries are not shown. */
const MAX_GRID_PX = 22_000_000;

export interface CellModel {
  /** Null when the log has no entry here. */
  readonly term: Term | null;
  /** True when this server knows that the entry is committed. */
  readonly isCommitted: boolean;
  /** True at the leader's matchIndex for this server. */
  readonly isMatch: boolean;
  /** True at the leader's nextIndex for this server. */
  readonly isNext: boolean;
}

export interface ColumnWindow {
  /** Width of a column in CSS pixels. */
  readonly columnPx: number;
  /** Index of the first column that exists in the grid. */
  readonly origin: LogIndex;
  /** Number of columns in the grid, drawn or not. */
  readonly columns: number;
  /** First and last index to draw. */
  readonly first: LogIndex;
  readonly last: LogIndex;
}

/** Highest index that a server holds or the leader sends next. */
export function headOf(view: ClusterView): LogIndex {
  const lasts = Object.values(view.servers).map((server) => server.lastIndex);
  return Math.max(0, ...lasts);
}

/** Width of a column in CSS pixels in which the highest term of the cluster fits. */
export function columnPxOf(view: ClusterView): number {
  const highest = Math.max(0, ...Object.values(view.servers).map(({ term }) => term));
  return Math.max(CELL_PX, FRAME_PX + DIGIT_PX * String(highest).length);
}

/**
 * The columns to draw for a scroll position. One column after the head is kept for the ▸ of the next entry.
 *
 * @param columnPx  width of a column in CSS pixels
 */
export function columnWindow(head: LogIndex, scrollLeft: number, width: number, columnPx = CELL_PX): ColumnWindow {
  const columns = Math.min(Math.floor(MAX_GRID_PX / columnPx), head + 1);
  const origin = head + 2 - columns;
  const first = origin + Math.floor(scrollLeft / columnPx) - OVERSCAN;
  const last = origin + Math.ceil((scrollLeft + width) / columnPx) + OVERSCAN;
  return { columnPx, origin, columns, first: Math.max(origin, first), last: Math.min(origin + columns - 1, last) };
}

/** The cell of one server at one index. */
export function cellOf(view: ClusterView, server: ServerView, index: LogIndex): CellModel {
  const progress = leaderProgress(view, server.id);
  return {
    term: termAt(server.log, index),
    isCommitted: index <= server.commitIndex,
    isMatch: progress !== null && progress.matchIndex === index,
    isNext: progress !== null && progress.nextIndex === index,
  };
}

function leaderProgress(view: ClusterView, server: ServerId) {
  const leader = view.leader === null ? undefined : view.servers[view.leader.server];
  if (leader === undefined || leader.id === server) return null;
  return leader.progress[server] ?? null;
}
