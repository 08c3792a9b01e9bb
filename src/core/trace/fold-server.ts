/**
 * Folds a server's reports about itself into its ServerView. Late reports of an earlier life are ignored. A late report of a dead
 * server changes only the facts that its disk keeps.
 */
import type { ServerId } from '../vocabulary/index.ts';
import { blankServer } from './empty-view.ts';
import { isUnseen, type ServerTraceEvent, unreachable } from './event-kinds.ts';
import { WELL } from './health.ts';
import { appendRuns, lastIndexOf, truncateRuns } from './log-runs.ts';
import type { ClusterView, ServerView } from './view.ts';

const MAX_STORED = 64;

type Told<Name extends ServerTraceEvent['event']> = Extract<ServerTraceEvent, { readonly event: Name }>;

/** The server's view after its own event; the same object when no shown fact changed. */
export function foldServer(view: ClusterView, event: ServerTraceEvent): ServerView {
  const known = view.servers[event.source] ?? blankServer(event.source);
  if (event.life < known.life) return known;
  const server = event.life > known.life ? beginLife(known, event.life) : known;
  const isDead = server.status === 'down' || server.status === 'failed';
  if (!isDead) return told(view, server, event);
  // Files that the lab has read are newer than every report of the dead server.
  return server.disk?.ok ? server : forgetMemory(told(view, server, event));
}

/** Begins a new life of a server: its memory is empty, its disk is unchanged. */
export function beginLife(server: ServerView, life: number): ServerView {
  const memory = { commitIndex: 0, lastApplied: 0, restored: null, exit: null, disk: null, health: WELL };
  return { ...forgetMemory(server), ...memory, life, status: 'starting', pid: null, startedUs: null, frozenUs: null };
}

/** Returns the server with only the facts that survive its process: the durable part of its files. */
export function forgetMemory(server: ServerView): ServerView {
  const log = truncateRuns(server.log, server.durableIndex + 1);
  const lastIndex = lastIndexOf(log);
  const chain = lastIndex === server.lastIndex ? server.chain : '';
  const idle = { role: null, leaderId: null, timer: null, votes: {}, votesNeeded: 0, progress: {}, health: WELL };
  return { ...server, ...idle, log, lastIndex, chain };
}

function told(view: ClusterView, server: ServerView, event: ServerTraceEvent): ServerView {
  switch (event.event) {
    case 'StateRestored':
      return restored(view, server, event);
    case 'ElectionTimerReset':
      if (server.role === 'leader') return server;
      return { ...server, timer: { startedUs: event.timeUs, timeoutTicks: event.timeoutTicks } };
    case 'TermAdvanced':
      return termAdvanced(server, event);
    case 'PreVoteStarted':
      return { ...server, role: 'pre-candidate', leaderId: null, votes: {}, votesNeeded: quorum(view) };
    case 'ElectionStarted':
      return electionStarted(view, server, event);
    case 'VoteGranted':
      return event.preVote ? server : { ...server, term: Math.max(server.term, event.term), votedFor: event.candidate };
    case 'VoteCounted':
      return voteCounted(server, event);
    case 'LeaderElected':
      return leaderElected(view, server, event);
    case 'SteppedDown':
      return { ...server, role: 'follower', leaderId: null, votes: {}, votesNeeded: 0, progress: {} };
    case 'LeaderRecognised':
      return leaderRecognised(server, event);
    case 'EntriesProposed':
      return grow(server, event.chain, [{ term: event.term, first: event.first, last: event.last }]);
    case 'EntriesAppended':
      return appended(server, event);
    case 'EntriesTruncated':
      return truncated(server, event.from);
    case 'ProgressChanged':
      return progressChanged(server, event);
    case 'CommitAdvanced':
      return event.to > server.commitIndex ? { ...server, commitIndex: event.to } : server;
    case 'EntriesApplied':
      return event.last > server.lastApplied ? { ...server, lastApplied: event.last } : server;
    case 'TornTailCut':
      return server.restored === null
        ? server
        : { ...server, restored: { ...server.restored, tornBytes: server.restored.tornBytes + event.bytes } };
    default:
      return isUnseen(event) ? server : unreachable(event);
  }
}

function quorum(view: ClusterView): number {
  const servers = view.settings?.servers.length ?? Object.keys(view.servers).length;
  return Math.floor(servers / 2) + 1;
}

function restored(view: ClusterView, server: ServerView, event: Told<'StateRestored'>): ServerView {
  const { term, votedFor, lastIndex, chain, runs, timeUs } = event;
  const kept = cutStored(server.stored, lastIndex + 1);
  const covered = kept.at(-1)?.last ?? 0;
  const stored = covered < lastIndex ? [...kept, { first: covered + 1, last: lastIndex, atUs: timeUs }] : kept;
  const tornBytes = view.watch.tornBytes[server.id] ?? 0;
  return {
    ...server,
    role: 'follower',
    term,
    votedFor,
    leaderId: null,
    log: runs,
    lastIndex,
    chain,
    durableIndex: lastIndex,
    commitIndex: 0,
    lastApplied: 0,
    restored: { atUs: timeUs, term, votedFor, lastIndex, tornBytes },
    stored: stored.slice(-MAX_STORED),
  };
}

/** A higher term ends every role, clears the vote (rules E2, E5) and forgets the leader (R6). */
function termAdvanced(server: ServerView, event: Told<'TermAdvanced'>): ServerView {
  if (event.term <= server.term) return server;
  const role = event.reason === 'election-started' ? server.role : 'follower';
  return { ...server, term: event.term, votedFor: null, leaderId: null, role, votes: {}, progress: {} };
}

function electionStarted(view: ClusterView, server: ServerView, event: Told<'ElectionStarted'>): ServerView {
  const stands = { role: 'candidate', term: event.term, votedFor: server.id, leaderId: null } as const;
  return { ...server, ...stands, votes: {}, votesNeeded: quorum(view), progress: {} };
}

function voteCounted(server: ServerView, event: Told<'VoteCounted'>): ServerView {
  // A late refusal does not take back a granted vote. The core does the same.
  const votes = { ...server.votes, [event.voter]: event.granted || server.votes[event.voter] === true };
  return { ...server, votes, votesNeeded: event.needed };
}

/** A new leader sets every follower's nextIndex to the end of its own log (paper, Figure 2). */
function leaderElected(view: ClusterView, server: ServerView, event: Told<'LeaderElected'>): ServerView {
  const fresh = { matchIndex: 0, nextIndex: event.lastIndex + 1, state: 'probe' } as const;
  const others = Object.keys(view.servers).filter((id) => id !== server.id);
  const progress = Object.fromEntries(others.map((id: ServerId) => [id, fresh]));
  const leads = { role: 'leader', term: event.term, leaderId: server.id, timer: null } as const;
  return { ...server, ...leads, votes: {}, votesNeeded: 0, progress };
}

function leaderRecognised(server: ServerView, event: Told<'LeaderRecognised'>): ServerView {
  const term = Math.max(server.term, event.term);
  return { ...server, term, role: 'follower', leaderId: event.leaderId, votes: {}, votesNeeded: 0, progress: {} };
}

/** Appends stretches to the log in memory; the disk facts stay. */
function grow(server: ServerView, chain: string, runs: ServerView['log']): ServerView {
  const log = appendRuns(server.log, runs);
  if (log === server.log) return server;
  return { ...server, log, lastIndex: lastIndexOf(log), chain };
}

function appended(server: ServerView, event: Told<'EntriesAppended'>): ServerView {
  const { first, last, chain, runs, timeUs } = event;
  const grown = grow(server, chain, runs);
  const stored = [...cutStored(server.stored, first), { first, last, atUs: timeUs }].slice(-MAX_STORED);
  const known = grown.lastIndex === last ? chain : grown.chain;
  return { ...grown, chain: known, durableIndex: Math.max(grown.durableIndex, last), stored };
}

function truncated(server: ServerView, from: number): ServerView {
  const log = truncateRuns(server.log, from);
  const lastIndex = lastIndexOf(log);
  const durableIndex = Math.min(server.durableIndex, lastIndex);
  return { ...server, log, lastIndex, durableIndex, chain: '', stored: cutStored(server.stored, from) };
}

/** The stored stretches without the entries at and above `from`. */
export function cutStored(stored: ServerView['stored'], from: number): ServerView['stored'] {
  if ((stored.at(-1)?.last ?? 0) < from) return stored;
  return stored.flatMap((span) => {
    if (span.first >= from) return [];
    return span.last < from ? [span] : [{ ...span, last: from - 1 }];
  });
}

function progressChanged(server: ServerView, event: Told<'ProgressChanged'>): ServerView {
  if (server.role !== 'leader') return server;
  const { peer, matchIndex, nextIndex, state } = event;
  return { ...server, progress: { ...server.progress, [peer]: { matchIndex, nextIndex, state } } };
}
