/**
 * Callers that wait for their proposal, from when it is passed to the core until its entry is applied or its outcome
 * can no longer be known (rules L10, R5). Each caller gets exactly one answer.
 */
import type { Reply } from '../core/raft/ready.ts';
import type { Answer } from '../core/state-machine/index.ts';
import type { LogEntry, LogIndex, ServerId, Term } from '../core/vocabulary/index.ts';

/** The outcome of a call. */
export type CallOutcome =
  | { readonly type: 'applied'; readonly index: LogIndex; readonly term: Term; readonly answer: Answer }
  | {
      readonly type: 'rejected';
      readonly reason: 'not-leader' | 'busy';
      readonly leaderId: ServerId | null;
      readonly term: Term;
    }
  /**
   * The proposal may or may not be applied later, because its server was deposed or its entry was overwritten there.
   */
  | { readonly type: 'unknown'; readonly leaderId: ServerId | null };

/** The caller of a proposal. */
export interface Caller {
  /**
   * Called when the proposal is in the leader's log.
   *
   * @returns true to get no further calls, as Start of the course tests does
   */
  accepted(index: LogIndex, term: Term): boolean;
  done(outcome: CallOutcome): void;
}

/** The waiting callers, by request id and then by index in the log. */
export interface Calls {
  /** Returns the number of waiting callers. */
  count(): number;
  /** Registers a caller. @returns the request id to propose under */
  begin(caller: Caller): string;
  /** Passes the core's replies about proposals to their callers. */
  settle(replies: readonly Reply[]): void;
  /** Answers the caller whose entry was applied. */
  applied(entry: LogEntry, answer: Answer): void;
}

/** Creates the calls of one life; no caller waits at first. */
export function createCalls(): Calls {
  const proposed = new Map<string, Caller>();
  const placed = new Map<LogIndex, { readonly term: Term; readonly caller: Caller }>();
  let lastId = 0;

  function take(requestId: string): Caller | null {
    const caller = proposed.get(requestId) ?? null;
    proposed.delete(requestId);
    return caller;
  }

  function settleOne(reply: Reply): void {
    switch (reply.type) {
      case 'accepted': {
        const { requestId, index, term } = reply;
        const caller = take(requestId);
        if (caller === null || caller.accepted(index, term)) return;
        // The entry of an older call at this index was overwritten here, but another leader may still hold it.
        placed.get(index)?.caller.done({ type: 'unknown', leaderId: null });
        placed.set(index, { term, caller });
        return;
      }
      case 'rejected': {
        const { reason, leaderId, term } = reply;
        take(reply.requestId)?.done({ type: 'rejected', reason, leaderId, term });
        return;
      }
      case 'leadership-lost':
        for (const [index, { term, caller }] of placed) {
          if (term > reply.term) continue;
          placed.delete(index);
          caller.done(lostOutcome(reply));
        }
    }
  }

  return {
    count: () => proposed.size + placed.size,
    begin(caller) {
      lastId += 1;
      const requestId = String(lastId);
      proposed.set(requestId, caller);
      return requestId;
    },
    settle: (replies) => replies.forEach(settleOne),
    applied({ index, term }, answer) {
      const waiting = placed.get(index);
      if (waiting === undefined) return;
      placed.delete(index);
      // With another term, the caller's own entry was overwritten here, but a leader may have applied it elsewhere.
      const isOwn = waiting.term === term;
      waiting.caller.done(isOwn ? { type: 'applied', index, term, answer } : { type: 'unknown', leaderId: null });
    },
  };
}

/** Returns the outcome of a call whose leader was deposed, as the core's rules decide. */
function lostOutcome({ outcome, leaderId, term }: Extract<Reply, { readonly type: 'leadership-lost' }>): CallOutcome {
  if (outcome === 'unknown') return { type: 'unknown', leaderId };
  return { type: 'rejected', reason: outcome, leaderId, term };
}
