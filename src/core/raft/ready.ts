/**
 * The work that a step requests from its driver, as one record. `effects` (effects.ts) turns it into the order in which
 * the driver and the simulator carry it out.
 */

import type { LogEntry, LogIndex, ServerId, Term } from '../vocabulary/index.ts';
import type { LostOutcome } from './client-rules.ts';
import type { RaftEvent } from './events.ts';
import type { Message } from './messages.ts';

/** The durable state without the log (§3.8). */
export interface HardState {
  readonly currentTerm: Term;
  readonly votedFor: ServerId | null;
}

/** One batch for the disk. It is ordered but not atomic: hard state first, then truncation and entries (rule L11). */
export interface Persist {
  /** null when neither term nor vote changed. */
  readonly hardState: HardState | null;
  /** Every entry at or above this index is removed before appending; null when no entry is removed (rule L2). */
  readonly truncateFrom: LogIndex | null;
  readonly entries: readonly LogEntry[];
}

/** Answers to local callers of `propose`. */
export type Reply =
  | { readonly type: 'accepted'; readonly requestId: string; readonly index: LogIndex; readonly term: Term }
  | {
      readonly type: 'rejected';
      readonly requestId: string;
      readonly reason: 'not-leader' | 'busy';
      readonly leaderId: ServerId | null;
      readonly term: Term;
    }
  /** Leadership of `term` has ended: proposals accepted in it and not yet applied have an unknown outcome (L10, R5). */
  | {
      readonly type: 'leadership-lost';
      readonly term: Term;
      readonly leaderId: ServerId | null;
      /** Outcome to report to the callers of those proposals; always `unknown` except in a mutant. */
      readonly outcome: LostOutcome;
    };

/** The work that one step requests; `effects` gives its order. */
export interface Ready {
  /** 1. Messages to send at once: only a leader's AppendEntries, and only when its term is durable (§10.2.1). */
  readonly send: readonly Message[];
  /** 2. State to make durable; null when there is nothing to write. A failed write is fatal to the server. */
  readonly persist: Persist | null;
  /** 3. Messages to send after the write: votes, acknowledgements, vote requests (§3.8, rule E1). */
  readonly sendAfterPersist: readonly Message[];
  /** 4. Entries to apply in log order; each is committed and durable on this server (rule E8). */
  readonly apply: readonly LogEntry[];
  /** 5. Answers for local callers. */
  readonly replies: readonly Reply[];
  /** Events for the trace, in order. They never drive control flow. */
  readonly events: readonly RaftEvent[];
}

/** Effects of the protocol. They are carried out at once, in order. */
export type ProtocolEffect =
  | { readonly type: 'emit'; readonly events: readonly RaftEvent[] }
  | { readonly type: 'send'; readonly messages: readonly Message[] }
  | { readonly type: 'persist'; readonly persist: Persist };

/** Effects of the application, in order among themselves. They may be delayed (application-queue.ts). */
export type ApplicationEffect =
  | { readonly type: 'apply'; readonly entries: readonly LogEntry[] }
  | { readonly type: 'reply'; readonly replies: readonly Reply[] };

/** One effect of a Ready; `effects(ready)` returns them in the order in which they must be carried out. */
export type Effect = ProtocolEffect | ApplicationEffect;
