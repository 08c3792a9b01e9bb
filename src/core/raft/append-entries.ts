/**
 * AppendEntries at a follower (Figure 3.1 "AppendEntries RPC"). The follower compares the logs, removes its conflicting
 * entries, appends the new ones, follows the leader's commitIndex and acknowledges after the write. `step` has already
 * applied the term rule.
 */

import type { LogEntry, LogIndex } from '../vocabulary/index.ts';
import { chainOf } from './chain.ts';
import { advanceCommit } from './commit.ts';
import { type Context, sendMessage } from './context.ts';
import type { RaftEvent } from './events.ts';
import { append, chainAt, knownTermAt, lastIndex, termAt, termRuns, truncateFrom } from './log.ts';
import type { AppendEntries } from './messages.ts';
import { becomeFollower } from './roles.ts';
import type { RaftState } from './state.ts';
import { restartTimer } from './timer.ts';

type Rejection = Extract<RaftEvent, { event: 'AppendRejected' }>['reason'];

/** Handles a message of the current term's leader. */
export function handleAppendEntries(context: Context, state: RaftState, request: AppendEntries): RaftState {
  if (state.role.name === 'leader' || !isWellFormed(request)) {
    // A correct server never sends this: it would be a second leader in one term, or entries that cannot follow each
    // other.
    noteRejection(context, state, request, 'malformed');
    return state;
  }
  const { rules } = context.config;
  const follower = recogniseLeader(context, state, request);
  if (termAt(follower.log, request.prevLogIndex) !== request.prevLogTerm) {
    return rejectMismatch(context, restartTimer(context, follower, 'append-mismatch'), request);
  }
  const heard = restartTimer(context, follower, 'append-accepted');
  const conflict = rules.firstConflict(heard.log, request);
  if (conflict !== null && conflict <= heard.commitIndex) {
    noteRejection(context, heard, request, 'L2-committed-conflict');
    return heard;
  }
  const appended = takeEntries(
    context,
    conflict === null ? heard : cutFrom(context, heard, conflict, request),
    request,
  );
  const { commitIndex } = appended;
  const lastMatched = request.prevLogIndex + request.entries.length;
  const to = rules.followerCommitIndex({ commitIndex, leaderCommit: request.leaderCommit, lastMatched });
  const next = advanceCommit(context, appended, to, 'leader-commit');
  sendMessage(context, next, {
    type: 'AppendEntriesReply',
    from: state.id,
    to: request.from,
    term: next.currentTerm,
    success: true,
    matchIndex: rules.acknowledgedIndex({
      prevLogIndex: request.prevLogIndex,
      entryCount: request.entries.length,
      lastIndex: lastIndex(next.log),
    }),
  });
  return next;
}

/**
 * Answers a leader of an older term with the current term, so that it steps down (P3). The message does not restart the
 * election timer.
 */
export function answerStaleAppend(context: Context, state: RaftState, request: AppendEntries): RaftState {
  noteRejection(context, state, request, 'stale-term');
  sendRejection(context, state, request, { conflictIndex: lastIndex(state.log) + 1, conflictTerm: 0 });
  return restartTimer(context, state, 'append-stale');
}

/** Recognises the sender as the leader of this term: a candidate steps down, and a follower notes the leader's id. */
function recogniseLeader(context: Context, state: RaftState, request: AppendEntries): RaftState {
  const { currentTerm: term } = state;
  const follower =
    state.role.name === 'follower' ? state : becomeFollower(context, state, { term, reason: 'leader-of-this-term' });
  if (follower.role.name === 'follower' && follower.role.leaderId === request.from) {
    return follower;
  }
  context.events.push({ event: 'LeaderRecognised', term, leaderId: request.from });
  return { ...follower, role: { name: 'follower', leaderId: request.from } };
}

function rejectMismatch(context: Context, state: RaftState, request: AppendEntries): RaftState {
  const hint = context.config.rules.conflictHint(state.log, request.prevLogIndex);
  const reason = hint.conflictTerm === 0 ? 'L6-log-too-short' : 'L6-term-differs';
  noteRejection(context, state, request, reason, hint);
  sendRejection(context, state, request, hint);
  return state;
}

/** Removes every entry from the first conflict on (L2). Removed entries that are on disk no longer count as durable. */
function cutFrom(context: Context, state: RaftState, from: LogIndex, request: AppendEntries): RaftState {
  const { log, durable } = state;
  const offending = request.entries.find((entry) => entry.index === from);
  context.truncateFrom = from;
  context.events.push({
    event: 'EntriesTruncated',
    term: state.currentTerm,
    from,
    last: lastIndex(log),
    reason: 'L2-conflict',
    conflictTerm: knownTermAt(log, from),
    leaderTerm: offending?.term ?? request.term,
  });
  const kept = from - 1;
  const durableIndex = Math.min(durable.index, kept);
  return {
    ...state,
    log: truncateFrom(log, from),
    lastChain: chainAt(log, kept),
    durable: { ...durable, index: durableIndex, term: knownTermAt(log, durableIndex) },
  };
}

/**
 * Appends the entries that the log does not have yet. Their chains are computed here and never taken from the message.
 */
function takeEntries(context: Context, state: RaftState, request: AppendEntries): RaftState {
  const have = lastIndex(state.log);
  const first = have + 1;
  const added: LogEntry[] = [];
  let chain = state.lastChain;
  for (const entry of request.entries) {
    if (entry.index > have) {
      chain = chainOf(chain, entry);
      added.push({ ...entry, chain });
    }
  }
  if (added.length === 0) {
    return state;
  }
  context.entries.push(...added);
  const last = have + added.length;
  const runs = termRuns(added);
  context.events.push({ event: 'EntriesAppended', term: state.currentTerm, first, last, chain, runs });
  return { ...state, log: append(state.log, added), lastChain: chain };
}

/**
 * Returns true when the entries continue prevLogIndex one by one and their terms neither fall nor exceed the leader's.
 */
function isWellFormed(request: AppendEntries): boolean {
  let index = request.prevLogIndex;
  let term = request.prevLogTerm;
  const isStart = isIndex(index) && (index === 0) === (term === 0);
  if (!isStart || !Number.isSafeInteger(term) || term > request.term || !isIndex(request.leaderCommit)) {
    return false;
  }
  for (const entry of request.entries) {
    const continues = entry.index === index + 1 && entry.term >= term && entry.term > 0 && entry.term <= request.term;
    if (!continues || !Number.isSafeInteger(entry.term)) {
      return false;
    }
    index = entry.index;
    term = entry.term;
  }
  return true;
}

function isIndex(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function sendRejection(
  context: Context,
  state: RaftState,
  request: AppendEntries,
  hint: { readonly conflictIndex: LogIndex; readonly conflictTerm: number },
): void {
  sendMessage(context, state, {
    type: 'AppendEntriesReply',
    from: state.id,
    to: request.from,
    term: state.currentTerm,
    success: false,
    prevLogIndex: request.prevLogIndex,
    ...hint,
  });
}

function noteRejection(
  context: Context,
  state: RaftState,
  request: AppendEntries,
  reason: Rejection,
  hint = { conflictIndex: lastIndex(state.log) + 1, conflictTerm: 0 },
): void {
  context.events.push({
    event: 'AppendRejected',
    term: state.currentTerm,
    leaderId: request.from,
    prevLogIndex: request.prevLogIndex,
    ...hint,
    reason,
  });
}
