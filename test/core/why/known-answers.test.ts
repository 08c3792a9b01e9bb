/**
 * Thirty events of runs that were made to have a known answer, with the reason that a person who knows the run would give. The runs
 * are the paper's figures 7 and 8, a split vote, a stale leader, pre-votes, and a minority. All come from the shipped core.
 */
import { expect, test } from 'vitest';
import type { AnyEvent } from '../../../src/core/catalogue/index.ts';
import { pastOf } from '../../../src/core/trace/causes-past.ts';
import type { TraceEvent } from '../../../src/core/trace/events.ts';
import { emptyView, fold } from '../../../src/core/trace/index.ts';
import { timeouts } from '../../../src/core/why/asking.ts';
import type { Why } from '../../../src/core/why/index.ts';
import { caughtUp } from '../../../src/core/why/why-log.ts';
import { whyAmong } from '../../helpers/why-of.ts';
import { PRODUCTION } from '../raft/helpers.ts';
import { cutOff, kill, settings } from '../trace/story.ts';
import { TracedWires } from './traced-wires.ts';

type Name = AnyEvent['event'];
/** An event by its name, its source and some of its fields. */
type Which = readonly [name: Name, source: string, fields?: Readonly<Record<string, unknown>>];
/** The expected answer: its code, some of its parameters, and the servers that its evidence names, in order. */
type Answer = readonly [code: Why['code'], params: Why['params'], servers?: readonly string[]];

/** The reason of the newest event that fits. */
function why(events: readonly TraceEvent[], [name, source, fields = {}]: Which): Why {
  const fits = (one: TraceEvent): boolean =>
    one.event === name &&
    one.source === source &&
    Object.entries(fields).every(([key, value]) => (one as unknown as Record<string, unknown>)[key] === value);
  const found = events.findLast(fits);
  if (found === undefined) throw new Error(`${source} reported no ${name} ${JSON.stringify(fields)}`);
  const answer = whyAmong(events, { seq: found.seq, of: 'event' });
  if (answer === null) throw new Error('the event is in the trace');
  return answer;
}

function expectAnswers(
  events: readonly TraceEvent[],
  answers: readonly { readonly of: Which; readonly is: Answer }[],
): void {
  for (const { of: which, is } of answers) {
    const [code, params, servers] = is;
    const answer = why(events, which);
    expect(answer, JSON.stringify(which)).toMatchObject({ code, params });
    if (servers === undefined) continue;
    const named = answer.evidence.map(({ event, fact }) => fact?.server ?? event?.source);
    expect(named, JSON.stringify(which)).toEqual(servers);
  }
}

/** Figure 8: S1 led term 2 and S5 led term 3; S1 leads term 4, and S5 overwrites entry 2 in term 5. */
function figure8(): readonly TraceEvent[] {
  const wires = new TracedWires([
    { term: 3, log: [1, 2] },
    { term: 3, log: [1, 2] },
    { term: 3, log: [1] },
    { term: 3, log: [1] },
    { term: 3, log: [1, 3] },
  ]);
  wires.timeOut('S1');
  wires.settle(['S1', 'S2', 'S3']);
  wires.heartbeat('S1');
  wires.settle(['S1', 'S2', 'S3']);
  // S5 asks S1 and S2 too, whose logs are older than its own; S1 is in term 4 and denies nothing but steps down.
  wires.timeOut('S5');
  wires.settle(['S3', 'S4', 'S5']);
  wires.timeOut('S5');
  wires.settle(['S3', 'S4', 'S5']);
  wires.propose('S5', 1);
  wires.settle(['S3', 'S4', 'S5']);
  wires.heartbeat('S5');
  wires.settle(['S1', 'S2', 'S3', 'S4', 'S5']);
  return wires.story.events;
}

test('why: Figure 8 → old term not counted, its copies overwritten, the stale leader deposed', () => {
  expectAnswers(figure8(), [
    {
      of: ['NotCommitted', 'S1'],
      is: ['not-committed-old-term', { index: 2, entryTerm: 2, term: 4, count: 3, holders: 'S1, S2, S3' }],
    },
    { of: ['LeaderElected', 'S1'], is: ['elected', { term: 4, voters: 'S1, S2, S3', needed: 3 }, ['S1', 'S2', 'S3']] },
    { of: ['VoteGranted', 'S3', { term: 4 }], is: ['vote-granted', { ownIndex: 1, otherIndex: 2, otherTerm: 2 }] },
    {
      of: ['VoteGranted', 'S3', { term: 5 }],
      is: ['vote-granted', { candidate: 'S5', ownIndex: 2, ownTerm: 2, otherTerm: 3 }],
    },
    { of: ['ElectionStarted', 'S5', { term: 5 }], is: ['stood-again', { server: 'S5' }] },
    {
      of: ['EntriesTruncated', 'S3'],
      is: ['truncated-majority', { index: 2, conflictTerm: 2, leaderTerm: 3, leader: 'S5', count: 3 }],
    },
    {
      of: ['EntriesTruncated', 'S1'],
      is: ['truncated-majority', { index: 2, conflictTerm: 2, leader: 'S5', holders: 'S1, S2, S3' }],
    },
    {
      of: ['SteppedDown', 'S1'],
      is: ['stepped-down-higher-term', { role: 'leader', term: 4, newTerm: 5, sender: 'S5' }, ['S5', 'S5']],
    },
    { of: ['LeadershipLost', 'S1'], is: ['leadership-lost', { term: 4, from: 1, last: 2 }] },
    {
      of: ['CommitAdvanced', 'S5', { reason: 'quorum' }],
      is: ['committed-quorum', { index: 3, term: 5, holders: 'S3, S4, S5' }],
    },
  ]);
});

test('why: Figure 7, follower f → rejects, then drops what it wrote as leader of two terms', () => {
  const leader = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
  const wires = new TracedWires([
    { term: 7, log: leader },
    { term: 7, log: [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3] },
    { term: 7, log: leader },
  ]);
  wires.timeOut('S1');
  wires.settle(['S1', 'S3']);
  wires.propose('S1', 1);
  wires.heartbeat('S1');
  wires.settle(['S1', 'S2', 'S3']);
  wires.heartbeat('S1');
  wires.settle(['S1', 'S2', 'S3']);
  expectAnswers(wires.story.events, [
    {
      of: ['AppendRejected', 'S2', { prevLogIndex: 10 }],
      is: ['append-rejected-term-differs', { conflictTerm: 3, conflictIndex: 7 }, ['S1']],
    },
    { of: ['ProgressChanged', 'S1', { peer: 'S2', state: 'probe' }], is: ['progress-back', { peer: 'S2' }, ['S2']] },
    {
      of: ['EntriesTruncated', 'S2'],
      is: ['truncated-minority', { index: 4, conflictTerm: 2, leaderTerm: 4, leader: 'S1', count: 1, holders: 'S2' }],
    },
    { of: ['TermAdvanced', 'S2'], is: ['term-adopted', { from: 7, term: 8, sender: 'S1', rpc: 'AppendEntries' }] },
    { of: ['CommitAdvanced', 'S2'], is: ['committed-told', { leader: 'S1', index: 11 }, ['S1', 'S1']] },
  ]);
});

test('why: server caught up with its last write → that write is the evidence, not an older one', () => {
  const wires = new TracedWires([1, 2, 3].map(() => ({ term: 1, log: [1] })));
  wires.timeOut('S1');
  wires.settle(['S1', 'S2', 'S3']);
  for (const number of [1, 2]) {
    wires.propose('S1', number);
    wires.settle(['S1', 'S2', 'S3']);
  }
  const { events } = wires.story;
  const writes = events.filter(({ event, source }) => event === 'EntriesAppended' && source === 'S2');
  expect(writes).toHaveLength(2);
  const write = writes[1] as TraceEvent;
  const earlier = events.filter(({ seq }) => seq < write.seq);
  const asked = { event: write, past: pastOf(earlier), before: earlier.reduce(fold, emptyView) };
  expect(caughtUp(asked, 'S2').evidence).toMatchObject([{ seq: write.seq }]);
});

test('why: split vote of S1 and S2 → each denies the other, the later one wins', () => {
  const wires = new TracedWires([1, 2, 3, 4].map(() => ({ term: 1, log: [1] })));
  const all = ['S1', 'S2', 'S3', 'S4'];
  wires.timeOut('S1');
  wires.settle(['S1', 'S3']);
  wires.timeOut('S2');
  wires.settle(all);
  // S1 asks again those that have not answered (E10): S2, and S4, which voted for S2.
  wires.heartbeat('S1');
  wires.settle(all);
  wires.timeOut('S2');
  wires.settle(all);
  expectAnswers(wires.story.events, [
    { of: ['ElectionStarted', 'S1', { term: 2 }], is: ['stood-after-start', { server: 'S1' }, ['S1', 'S1']] },
    { of: ['VoteDenied', 'S2', { candidate: 'S1' }], is: ['vote-denied-voted-itself', { term: 2, votedFor: 'S2' }] },
    { of: ['VoteDenied', 'S1', { candidate: 'S2' }], is: ['vote-denied-voted-itself', { term: 2, votedFor: 'S1' }] },
    {
      of: ['VoteDenied', 'S3', { candidate: 'S2' }],
      is: ['vote-denied-already-voted', { term: 2, votedFor: 'S1' }, ['S3', 'S2']],
    },
    { of: ['VoteCounted', 'S2', { voter: 'S1', granted: false }], is: ['vote-counted-no', { granteds: 1, needed: 3 }] },
    {
      of: ['SteppedDown', 'S1'],
      is: ['stepped-down-higher-term', { role: 'candidate', term: 2, newTerm: 3, sender: 'S2' }],
    },
    { of: ['LeaderElected', 'S2'], is: ['elected', { term: 3, needed: 3 }] },
  ]);
});

test('why: candidates with older and shorter logs → denied with both logs', () => {
  const wires = new TracedWires([
    { term: 3, log: [1, 2, 3] },
    { term: 3, log: [1, 2, 2, 2] },
    { term: 3, log: [1, 2, 3, 3] },
  ]);
  wires.timeOut('S2');
  wires.settle(['S1', 'S2', 'S3']);
  wires.timeOut('S1');
  wires.settle(['S1', 'S2', 'S3']);
  expectAnswers(wires.story.events, [
    {
      of: ['VoteDenied', 'S1', { candidate: 'S2' }],
      is: ['vote-denied-older-term', { ownIndex: 3, ownTerm: 3, otherIndex: 4, otherTerm: 2 }],
    },
    {
      of: ['VoteDenied', 'S3', { candidate: 'S1' }],
      is: ['vote-denied-shorter-log', { ownIndex: 4, ownTerm: 3, otherIndex: 3, otherTerm: 3 }],
    },
  ]);
});

test('why: production preset → pre-votes denied while the leader lives, and no contact', () => {
  const wires = new TracedWires(
    [1, 2, 3].map(() => ({ term: 1, log: [1] })),
    PRODUCTION,
  );
  wires.timeOut('S1');
  wires.settle(['S1', 'S2', 'S3']);
  wires.timeOut('S3');
  wires.heartbeat('S1');
  wires.settle(['S1', 'S2']);
  // S3 asks again those that have not answered (E10).
  wires.heartbeat('S3');
  wires.settle(['S1', 'S2', 'S3']);
  for (let tick = 0; tick < 10; tick += 1) wires.heartbeat('S1');
  expectAnswers(wires.story.events, [
    { of: ['ElectionStarted', 'S1'], is: ['stood-pre-vote-won', { servers: 3, needed: 2 }] },
    { of: ['EntriesProposed', 'S1'], is: ['proposed-noop', { server: 'S1', term: 2 }, ['S1']] },
    { of: ['VoteDenied', 'S1', { preVote: true }], is: ['vote-denied-it-leads', { term: 2 }] },
    { of: ['SteppedDown', 'S1'], is: ['stepped-down-no-contact', { term: 2, needed: 2, servers: 3 }] },
  ]);
});

test('why: leader without a majority → which disks hold its entry, and why the others do not', () => {
  const wires = new TracedWires([1, 2, 3, 4, 5].map(() => ({ term: 1, log: [1] })));
  wires.timeOut('S1');
  wires.settle(['S1', 'S2', 'S3', 'S4', 'S5']);
  kill(wires.story, 'S3', 1);
  cutOff(wires.story, 'f1', ['S4', 'S5']);
  wires.propose('S1', 1);
  wires.settle(['S1', 'S2']);
  // The story reports the command one election timeout later, with the next event that tells nothing itself.
  wires.story.tell('S1', { event: 'TicksLate', lateMs: 1, missed: 0 }, 400);
  const { events } = wires.story;
  const stuck = events.at(-1) as TraceEvent;
  const told = whyAmong(events, { seq: stuck.seq, of: 'story' });
  expect(told).toMatchObject({
    code: 'minority-cannot-commit',
    rule: 'L1',
    params: { server: 'S1', index: 2, needed: 3, count: 2, holders: 'S1, S2' },
  });
  const lines = told?.evidence.map(({ fact }) => `${fact?.server} ${fact?.code}`);
  expect(lines).toEqual(['S1 has-on-disk', 'S2 has-on-disk', 'S3 lacks-down', 'S4 lacks-cut', 'S5 lacks-cut']);
  expectAnswers(events, [
    { of: ['ServerExited', 'lab', { server: 'S3' }], is: ['exit-killed', { signal: 'SIGKILL' }, ['lab']] },
    {
      of: ['ProgressChanged', 'S1', { peer: 'S2', matchIndex: 2 }],
      is: ['progress-matched', { peer: 'S2', matchIndex: 2 }, ['S2']],
    },
  ]);
});

test('range of election timeouts: a run with a longest of its own → that one, otherwise 2T', () => {
  const view = { ...emptyView, tickMs: 10, settings };
  expect(timeouts(view)).toEqual({ leastUs: 150_000, mostUs: 300_000 });
  const narrow = { ...view, settings: { ...settings, electionMaxTicks: 20 } };
  expect(timeouts(narrow)).toEqual({ leastUs: 150_000, mostUs: 200_000 });
});
