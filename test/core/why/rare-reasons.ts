/** A hand-made trace with the events whose reasons no short simulation shows, one or more of each. */
import type { AnyEvent } from '../../../src/core/catalogue/index.ts';
import type { TraceEvent } from '../../../src/core/trace/events.ts';
import { type LinkId, PACES } from '../../../src/core/vocabulary/index.ts';
import {
  chain,
  createStory,
  cutOff,
  elect,
  heal,
  kill,
  replicate,
  restart,
  type Story,
  startCluster,
} from '../trace/story.ts';

/** The events, in their order. */
export function rareReasons(): readonly TraceEvent[] {
  const story = createStory();
  startCluster(story);
  elect(story, { leader: 'S1', term: 1, voters: ['S1', 'S2', 'S3'], followers: ['S2', 'S3', 'S4', 'S5'] });
  for (const tell of [ofProcesses, ofLinks, ofClients, ofLab, ofVotes, ofLogs, ofDisks, ofFates, ofEnds]) tell(story);
  return story.events;
}

function ofProcesses(story: Story): void {
  const { tell } = story;
  const ended = { server: 'S5', ofLife: 1, pid: 104, message: '' };
  tell('lab', { event: 'ServerExited', ...ended, code: null, signal: 'SIGKILL', cause: 'not-ordered' });
  tell('lab', { event: 'ServerExited', ...ended, code: 0, signal: null, cause: 'not-ordered' });
  tell('lab', {
    event: 'ServerExited',
    ...ended,
    code: 4,
    signal: null,
    cause: 'not-ordered',
    message: 'damaged file',
  });
  tell('lab', { event: 'ServerExited', ...ended, code: 0, signal: null, cause: 'ordered' });
  tell('S5', { event: 'TornTailCut', file: 'log/tail-1.jsonl', offset: 10, bytes: 7 });
  tell('lab', { event: 'DiskSilent', server: 'S4', ofLife: 1, forMs: 800 });
  tell('S4', { event: 'FileWasHeld', file: 'state.json', code: 'EBUSY', refusals: 2, waitedMs: 40 });
  tell('S4', { event: 'TicksLate', lateMs: 900, missed: 8 });
  tell('lab', { event: 'NetworkExited', pid: 9, code: 1, signal: null, cause: 'not-ordered' });
  tell('lab', { event: 'ComputerSuspended' });
  tell('lab', { event: 'ComputerResumed', sleptMs: 5_000, sinceUs: 1 });
  restart(story, { server: 'S5', ofLife: 2, term: 1, lastIndex: 0, logTerm: 0 });
}

/** Sends a message and drops it for each reason, and changes a link. */
function ofLinks({ tell }: Story): void {
  const link: LinkId = 'S1>S2';
  for (const reason of ['cut', 'lost', 'reset', 'receiver-gone', 'queue-full'] as const) {
    const message = { id: reason, link, rpc: 'AppendEntries', kind: 'request' } as const;
    tell('network', { event: 'MessageSent', ...message, term: 1, dueUs: 0, bytes: 9 });
    tell('network', { event: 'MessageDropped', ...message, reason });
  }
  const malformed = { rpc: null, kind: null, reason: 'malformed', bytes: 9, problem: 'no frame' } as const;
  tell('network', { event: 'MessageDropped', id: '', link, ...malformed });
  tell('network', { event: 'LinkPolicyChanged', link, policy: { mode: 'cut' } });
  tell('lab', { event: 'ResetOrdered', links: [link] });
  tell('network', { event: 'LinkReset', link, connections: 1 });
  tell('network', { event: 'LinkPolicyChanged', link, policy: { mode: 'pass' } });
}

function ofClients({ tell }: Story): void {
  const command = { op: 'set', key: 'x', value: '1' } as const;
  for (const [i, reason] of (['timed-out', 'closed'] as const).entries()) {
    const operation = `C1-${i}`;
    tell('C1', { event: 'CommandInvoked', operation, client: 'C1', session: 1, sequence: 70 + i, command });
    tell('C1', { event: 'CommandSent', operation, to: 'S1', attempt: 1 });
    tell('C1', { event: 'CommandSent', operation, to: 'S2', attempt: 2 });
    tell('C1', { event: 'CommandRedirected', operation, from: 'S2', to: i === 0 ? 'S1' : null });
    tell('C1', { event: 'CommandUnknown', operation, reason, attempts: 2 });
  }
  for (const reason of ['unknown-session', 'superseded', 'bad-request'] as const) {
    tell('C1', { event: 'CommandRefused', operation: 'C1-9', reason });
  }
  tell('S1', { event: 'ProposalRejected', term: 1, reason: 'busy', leaderId: 'S1' });
  tell('lab', { event: 'StartOrdered', server: 'S1', command });
  const entry = { type: 'command', index: 1, term: 1, session: null, sequence: null, command } as const;
  tell('S1', { event: 'EntriesProposed', term: 1, first: 1, last: 1, chain: chain(1), entries: [entry] });
  for (const outcome of ['accepted', 'not-leader', 'busy', 'no-answer', 'refused'] as const) {
    const isAccepted = outcome === 'accepted';
    const place = { index: isAccepted ? 1 : null, term: isAccepted ? 1 : null, leaderId: null };
    tell('lab', { event: 'StartAnswered', server: 'S1', outcome, ...place });
  }
}

function ofLab({ tell }: Story): void {
  const lines: readonly AnyEvent[] = [
    { event: 'NemesisStarted', seed: 3, perMinute: 30 },
    { event: 'NemesisPlanned', act: 1, kind: 'kill', servers: ['S4'], links: [], forMs: 500 },
    { event: 'SignalOrdered', server: 'S4', ofLife: 1, signal: 'SIGKILL', pid: 103 },
    { event: 'NemesisActed', act: 1, kind: 'kill', outcome: 'done', detail: '' },
    { event: 'NemesisUndone', act: 1, outcome: 'done', detail: '' },
    { event: 'NemesisStopping' },
    { event: 'NemesisEnded', recovered: true, afterMs: 900 },
    { event: 'NemesisEnded', recovered: false, afterMs: 9_000 },
    { event: 'KeepAliveChanged', on: true },
    { event: 'KeepAliveGaveUp', server: 'S5', exits: 5, withinMs: 30_000, stderr: [] },
    { event: 'PropertyViolated', property: 'vote-once', rule: 'E2', params: {}, proof: [] },
    { event: 'PaceChanged', pace: 'classroom', ...PACES.classroom },
    { event: 'PaceChanged', pace: 'real', ...PACES.real },
    { event: 'LabFailed', message: 'disk full' },
  ];
  for (const line of lines) tell('lab', line);
}

/** A pre-candidate that gives its real vote, and rejected and truncated entries. */
function ofLogs(story: Story): void {
  const { tell } = story;
  tell('S2', { event: 'PreVoteStarted', term: 2, silentTicks: 20 });
  const asks = { id: 'v1', link: 'S3>S2', rpc: 'RequestVote', kind: 'request' } as const;
  tell('S3', {
    event: 'ElectionStarted',
    term: 2,
    silentTicks: 20,
    lastLogIndex: 0,
    lastLogTerm: 0,
    reason: 'election-timeout',
  });
  tell('network', { event: 'MessageSent', ...asks, term: 2, dueUs: 0, bytes: 9 });
  tell('network', { event: 'MessageDelivered', ...asks });
  tell('S2', { event: 'SteppedDown', term: 2, role: 'pre-candidate', reason: 'vote-granted' });
  const hint = { leaderId: 'S1', prevLogIndex: 4, conflictIndex: 2, conflictTerm: 1 };
  for (const reason of ['stale-term', 'L6-term-differs', 'malformed', 'L2-committed-conflict'] as const) {
    tell('S2', { event: 'AppendRejected', term: 1, ...hint, reason });
  }
  // Index 1 is on a majority as an entry of an old term, index 2 is committed.
  elect(story, { leader: 'S3', term: 3, voters: ['S3', 'S4', 'S5'], followers: ['S4', 'S5'] });
  replicate(story, { leader: 'S3', term: 3, index: 1, followers: ['S4', 'S5'], commit: false });
  elect(story, { leader: 'S1', term: 4, voters: ['S1', 'S4', 'S5'], followers: ['S4', 'S5'] });
  const cut = { from: 1, last: 1, reason: 'L2-conflict', conflictTerm: 3, leaderTerm: 4 } as const;
  tell('S4', { event: 'EntriesTruncated', term: 4, ...cut });
  replicate(story, { leader: 'S1', term: 4, index: 1, followers: ['S4', 'S5'] });
  tell('S5', { event: 'EntriesTruncated', term: 4, ...cut, conflictTerm: 4, leaderTerm: 5 });
}

/** A cut leader with a command that it cannot commit: the disks of the others are down, frozen, cut off, behind or silent. */
function ofDisks(story: Story): void {
  const { tell } = story;
  elect(story, {
    leader: 'S1',
    term: 6,
    voters: ['S1', 'S2', 'S3'],
    followers: ['S2', 'S3', 'S4', 'S5'],
    lastIndex: 1,
  });
  kill(story, 'S2', 1);
  tell('lab', { event: 'SignalOrdered', server: 'S3', ofLife: 1, signal: 'SIGSTOP', pid: 102 });
  tell('lab', { event: 'ServerFrozen', server: 'S3', ofLife: 1, pid: 102 });
  cutOff(story, 'f1', ['S4']);
  replicate(story, { leader: 'S1', term: 6, index: 2, followers: [], commit: false });
  tell('lab', { event: 'DiskSilent', server: 'S5', ofLife: 2, forMs: 100 });
  tell('lab', { event: 'ServerSpawned', server: 'S2', ofLife: 2, pid: 202 });
  // One election timeout later the story says that the command is stuck.
  tell('S1', { event: 'TicksLate', lateMs: 1, missed: 0 }, 400);
  tell('S1', { event: 'NotCommitted', term: 6, index: 1, entryTerm: 3, reason: 'L1-old-term' });
  heal(story, 'f1', ['S4']);
  tell('lab', { event: 'ServerResumed', server: 'S3', ofLife: 1, pid: 102 });
  // A deposed leader comes back with an entry that the new one does not have.
  elect(story, { leader: 'S4', term: 7, voters: ['S3', 'S4', 'S5'], followers: ['S3', 'S5'], lastIndex: 1 });
  restart(story, { server: 'S2', ofLife: 3, term: 1, lastIndex: 1, logTerm: 4 });
  cutOff(story, 'f2', ['S1']);
  heal(story, 'f2', ['S1']);
  tell('S1', { event: 'LeaderRecognised', term: 7, leaderId: 'S4' });
}

/** Votes and campaigns that a short simulation seldom shows. */
function ofVotes({ tell }: Story): void {
  const no = { candidate: 'S5', preVote: false } as const;
  tell('S2', { event: 'VoteDenied', term: 1, ...no, reason: 'E1-stale-term' });
  tell('S1', { event: 'VoteDenied', term: 1, ...no, reason: 'P5-leader-lease' });
  tell('S5', { event: 'VoteCounted', term: 1, voter: 'S2', granted: false, preVote: false, granteds: 1, needed: 3 });
  tell('S5', { event: 'SteppedDown', term: 1, role: 'candidate', reason: 'leader-of-this-term' });
  tell('S1', { event: 'SteppedDown', term: 1, role: 'leader', reason: 'P4-no-quorum-contact' });
  tell('S1', { event: 'LeadershipLost', term: 1, uncommittedFrom: 1, last: 1 });
}

/** Commands without an answer whose entry is in no log, in some logs, committed, or gone. */
function ofFates({ tell }: Story): void {
  const command = { op: 'set', key: 'y', value: '2' } as const;
  const [session, sequence] = [1, 90];
  const entry = { type: 'command', index: 2, term: 8, session, sequence, command } as const;
  const range = { term: 8, first: 2, last: 2, chain: chain(2) };
  const gaveUp = { event: 'CommandUnknown', operation: 'C1-90', reason: 'timed-out', attempts: 1 } as const;
  tell('C1', { event: 'CommandInvoked', operation: 'C1-90', client: 'C1', session, sequence, command });
  tell('S4', { event: 'EntriesProposed', ...range, entries: [entry] });
  tell('C1', gaveUp);
  tell('S4', {
    event: 'EntriesTruncated',
    term: 8,
    from: 2,
    last: 2,
    reason: 'L2-conflict',
    conflictTerm: 8,
    leaderTerm: 9,
  });
  tell('C1', gaveUp);
  tell('S4', { event: 'EntriesProposed', ...range, entries: [entry] });
  tell('S4', { event: 'CommitAdvanced', term: 8, from: 1, to: 2, reason: 'quorum', chain: chain(2) });
  tell('C1', gaveUp);
}

function ofEnds({ tell }: Story): void {
  for (const reason of ['closed', 'disk-cap', 'lab-failure'] as const) tell('lab', { event: 'RunEnded', reason });
}
