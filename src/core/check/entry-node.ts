/** One entry in the tree of all entries that were ever proposed. */
import type { LoggedEntry } from './logged-entry.ts';

/** One entry of the tree. The root comes before entry 1. */
export interface EntryNode {
  readonly index: number;
  readonly term: number;
  /** The chain at this entry; null for a long command inside a batch until it is computed (unnamed-entries.ts). */
  readonly chain: string | null;
  /** The entry before this one; null for the root and for forgotten entries, where a walk ends. */
  readonly parent: EntryNode | null;
  /** An older entry that shortens walks; null where `parent` is null. */
  readonly jump: EntryNode | null;
  /** The part of the entry that a replay needs; null for an entry without effect, and after the entry was replayed. */
  logged: LoggedEntry | null;
}
