/**
 * The messages that a leader sends. Entries leave at once, in a bounded number of messages (L12), and heartbeats go to
 * all followers. A new commitIndex without entries waits for the next tick and goes only to followers that have not
 * received it. Each message carries the index and term of the entry before its own, so that a follower can check
 * whether they fit.
 */

import type { Json, LogEntry, ServerId, WireEntry } from '../vocabulary/index.ts';
import { type Context, otherVoters, sendMessage } from './context.ts';
import { entriesBetween, knownTermAt, lastIndex } from './log.ts';
import type { Progress, RaftState } from './state.ts';

/**
 * Why a message might be sent. `entries`: the log may have new entries; without any, no message is sent. `announce`:
 * the leader is new or has a new index to probe. `heartbeat`: a heartbeat is due. `commit`: only the commitIndex is
 * new.
 */
export type SendCause = 'entries' | 'announce' | 'heartbeat' | 'commit';

/** Sends each follower the message that `cause` calls for. */
export function broadcast(context: Context, state: RaftState, cause: SendCause): RaftState {
  let next = state;
  for (const peer of otherVoters(context.config)) {
    next = cause === 'entries' ? streamEntries(context, next, peer) : sendAppend(context, next, peer, cause);
  }
  return next;
}

/**
 * Sends `peer` the entries it lacks, in as many messages as its window allows. The remaining entries follow when it
 * answers.
 */
export function streamEntries(context: Context, state: RaftState, peer: ServerId): RaftState {
  let next = state;
  for (let room = context.config.maxInFlight; room > 0; room--) {
    const sent = sendAppend(context, next, peer, 'entries');
    if (sent === next) {
      break;
    }
    next = sent;
  }
  return next;
}

/**
 * Sends one AppendEntries to `peer` if `cause` and the peer's progress call for one. No effect unless this server
 * leads.
 */
export function sendAppend(context: Context, state: RaftState, peer: ServerId, cause: SendCause): RaftState {
  const { role } = state;
  const progress = role.name === 'leader' ? role.progress[peer] : undefined;
  if (role.name !== 'leader' || progress === undefined) {
    return state;
  }
  const { config } = context;
  const heartbeat = cause === 'heartbeat';
  const plan =
    cause === 'commit' ? 'empty' : config.rules.sendingPlan(progress, { heartbeat, maxInFlight: config.maxInFlight });
  if (plan === 'nothing') {
    return state;
  }
  const entries = plan === 'entries' ? batchFor(context, state, progress) : [];
  if (entries.length === 0 && cause === 'entries') {
    return state;
  }
  const prevLogIndex = progress.nextIndex - 1;
  const leaderCommit =
    entries.length > 0 ? state.commitIndex : config.rules.heartbeatCommitIndex(progress.matchIndex, state.commitIndex);
  sendMessage(context, state, {
    type: 'AppendEntries',
    from: state.id,
    to: peer,
    term: state.currentTerm,
    prevLogIndex,
    prevLogTerm: knownTermAt(state.log, prevLogIndex),
    entries,
    leaderCommit,
  });
  return withProgress(state, peer, afterSending(progress, entries, leaderCommit));
}

/** Sends the commitIndex to each replicating follower that has not received it. */
export function tellCommit(context: Context, state: RaftState): RaftState {
  let next = state;
  for (const peer of otherVoters(context.config)) {
    const progress = next.role.name === 'leader' ? next.role.progress[peer] : undefined;
    const news = Math.min(progress?.matchIndex ?? 0, next.commitIndex);
    if (progress?.state === 'replicate' && progress.commitSent < news) {
      next = sendAppend(context, next, peer, 'commit');
    }
  }
  return next;
}

/** Returns the leader's state with one follower's progress replaced. */
export function withProgress(state: RaftState, peer: ServerId, progress: Progress): RaftState {
  return state.role.name === 'leader'
    ? { ...state, role: { ...state.role, progress: { ...state.role.progress, [peer]: progress } } }
    : state;
}

/** Returns an entry as messages carry it: without its chain, which the receiver computes itself. */
export function toWire(entry: LogEntry): WireEntry {
  const { index, term } = entry;
  return entry.type === 'command'
    ? { type: 'command', session: entry.session, sequence: entry.sequence, command: entry.command, index, term }
    : { type: entry.type, index, term };
}

/**
 * Returns the progress after a message was sent. Replication advances nextIndex at once; a probe keeps it until the
 * reply.
 */
function afterSending(progress: Progress, entries: readonly WireEntry[], commitSent: number): Progress {
  if (progress.state === 'probe') {
    return { ...progress, probeSent: true, commitSent };
  }
  if (entries.length === 0) {
    return { ...progress, commitSent };
  }
  const nextIndex = progress.nextIndex + entries.length;
  return { ...progress, commitSent, nextIndex, inFlight: [...progress.inFlight, nextIndex - 1] };
}

/**
 * Returns the next entries for a follower, within the limits of one message. The batch has at least one entry when the
 * follower lacks any.
 */
function batchFor(context: Context, state: RaftState, progress: Progress): WireEntry[] {
  const { maxEntriesPerMessage, maxBytesPerMessage } = context.config;
  const end = Math.min(lastIndex(state.log), progress.nextIndex + maxEntriesPerMessage - 1);
  const batch: WireEntry[] = [];
  let size = 0;
  for (const entry of entriesBetween(state.log, progress.nextIndex, end)) {
    size += approximateSize(entry);
    if (batch.length > 0 && size > maxBytesPerMessage) {
      break;
    }
    batch.push(toWire(entry));
  }
  return batch;
}

/** Estimates the number of characters of an entry as JSON without building it. */
function approximateSize(entry: LogEntry): number {
  return 64 + (entry.type === 'command' ? jsonSize(entry.command) : 0);
}

function jsonSize(json: Json): number {
  if (typeof json === 'string') {
    return json.length + 2;
  }
  if (typeof json !== 'object' || json === null) {
    return 8;
  }
  let size = 2;
  for (const [key, value] of Object.entries(json)) {
    size += key.length + 4 + jsonSize(value);
  }
  return size;
}
