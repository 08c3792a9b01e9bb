/** The log grid as plain data: the rows, the content and the signs of one cell, and the signs that are present. */
import {
  agreeUpTo,
  type ClusterView,
  type EntryView,
  entryKey,
  leaderStanding,
  type ServerView,
  termAt,
} from '../../core/trace/index.ts';
import type { LogIndex, Term } from '../contract.ts';

/** One server's log beside that of the newest leader. */
export interface RowModel {
  readonly server: ServerView;
  /** True for the newest leader. */
  readonly isLeader: boolean;
  /** True when it leads and no newer term has left it behind. */
  readonly hasCrown: boolean;
  /** The newest leader's record of this server; null for the leader itself and without a leader. */
  readonly progress: { readonly matchIndex: LogIndex; readonly nextIndex: LogIndex } | null;
  /** Index after which this log contradicts the leader's; null while it contradicts nothing. */
  readonly agreedIndex: LogIndex | null;
  /** Index of the entry that was being written when the server died; null without one. */
  readonly tornIndex: LogIndex | null;
}

/** One cell. */
export interface CellModel {
  /** Null when the log has no entry here. */
  readonly term: Term | null;
  /** True when this server knows that the entry is committed. */
  readonly isCommitted: boolean;
  /** True at the leader's matchIndex for this server. */
  readonly isMatch: boolean;
  /** True at the leader's nextIndex for this server. */
  readonly isNext: boolean;
  /** True when the newest leader has another entry here, or before. */
  readonly isConflict: boolean;
  /** True when an entry was half written here. */
  readonly isTorn: boolean;
}

/** Highest index that a server holds. */
export function headOf(view: ClusterView): LogIndex {
  return Math.max(0, ...Object.values(view.servers).map((server) => server.lastIndex));
}

/** Highest term of the cluster. */
export function highestTerm(view: ClusterView): Term {
  return Math.max(0, ...Object.values(view.servers).map(({ term }) => term));
}

/** The row of one server. */
export function rowOf(view: ClusterView, server: ServerView): RowModel {
  const leader = view.leader === null ? undefined : view.servers[view.leader.server];
  const isLeader = leader?.id === server.id;
  const isTorn = server.disk !== null && server.disk.tornBytes > 0;
  const agreed = leader === undefined || isLeader ? null : agreeUpTo(leader.log, server.log);
  return {
    server,
    isLeader,
    hasCrown: isLeader && leaderStanding(view, server.id) !== 'left-behind',
    progress: leader === undefined || isLeader ? null : (leader.progress[server.id] ?? null),
    // A log that only goes on after the leader's end contradicts nothing.
    agreedIndex: leader === undefined || agreed === null || agreed >= leader.lastIndex ? null : agreed,
    tornIndex: isTorn ? server.lastIndex + 1 : null,
  };
}

/** The cell of a row at one index. */
export function cellOf(row: RowModel, index: LogIndex): CellModel {
  const { server, progress, agreedIndex, tornIndex } = row;
  const term = termAt(server.log, index);
  return {
    term,
    isCommitted: term !== null && index <= server.commitIndex,
    isMatch: progress?.matchIndex === index,
    isNext: progress?.nextIndex === index,
    isConflict: term !== null && agreedIndex !== null && index > agreedIndex,
    isTorn: tornIndex === index,
  };
}

/** The known entries at an index, as far as a log holds them. */
export function entriesAt(view: ClusterView, rows: readonly RowModel[], index: LogIndex): readonly EntryView[] {
  const terms = new Set(rows.map(({ server }) => termAt(server.log, index)));
  return [...terms].flatMap((term) => (term === null ? [] : (view.entries[entryKey(index, term)] ?? [])));
}

/** The signs in the order of the legend: the key of its text, and the cells that carry the sign. */
export const SIGNS = [
  { key: 'committed', isOn: ({ isCommitted }) => isCommitted },
  { key: 'uncommitted', isOn: ({ term, isCommitted }) => term !== null && !isCommitted },
  { key: 'leaderKnows', isOn: ({ isMatch }) => isMatch },
  { key: 'sendsNext', isOn: ({ isNext }) => isNext },
  { key: 'conflict', isOn: ({ isConflict }) => isConflict },
  { key: 'torn', isOn: ({ isTorn }) => isTorn },
] as const satisfies readonly { readonly key: string; readonly isOn: (cell: CellModel) => boolean }[];
