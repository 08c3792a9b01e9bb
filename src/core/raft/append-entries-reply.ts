/**
 * The leader's handling of an AppendEntries reply. A success advances the follower's progress. A rejection moves
 * nextIndex back, with one probe for each divergent term. A late reply is recognised by the index it carries and
 * ignored (L5).
 */
import { countQuorum } from './commit.ts';
import type { Context } from './context.ts';
import { lastIndex } from './log.ts';
import type { AppendEntriesReply } from './messages.ts';
import { sendAppend, streamEntries, withProgress } from './replicate.ts';
import type { Progress, RaftState } from './state.ts';

type Success = Extract<AppendEntriesReply, { success: true }>;
type Rejected = Extract<AppendEntriesReply, { success: false }>;

/** Handles a reply of the current term. A reply to a leadership that has ended is ignored (L10). */
export function handleAppendEntriesReply(context: Context, state: RaftState, reply: AppendEntriesReply): RaftState {
  const { rules } = context.config;
  const { role } = state;
  const known = role.name === 'leader' ? role.progress[reply.from] : undefined;
  if (!rules.countsProgress(state, reply.term) || known === undefined) {
    return state;
  }
  const progress: Progress = { ...known, recentlyActive: true };
  const heard = withProgress(state, reply.from, progress);
  if (!rules.acceptsReply(progress, reply)) {
    return heard;
  }
  return reply.success ? advance(context, heard, progress, reply) : goBack(context, heard, progress, reply);
}

/**
 * Handles a success: the follower's log equals the leader's up to matchIndex. Counts the quorum again and sends the
 * entries that the follower still lacks.
 */
function advance(context: Context, state: RaftState, progress: Progress, reply: Success): RaftState {
  const { matchIndex } = reply;
  if (!Number.isSafeInteger(matchIndex) || matchIndex > lastIndex(state.log)) {
    // The reply claims entries that the leader does not have, so it answers no message of this leader.
    return state;
  }
  const { recentlyActive, commitSent } = progress;
  const next: Progress = {
    state: 'replicate',
    matchIndex,
    nextIndex: progress.state === 'replicate' ? Math.max(progress.nextIndex, matchIndex + 1) : matchIndex + 1,
    inFlight: progress.state === 'replicate' ? progress.inFlight.filter((last) => last > matchIndex) : [],
    recentlyActive,
    commitSent,
  };
  if (next.matchIndex !== progress.matchIndex || next.state !== progress.state) {
    noteProgress(context, state, reply.from, next);
  }
  const counted = countQuorum(context, withProgress(state, reply.from, next));
  return streamEntries(context, counted, reply.from);
}

/**
 * Handles a rejection: the logs differ at prevLogIndex. Sends again at once from the index that the hint gives (L6).
 */
function goBack(context: Context, state: RaftState, progress: Progress, reply: Rejected): RaftState {
  const { matchIndex, recentlyActive, commitSent } = progress;
  if (!Number.isSafeInteger(reply.conflictIndex) || !Number.isSafeInteger(reply.conflictTerm)) {
    return state;
  }
  const next: Progress = {
    state: 'probe',
    matchIndex,
    nextIndex: context.config.rules.nextIndexAfterConflict(state.log, reply, matchIndex),
    probeSent: false,
    recentlyActive,
    commitSent,
  };
  noteProgress(context, state, reply.from, next);
  return sendAppend(context, withProgress(state, reply.from, next), reply.from, 'announce');
}

function noteProgress(context: Context, state: RaftState, peer: string, progress: Progress): void {
  const { matchIndex, nextIndex } = progress;
  context.events.push({
    event: 'ProgressChanged',
    term: state.currentTerm,
    peer,
    matchIndex,
    nextIndex,
    state: progress.state,
  });
}
