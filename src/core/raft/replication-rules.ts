/**
 * The rules of log replication (L1–L6, L9–L13 of SPEC.md), each one pure function that the handlers call through
 * `config.rules` at exactly the place it governs. A mutant replaces one of them.
 */

import type { EntryContent, LogEntry, LogIndex, ProtocolFlags, Term, WireEntry } from '../vocabulary/index.ts';
import type { Input } from './input.ts';
import { firstIndexOfTerm, lastIndex, lastIndexOfTerm, termAt } from './log.ts';
import { quorumIndex } from './quorum.ts';
import type { HardState, Persist } from './ready.ts';
import type { Progress, RaftLog, RaftState } from './state.ts';

/**
 * Highest index the leader may commit: stored by a quorum and from its current term. An older entry on a majority
 * may still be overwritten (paper Fig. 8), so it never counts alone.
 *
 * @param from.matchIndexes        log index per voter, own durable index included
 * @param from.lastIndexBeforeTerm entries above it are of the leader's own term
 * @returns the new commitIndex, never below the given one
 * @source §3.6.2; rule L1
 */
export function nextCommitIndex(from: {
  readonly matchIndexes: readonly LogIndex[];
  readonly commitIndex: LogIndex;
  readonly lastIndexBeforeTerm: LogIndex;
}): LogIndex {
  const stored = quorumIndex(from.matchIndexes);
  return stored > from.lastIndexBeforeTerm ? Math.max(stored, from.commitIndex) : from.commitIndex;
}

/**
 * Index of the first entry that conflicts with the log: same index, different term. Null when none does: a request
 * that is short, old or repeated never shortens the log.
 *
 * @source §3.5, Figure 3.1 AppendEntries step 3; rule L2
 */
export function firstConflict(
  log: RaftLog,
  request: { readonly prevLogIndex: LogIndex; readonly entries: readonly WireEntry[] },
): LogIndex | null {
  for (const entry of request.entries) {
    const term = termAt(log, entry.index);
    if (term === null) {
      return null;
    }
    if (term !== entry.term) {
      return entry.index;
    }
  }
  return null;
}

/**
 * A follower's new commitIndex: what the leader committed, but only as far as this very message showed the logs to
 * be equal, and never down.
 *
 * @param from.lastMatched index of the last entry of the message, or prevLogIndex when it has none
 * @source §3.5, Figure 3.1 AppendEntries step 5; rule L3
 */
export function followerCommitIndex(from: {
  readonly commitIndex: LogIndex;
  readonly leaderCommit: LogIndex;
  readonly lastMatched: LogIndex;
}): LogIndex {
  return Math.max(from.commitIndex, Math.min(from.leaderCommit, from.lastMatched));
}

/**
 * The leaderCommit a heartbeat carries: never beyond what this follower is known to hold.
 *
 * @source the sender's half of rule L3
 */
export function heartbeatCommitIndex(matchIndex: LogIndex, commitIndex: LogIndex): LogIndex {
  return Math.min(matchIndex, commitIndex);
}

/**
 * The index a follower acknowledges: the last entry of this message, up to which its log equals the leader's. It is not the
 * follower's last index, because entries behind the message were not compared.
 *
 * @source §3.5; rule L4
 */
export function acknowledgedIndex(from: {
  readonly prevLogIndex: LogIndex;
  readonly entryCount: number;
  readonly lastIndex: LogIndex;
}): LogIndex {
  return from.prevLogIndex + from.entryCount;
}

/** The claims of an AppendEntries reply that rule L5 checks. */
export type AppendOutcome =
  | { readonly success: true; readonly matchIndex: LogIndex }
  | { readonly success: false; readonly prevLogIndex: LogIndex };

/**
 * May the leader use this reply? A success that claims less than is known is late. A rejection must name the
 * prevLogIndex of a message that is still outstanding, and never one the follower has already matched.
 * An equal success is used: it ends probing.
 *
 * @source §3.5 "nextIndex, matchIndex"; rule L5
 */
export function acceptsReply(progress: Progress, outcome: AppendOutcome): boolean {
  if (outcome.success) {
    return outcome.matchIndex >= progress.matchIndex;
  }
  if (outcome.prevLogIndex <= progress.matchIndex) {
    return false;
  }
  // Outstanding while replicating: each message begins where one in flight ends, heartbeats behind the last.
  return progress.state === 'probe'
    ? outcome.prevLogIndex === progress.nextIndex - 1
    : progress.inFlight.includes(outcome.prevLogIndex);
}

/** The follower's hint where its log diverges from the leader's. */
export interface ConflictHint {
  readonly conflictIndex: LogIndex;
  readonly conflictTerm: Term;
}

/**
 * The follower's half of fast repair: the term it holds at prevLogIndex and where that term begins, or the end of
 * a log that is too short.
 *
 * @source §3.5 last paragraphs, paper §5.3; rule L6
 */
export function conflictHint(log: RaftLog, prevLogIndex: LogIndex): ConflictHint {
  const conflictTerm = termAt(log, prevLogIndex);
  return conflictTerm === null
    ? { conflictIndex: lastIndex(log) + 1, conflictTerm: 0 }
    : { conflictIndex: firstIndexOfTerm(log, conflictTerm, prevLogIndex), conflictTerm };
}

/**
 * The leader's half: continue behind its own last entry of the conflicting term, or else where the follower's run
 * of that term begins. Each probe settles one term, never one entry.
 *
 * @returns the next nextIndex: above matchIndex, at most the rejected prevLogIndex
 * @source §3.5 last paragraphs, paper §5.3; rule L6
 */
export function nextIndexAfterConflict(
  log: RaftLog,
  rejection: ConflictHint & { readonly prevLogIndex: LogIndex },
  matchIndex: LogIndex,
): LogIndex {
  const { prevLogIndex, conflictIndex, conflictTerm } = rejection;
  const own = conflictTerm === 0 ? null : lastIndexOfTerm(log, conflictTerm, prevLogIndex - 1);
  const next = own === null ? conflictIndex : own + 1;
  return Math.max(matchIndex + 1, Math.min(next, prevLogIndex));
}

/**
 * The first entry of a new leader: with `noop` an empty entry of its term, so that entries of earlier terms can be
 * committed without waiting for a client. It is appended, sent and written like any other.
 *
 * @source §6.4, §3.6.2; rule L9
 */
export function firstEntryOfTerm(flags: ProtocolFlags): EntryContent | null {
  return flags.noop ? { type: 'noop' } : null;
}

/**
 * Does a reply count for the leadership that is running now? A server that stepped down, or leads another term,
 * ignores late progress.
 *
 * @source §3.3; rule L10
 */
export function countsProgress(state: Pick<RaftState, 'role' | 'currentTerm'>, replyTerm: Term): boolean {
  return state.role.name === 'leader' && replyTerm === state.currentTerm;
}

/** One part of a batch for the disk; a crash may fall between two parts. */
export type DiskWrite =
  | { readonly type: 'hardState'; readonly hardState: HardState }
  | { readonly type: 'log'; readonly truncateFrom: LogIndex | null; readonly entries: readonly LogEntry[] };

/**
 * The order in which a batch reaches the disk: term and vote first, then the log. So an entry is never on disk
 * under an older term than its own.
 *
 * @source §3.8; rule L11
 */
export function diskWrites(persist: Persist): readonly DiskWrite[] {
  const writes: DiskWrite[] = [];
  if (persist.hardState !== null) {
    writes.push({ type: 'hardState', hardState: persist.hardState });
  }
  if (persist.truncateFrom !== null || persist.entries.length > 0) {
    writes.push({ type: 'log', truncateFrom: persist.truncateFrom, entries: persist.entries });
  }
  return writes;
}

/** `entries`: as many as fit. `empty`: ask without entries. `nothing`: wait for an answer. */
export type SendingPlan = 'entries' | 'empty' | 'nothing';

/**
 * The messages a leader may send to a follower now. Messages with entries are bounded: one while probing, `maxInFlight`
 * while replicating. A heartbeat is always sent, without entries when the window is full: if every message in flight was
 * lost, its rejection shows that and replication continues. A silent follower is probed without entries.
 *
 * @source §10.2.1 pipelining; rule L12
 */
export function sendingPlan(
  progress: Progress,
  now: { readonly heartbeat: boolean; readonly maxInFlight: number },
): SendingPlan {
  if (progress.state === 'replicate') {
    const isFull = progress.inFlight.length >= now.maxInFlight;
    return isFull ? (now.heartbeat ? 'empty' : 'nothing') : 'entries';
  }
  if (now.heartbeat) {
    return progress.recentlyActive ? 'entries' : 'empty';
  }
  return progress.probeSent ? 'nothing' : 'entries';
}

/**
 * May the driver step this input while a write is outstanding? Only the write's own answer. So a leader whose disk
 * hangs sends no more heartbeats and loses its leadership, instead of holding it without being able to serve.
 *
 * @source §3.8 with §6.2: a leader that cannot write must not keep others from replacing it; rule L13
 */
export function mayStepDuringWrite(input: Input): boolean {
  return input.type === 'persisted';
}
