/**
 * The rules of log replication (L1–L6, L9–L13 of SPEC.md). Each is one pure function that the handlers call through
 * `config.rules` at the place it governs. A mutant replaces one of them.
 */

import type { EntryContent, LogEntry, LogIndex, ProtocolFlags, Term, WireEntry } from '../vocabulary/index.ts';
import type { Input } from './input.ts';
import { firstIndexOfTerm, lastIndex, lastIndexOfTerm, termAt } from './log.ts';
import { quorumIndex } from './quorum.ts';
import type { HardState, Persist } from './ready.ts';
import type { Progress, RaftLog, RaftState } from './state.ts';

/**
 * Returns the highest index the leader may commit: the entry is stored by a quorum and belongs to the leader's term. An
 * older entry on a majority may still be overwritten (paper Fig. 8), so it is committed only together with a later
 * entry of the leader's term.
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
 * Returns the index of the first entry whose term differs from that of the log's entry at the same index, or null when
 * no entry conflicts. A request that is short, old or repeated never shortens the log.
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
 * Returns a follower's new commitIndex: the leader's, but at most the index up to which this message showed the logs to
 * be equal. It never falls.
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
 * Returns the leaderCommit of a heartbeat: at most the index up to which this follower's log is known to match.
 *
 * @source the sender's half of rule L3
 */
export function heartbeatCommitIndex(matchIndex: LogIndex, commitIndex: LogIndex): LogIndex {
  return Math.min(matchIndex, commitIndex);
}

/**
 * Returns the index that a follower acknowledges: the last entry of this message, up to which its log equals the
 * leader's. The follower's own last index would be wrong, because entries after the message were not compared.
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
 * Returns true when the leader may use this reply. A success with a lower matchIndex than known is late; one with an
 * equal matchIndex is used, because it ends probing. A rejection must carry the prevLogIndex of a message that is still
 * outstanding, and that index must not be matched already.
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
  // While replicating, each outstanding message begins where one in flight ends, and a heartbeat begins after the last.
  return progress.state === 'probe'
    ? outcome.prevLogIndex === progress.nextIndex - 1
    : progress.inFlight.includes(outcome.prevLogIndex);
}

/** The follower's hint about the place where its log diverges from the leader's. */
export interface ConflictHint {
  readonly conflictIndex: LogIndex;
  readonly conflictTerm: Term;
}

/**
 * Returns the follower's hint for fast repair: the term it holds at prevLogIndex and the first index of that term. For
 * a log that is too short it returns the end of the log.
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
 * Returns the leader's next nextIndex after a hint: after its own last entry of the conflicting term, or, when it has
 * no such entry, at the first index of that term in the follower's log. Each probe resolves a whole term instead of one
 * entry.
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
 * Returns the first entry of a new leader. With `noop` it is an empty entry of the leader's term, so that entries of
 * earlier terms can be committed without waiting for a client. It is appended, sent and written like any other.
 *
 * @source §6.4, §3.6.2; rule L9
 */
export function firstEntryOfTerm(flags: ProtocolFlags): EntryContent | null {
  return flags.noop ? { type: 'noop' } : null;
}

/**
 * Returns true when a reply counts for the running leadership. A server that stepped down, or leads another term,
 * ignores late replies.
 *
 * @source §3.3; rule L10
 */
export function countsProgress(state: Pick<RaftState, 'role' | 'currentTerm'>, replyTerm: Term): boolean {
  return state.role.name === 'leader' && replyTerm === state.currentTerm;
}

/** One part of a batch for the disk. A crash may happen between two parts. */
export type DiskWrite =
  | { readonly type: 'hardState'; readonly hardState: HardState }
  | { readonly type: 'log'; readonly truncateFrom: LogIndex | null; readonly entries: readonly LogEntry[] };

/**
 * Returns the parts of a batch in the order in which they reach the disk: term and vote first, then the log. Otherwise
 * an entry could be on disk with a higher term than the stored currentTerm.
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

/**
 * The next message to a follower. `entries`: as many entries as fit. `empty`: a message without entries. `nothing`: wait
 * for a reply.
 */
export type SendingPlan = 'entries' | 'empty' | 'nothing';

/**
 * Returns which message a leader may send to a follower now. The number of unanswered messages with entries is bounded:
 * one while probing, `maxInFlight` while replicating. A heartbeat is always sent, without entries when the window is
 * full: if every message in flight was lost, its rejection shows that and replication continues. A heartbeat to a
 * silent follower has no entries.
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
 * Returns true when the driver may step this input while a write is outstanding. Only the confirmation of the write may
 * be stepped. A leader whose disk hangs therefore sends no more heartbeats and loses its leadership, instead of keeping
 * it without being able to serve.
 *
 * @source §3.8 with §6.2: a leader that cannot write must not keep others from replacing it; rule L13
 */
export function mayStepDuringWrite(input: Input): boolean {
  return input.type === 'persisted';
}
