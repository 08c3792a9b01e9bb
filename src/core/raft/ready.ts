/**
 * The work a step requests from its driver, as one struct. `effects` (effects.ts) turns it into the one order in which the
 * driver and the simulator carry it out.
 */

import type { LogEntry, LogIndex, ServerId, Term } from '../vocabulary/index.ts';
import type { LostOutcome } from './client-rules.ts';
import type { RaftEvent } from './events.ts';
import type { Message } from './messages.ts';

/** The durable state besides the log (§3.8). */
export interface HardState {
  readonly currentTerm: Term;
  readonly votedFor: ServerId | null;
}

/** One batch for the disk: ordered, not atomic (state first, then truncation and entries; rule L11). */
export interface Persist {
  /** null when neither term nor vote changed. */
  readonly hardState: HardState | null;
  /** Drop every entry at or above this index before appending; null when nothing is dropped (rule L2). */
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
  /** Leadership of `term` is over: calls accepted in it that are not yet applied are *unknown* (L10, R5). */
  | {
      readonly type: 'leadership-lost';
      readonly term: Term;
      readonly leaderId: ServerId | null;
      /** Outcome to report to those callers; always `unknown` except in a mutant. */
      readonly outcome: LostOutcome;
    };

/** The work that one step requests; `effects` gives its order. */
export interface Ready {
  /** 1. Send at once: only a leader's AppendEntries, and only when its term is durable (§10.2.1). */
  readonly send: readonly Message[];
  /** 2. Make durable. A failed write is fatal to the server. null: nothing to write. */
  readonly persist: Persist | null;
  /** 3. Send after 2: votes, acknowledgements, vote requests (§3.8, rule E1). */
  readonly sendAfterPersist: readonly Message[];
  /** 4. Apply in log order: committed AND locally durable (rule E8). */
  readonly apply: readonly LogEntry[];
  /** 5. Answers for local callers. */
  readonly replies: readonly Reply[];
  /** Events for the trace, in order. They never drive control flow. */
  readonly events: readonly RaftEvent[];
}

/** Effects of the protocol: carried out at once, in order. */
export type ProtocolEffect =
  | { readonly type: 'emit'; readonly events: readonly RaftEvent[] }
  | { readonly type: 'send'; readonly messages: readonly Message[] }
  | { readonly type: 'persist'; readonly persist: Persist };

/** Effects of the application, in order among themselves; they may be delayed (application-queue.ts). */
export type ApplicationEffect =
  | { readonly type: 'apply'; readonly entries: readonly LogEntry[] }
  | { readonly type: 'reply'; readonly replies: readonly Reply[] };

/** One thing to do; `effects(ready)` gives them in the order they must be done. */
export type Effect = ProtocolEffect | ApplicationEffect;
