/**
 * The messages a leader sends: entries at once and in bounded number (L12), and heartbeats to all followers. A new
 * commitIndex without entries waits for the next tick and goes only to followers that got no message since. Each message
 * names the entry it continues, so a follower can check whether it fits.
 */

import type { Json, LogEntry, ServerId, WireEntry } from '../vocabulary/index.ts';
import { type Context, otherVoters, sendMessage } from './context.ts';
import { entriesBetween, knownTermAt, lastIndex } from './log.ts';
import type { Progress, RaftState } from './state.ts';

/**
 * Why a message might be sent. `entries`: there may be new ones, nothing goes out without. `announce`: a new
 * leader or a new place to probe. `heartbeat`: its time has come. `commit`: only the commitIndex is new.
 */
export type SendCause = 'entries' | 'announce' | 'heartbeat' | 'commit';

/** Sends to every follower what `cause` calls for. */
export function broadcast(context: Context, state: RaftState, cause: SendCause): RaftState {
  let next = state;
  for (const peer of otherVoters(context.config)) {
    next = cause === 'entries' ? streamEntries(context, next, peer) : sendAppend(context, next, peer, cause);
  }
  return next;
}

/** Sends what `peer` lacks in as many messages as its window has room for; the rest follows its answers. */
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

/** Sends one AppendEntries to `peer` if `cause` and its progress call for one. No effect unless leader. */
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

/** Tells a commit to the followers that got nothing since it was made. */
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

/** The leader's state with one follower's progress replaced. */
export function withProgress(state: RaftState, peer: ServerId, progress: Progress): RaftState {
  return state.role.name === 'leader'
    ? { ...state, role: { ...state.role, progress: { ...state.role.progress, [peer]: progress } } }
    : state;
}

/** An entry as it travels: without its chain, which the receiver computes itself. */
export function toWire(entry: LogEntry): WireEntry {
  const { index, term } = entry;
  return entry.type === 'command'
    ? { type: 'command', session: entry.session, sequence: entry.sequence, command: entry.command, index, term }
    : { type: entry.type, index, term };
}

/** Streaming advances nextIndex at once; a probe waits for its answer where it stands. */
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

/** The next entries for a follower, within the limits of one message but at least one if there is any. */
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

/** About how many characters an entry takes as JSON, without building it. */
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
