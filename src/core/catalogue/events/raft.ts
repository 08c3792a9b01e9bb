/** Events of a server's consensus core: past facts, and decisions with a reason code. A batch of entries gives one event. */
import {
  chain,
  count,
  flag,
  listOf,
  logIndex,
  nullable,
  oneOf,
  roleName,
  serverId,
  term,
  termRun,
  wireEntry,
} from '../fields.ts';
import type { EventTable } from './row.ts';

/** Why the election timer was reset. */
const timerReason = oneOf(
  'started',
  'restarted',
  'heard-from-leader',
  'vote-granted',
  'election-started',
  'stepped-down',
);
/** Why a vote was denied. `P1-not-higher-term`: a PreVote asks for a term that this server has already reached. */
const voteDenial = oneOf('E1-stale-term', 'E2-already-voted', 'E3-log-behind', 'P5-leader-lease', 'P1-not-higher-term');
/** Why a server stopped standing or leading. `vote-granted`: a pre-candidate granted its real vote to another server. */
const stepDown = oneOf('E5-higher-term', 'leader-of-this-term', 'P4-no-quorum-contact', 'vote-granted');

/** Rows of these events. `term` is the server's current term unless the row says otherwise. */
export const RAFT_EVENTS = {
  /** Loaded from disk: the state a (re)started server begins with. */
  StateRestored: {
    teller: 'server',
    fields: { term, votedFor: nullable(serverId), lastIndex: logIndex, chain, runs: listOf(termRun) },
  },
  /** The election timer was reset; it expires after `timeoutTicks` ticks (rules E6, E9). */
  ElectionTimerReset: { teller: 'server', quiet: true, fields: { term, timeoutTicks: count, reason: timerReason } },
  TermAdvanced: {
    teller: 'server',
    quiet: true,
    fields: { term, from: term, reason: oneOf('E5-higher-term', 'election-started') },
  },
  /** A pre-vote round began. `term` is the term in which it would stand; the server's own term stays (P1). */
  PreVoteStarted: { teller: 'server', remembered: true, fields: { term, silentTicks: count } },
  ElectionStarted: {
    teller: 'server',
    remembered: true,
    fields: {
      term,
      silentTicks: count,
      lastLogIndex: logIndex,
      lastLogTerm: term,
      reason: oneOf('election-timeout', 'pre-vote-won'),
    },
  },
  VoteGranted: {
    teller: 'server',
    fields: { term, candidate: serverId, preVote: flag, reason: oneOf('E3-log-up-to-date') },
  },
  VoteDenied: {
    teller: 'server',
    unseen: true,
    fields: { term, candidate: serverId, preVote: flag, reason: voteDenial },
  },
  /** A candidate counted an answer; its own vote counts once it is durable (rule E4). */
  VoteCounted: {
    teller: 'server',
    remembered: true,
    fields: { term, voter: serverId, granted: flag, preVote: flag, granteds: count, needed: count },
  },
  LeaderElected: {
    teller: 'server',
    marked: true,
    fields: { term, voters: listOf(serverId), lastIndex: logIndex, chain },
  },
  /** A server that was candidate or leader became follower, or a pre-candidate gave up. */
  SteppedDown: { teller: 'server', marked: true, fields: { term, role: roleName, reason: stepDown } },
  /** A follower learnt the leader of this term. */
  LeaderRecognised: { teller: 'server', fields: { term, leaderId: serverId } },
  /** The leader added these entries to its log in memory. Only this event records their content. They may not be durable yet. */
  EntriesProposed: {
    teller: 'server',
    fields: { term, first: logIndex, last: logIndex, chain, entries: listOf(wireEntry) },
  },
  /** These entries are durable in this server's log (leader and follower alike). `chain` is at `last`. */
  EntriesAppended: {
    teller: 'server',
    fields: { term, first: logIndex, last: logIndex, chain, runs: listOf(termRun) },
  },
  EntriesTruncated: {
    teller: 'server',
    marked: true,
    fields: {
      term,
      from: logIndex,
      last: logIndex,
      reason: oneOf('L2-conflict'),
      conflictTerm: term,
      leaderTerm: term,
    },
  },
  AppendRejected: {
    teller: 'server',
    unseen: true,
    fields: {
      term,
      leaderId: serverId,
      prevLogIndex: logIndex,
      conflictIndex: logIndex,
      conflictTerm: term,
      /** `malformed` and `L2-committed-conflict` (it would overwrite a committed entry) get no answer. */
      reason: oneOf('stale-term', 'L6-log-too-short', 'L6-term-differs', 'malformed', 'L2-committed-conflict'),
    },
  },
  /** The leader's progress record of a follower changed. */
  ProgressChanged: {
    teller: 'server',
    quiet: true,
    fields: { term, peer: serverId, matchIndex: logIndex, nextIndex: logIndex, state: oneOf('probe', 'replicate') },
  },
  CommitAdvanced: {
    teller: 'server',
    fields: {
      term,
      from: logIndex,
      to: logIndex,
      /** `quorum`: counted here by the leader (L1). `leader-commit`: learnt from the leader (L3). */
      reason: oneOf('quorum', 'leader-commit'),
      chain,
    },
  },
  /** A quorum stores the entry, but its term is older than the leader's (L1, paper Fig. 8). Reported once per index. */
  NotCommitted: {
    teller: 'server',
    marked: true,
    unseen: true,
    fields: { term, index: logIndex, entryTerm: term, reason: oneOf('L1-old-term') },
  },
  ProposalRejected: {
    teller: 'server',
    unseen: true,
    fields: { term, reason: oneOf('not-leader', 'busy'), leaderId: nullable(serverId) },
  },
  LeadershipLost: { teller: 'server', unseen: true, fields: { term, uncommittedFrom: logIndex, last: logIndex } },
} as const satisfies EventTable;
