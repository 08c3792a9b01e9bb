/** Servers that held an entry in time when it was counted committed; for a server that died before it could report, the wire counts. */
import { expect, test } from 'vitest';
import type { Verdict } from '../../../src/core/check/index.ts';
import { chainOf, GENESIS_CHAIN } from '../../../src/core/raft/chain.ts';
import { type Report, verdictOn } from './reports.ts';

const verdictOf = (reports: readonly Report[]): Verdict => verdictOn('quorum-of-disks', reports);

const entry = { index: 1, term: 1, type: 'noop' } as const;
const chain = chainOf(GENESIS_CHAIN, entry);
const range = { term: 1, first: 1, last: 1, chain };
const empty = { lastIndex: 0, chain: GENESIS_CHAIN };
/** S1 leads term 1 and counts its entry committed; S3 never gets it. S2 says nothing of it. */
const counted: readonly Report[] = [
  ...['S1', 'S2', 'S3'].map(
    (id): Report => [id, { event: 'StateRestored', term: 0, votedFor: null, runs: [], ...empty }],
  ),
  ['S1', { event: 'LeaderElected', term: 1, voters: ['S1', 'S2'], ...empty }],
  ['S1', { event: 'EntriesProposed', ...range, entries: [entry] }],
  ['S1', { event: 'EntriesAppended', ...range, runs: [{ term: 1, first: 1, last: 1 }] }],
  ['S1', { event: 'CommitAdvanced', term: 1, from: 0, to: 1, chain, reason: 'quorum' }],
  ['S3', { event: 'TermAdvanced', term: 2 }],
];
const acked = (fields: object): Report => [
  'network',
  {
    ...{ event: 'MessageSent', id: 'S2.1.1', link: 'S2>S1', rpc: 'AppendEntries', kind: 'reply', term: 1 },
    ...{ success: true, matchIndex: 1, ...fields },
  },
];
/** S2 is dead; its files hold a term later than the commit's, so they do not say when they got the entry. */
const looked: Report = [
  'lab',
  { event: 'DiskObserved', server: 'S2', ofLife: 1, ok: true, term: 2, votedFor: null, lastIndex: 1, chain },
];
const restarted: Report = [
  'S2',
  { event: 'StateRestored', term: 2, votedFor: null, lastIndex: 1, chain, runs: [{ term: 1, first: 1, last: 1 }] },
  2,
];

test.each<readonly [string, readonly Report[]]>([
  ['before it is restarted', [looked]],
  ['and is restarted', [looked, restarted]],
  ['and no look is heard', [restarted]],
])('S2 acknowledged on the wire, died untold in a later term, %s → valid', (_name, end) => {
  expect(verdictOf([...counted, acked({}), ...end])).toMatchObject({ outcome: 'valid', examined: 1 });
  expect(verdictOf([...counted, ...end, acked({})])).toMatchObject({ outcome: 'valid', examined: 1 });
  expect(verdictOf([acked({}), ...end.filter(([source]) => source === 'lab'), ...counted, restarted])).toMatchObject({
    outcome: 'valid',
  });
});

test.each<readonly [string, object]>([
  ['a refusal', { success: false }],
  ['of a lower index', { matchIndex: 0 }],
  ['of another term', { term: 2 }],
  ['sent to another server', { link: 'S2>S3' }],
])('S2 died untold, its acknowledgement is %s → violated', (_name, fields) => {
  expect(verdictOf([...counted, acked(fields), looked, restarted]).outcome).toBe('violated');
});

test('S2 acknowledged, its own word says that it never had the entry → violated', () => {
  for (const ack of [
    [acked({}), ['S2', { event: 'TermAdvanced', term: 2 }]],
    [['S2', { event: 'TermAdvanced', term: 2 }], acked({})],
  ])
    expect(verdictOf([...counted, ...(ack as readonly Report[])]).outcome).toBe('violated');
});

test.each<readonly [string, Report]>([
  ['the network was killed', ['lab', { event: 'NetworkExited', code: null, signal: 'SIGKILL', cause: 'ordered' }]],
  ['the network never ended', ['lab', { event: 'NetworkSpawned' }]],
  ['an event of the network was lost', acked({ term: 2, nseq: 3 })],
  ['an event of S2 was lost', ['S2', { event: 'TermAdvanced', term: 2, nseq: 3 }]],
])('S2 may have acknowledged: %s → unknown', (_name, hole) => {
  expect(verdictOf([...counted, hole, looked]).outcome).toBe('unknown');
});

/** The same commit, and both others say in time that they have the entry. */
const everywhere: readonly Report[] = [
  ['lab', { event: 'NetworkSpawned', pid: 7 }],
  ...counted.filter(([, event]) => (event as { event: string }).event !== 'TermAdvanced'),
  ...['S2', 'S3'].map(
    (id): Report => [id, { event: 'EntriesAppended', ...range, runs: [{ term: 1, first: 1, last: 1 }] }],
  ),
];
const exited = (fields: object): Report => [
  'lab',
  { event: 'NetworkExited', pid: 7, code: 0, signal: null, cause: 'ordered', ...fields },
];

test('the disks have the entry and nobody acknowledged it on the wire → violated', () => {
  const { outcome, violations } = verdictOf([...everywhere, exited({})]);
  expect([outcome, violations[0]?.params.holders]).toEqual(['violated', 1]);
  expect(verdictOf([...everywhere, acked({}), exited({})])).toMatchObject({ outcome: 'valid', examined: 1 });
  expect(verdictOf([acked({}), ...everywhere, exited({})])).toMatchObject({ outcome: 'valid', examined: 1 });
});

test.each<readonly [string, readonly Report[]]>([
  ['the network was killed', [exited({ signal: 'SIGKILL' })]],
  ['the recording stops while the network runs', []],
  ['an acknowledgement does not name its index', [acked({ term: 9, matchIndex: undefined }), exited({})]],
])('the disks have the entry, and %s → valid by their own word', (_name, end) => {
  expect(verdictOf([...everywhere, ...end])).toMatchObject({ outcome: 'valid', examined: 1 });
});

test('the disks have the entry and no network is heard of → valid by their own word', () => {
  const alone = everywhere.filter(([source]) => source !== 'lab');
  expect(verdictOf(alone)).toMatchObject({ outcome: 'valid', examined: 1 });
});

test('one commit stays open, more than 20,000 follow → each is settled as its evidence comes', () => {
  const reports: Report[] = [...counted, looked, restarted];
  reports.push(['S2', { event: 'LeaderElected', term: 2, voters: ['S2', 'S3'], lastIndex: 1, chain }, 2]);
  let tip = chain;
  for (let index = 2; index < 20_100; index += 1) {
    const next = { index, term: 2, type: 'noop' } as const;
    tip = chainOf(tip, next);
    const own = { term: 2, first: index, last: index, chain: tip };
    const appended = { event: 'EntriesAppended', ...own, runs: [{ term: 2, first: index, last: index }] };
    reports.push(
      ['S2', { event: 'EntriesProposed', ...own, entries: [next] }, 2],
      ['S2', appended, 2],
      ['S3', appended],
    );
    reports.push(acked({ link: 'S3>S2', term: 2, matchIndex: index }));
    reports.push([
      'S2',
      { event: 'CommitAdvanced', term: 2, from: index - 1, to: index, chain: tip, reason: 'quorum' },
      2,
    ]);
  }
  // The acknowledgement of S2's first life may be lost with the network's last events.
  reports.push(['lab', { event: 'NetworkExited', code: null, signal: 'SIGKILL', cause: 'ordered' }]);
  const { outcome, examined, reasons } = verdictOf(reports);
  expect({ outcome, examined, reasons }).toEqual({
    outcome: 'unknown',
    examined: 20_098,
    reasons: { 'still-open': 1 },
  });
});
