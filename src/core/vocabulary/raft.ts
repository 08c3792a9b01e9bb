/**
 * Terms of the Raft paper that every room shares: terms, indexes, log entries, roles. They are plain readonly data, so
 * that state can be compared, hashed, stored and sent unchanged.
 */
import type { Json } from './json.ts';

/** Integer ≥ 0. Term 0 means "before any election" and is never the term of an entry. */
export type Term = number;
/** Position in the log. The first entry is 1; 0 means "before the log". */
export type LogIndex = number;
/**
 * Hash of (previous chain, term, index, content), 16 lower-case hexadecimal digits. Two logs are equal up to an index
 * exactly when their chains at that index are equal. The chain before entry 1 is `GENESIS_CHAIN`.
 */
export type Chain = string;

/** The content of an entry, without its index and term. New kinds (configuration, …) will join this union. */
export type EntryContent =
  /** Appended by a new leader that has `noop` on (rule L9). */
  | { readonly type: 'noop' }
  /** Opens a client session; the entry's index becomes the session's id (§6.3, rule R4). */
  | { readonly type: 'session' }
  /**
   * A command, which Raft does not interpret. `session` and `sequence` are null for commands of `Start()`, which have
   * no session.
   */
  | {
      readonly type: 'command';
      readonly session: LogIndex | null;
      readonly sequence: number | null;
      readonly command: Json;
    };

/** An entry as messages carry it. The receiver computes the chain itself, so that a divergence shows. */
export type WireEntry = EntryContent & { readonly index: LogIndex; readonly term: Term };

/** An entry as a log stores it, in memory and on disk. */
export type LogEntry = WireEntry & { readonly chain: Chain };

/** The last entry of a log, or `{ index: 0, term: 0 }` for an empty one. */
export interface EntryId {
  readonly index: LogIndex;
  readonly term: Term;
}

/** A sequence of entries with the same term; runs show and compare logs in short form. */
export interface TermRun {
  readonly term: Term;
  readonly first: LogIndex;
  readonly last: LogIndex;
}

/** Extensions of the paper's Figure 2 that are on. */
export interface ProtocolFlags {
  /** PreVote: a server asks whether it could win before it raises its term (§9.6, rules P1, P2). */
  readonly preVote: boolean;
  /** CheckQuorum: a leader that has not heard from a quorum for an election timeout steps down (§6.2, rules P3–P5). */
  readonly checkQuorum: boolean;
  /** A new leader appends an empty entry of its term (§6.4, rule L9). */
  readonly noop: boolean;
}

/** The roles of §3.3, and the pre-candidate of §9.6. */
export type RoleName = 'follower' | 'pre-candidate' | 'candidate' | 'leader';
