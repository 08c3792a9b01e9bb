/** One entry in the tree of all entries that were ever proposed. */
import type { LoggedEntry } from './logged-entry.ts';

/** One entry; the root stands before entry 1. */
export interface EntryNode {
  readonly index: number;
  readonly term: number;
  /** null: a long command inside a batch, whose chain nobody has named (unnamed-entries.ts). */
  readonly chain: string | null;
  /** null for the root, and for those that were forgotten: the way down ends there. */
  readonly parent: EntryNode | null;
  /** An entry further down; null where `parent` is. */
  readonly jump: EntryNode | null;
  /** The part of the entry that a replay needs; null for an entry without effect, and as soon as it was replayed. */
  logged: LoggedEntry | null;
}
