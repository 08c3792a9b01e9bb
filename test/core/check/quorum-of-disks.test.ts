/**
 * Judges which servers held an entry in time when a leader counted it as committed. For a server that died before its
 * report, the wire counts.
 */
import { expect, test } from 'vitest';
import type { Verdict } from '../../../src/core/check/index.ts';
import { chainOf, GENESIS_CHAIN } from '../../../src/core/raft/chain.ts';
import { type Report, verdictOn } from './reports.ts';

const verdictOf = (reports: readonly Report[]): Verdict => verdictOn('quorum-of-disks', reports);

const entry = { index: 1, term: 1, type: 'noop' } as const;
const chain = chainOf(GENESIS_CHAIN, entry);
const range = { term: 1, first: 1, last: 1, chain };
const empty = { lastIndex: 0, chain: GENESIS_CHAIN };
/** S1 leads term 1 and counts its entry as committed. S3 never gets the entry, and S2 does not report it. */
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
/** S2 is dead. Its files hold a higher term than the commit's, so they do not show when S2 got the entry. */
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
  ['files observed', [looked]],
  ['files observed and restarted', [looked, restarted]],
  ['restarted without an observation', [restarted]],
])('quorum-of-disks: S2 acknowledges and dies before its report, %s → valid', (_name, end) => {
  expect(verdictOf([...counted, acked({}), ...end])).toMatchObject({ outcome: 'valid', examined: 1 });
  expect(verdictOf([...counted, ...end, acked({})])).toMatchObject({ outcome: 'valid', examined: 1 });
  expect(verdictOf([acked({}), ...end.filter(([source]) => source === 'lab'), ...counted, restarted])).toMatchObject({
    outcome: 'valid',
  });
});

test.each<readonly [string, object]>([
  ['refused', { success: false }],
  ['of a lower index', { matchIndex: 0 }],
  ['of another term', { term: 2 }],
  ['sent to another server', { link: 'S2>S3' }],
])('quorum-of-disks: S2 dies before its report, acknowledgement %s → violated', (_name, fields) => {
  expect(verdictOf([...counted, acked(fields), looked, restarted]).outcome).toBe('violated');
});

test('quorum-of-disks: S2 acknowledges an entry that it never reports as written → violated', () => {
  for (const ack of [
    [acked({}), ['S2', { event: 'TermAdvanced', term: 2 }]],
    [['S2', { event: 'TermAdvanced', term: 2 }], acked({})],
  ])
    expect(verdictOf([...counted, ...(ack as readonly Report[])]).outcome).toBe('violated');
});

test.each<readonly [string, Report]>([
  ['the network was killed', ['lab', { event: 'NetworkExited', code: null, signal: 'SIGKILL', cause: 'ordered' }]],
  ['the network’s end was not recorded', ['lab', { event: 'NetworkSpawned' }]],
  ['an event of the network was lost', acked({ term: 2, nseq: 3 })],
  ['an event of S2 was lost', ['S2', { event: 'TermAdvanced', term: 2, nseq: 3 }]],
])('quorum-of-disks: acknowledgement may be unreported, %s → unknown', (_name, hole) => {
  expect(verdictOf([...counted, hole, looked]).outcome).toBe('unknown');
});

/** The same commit. Both other servers report in time that they have the entry. */
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

test('quorum-of-disks: entry on all disks, no acknowledgement on the wire → violated', () => {
  const { outcome, violations } = verdictOf([...everywhere, exited({})]);
  expect([outcome, violations[0]?.params.holders]).toEqual(['violated', 1]);
  expect(verdictOf([...everywhere, acked({}), exited({})])).toMatchObject({ outcome: 'valid', examined: 1 });
  expect(verdictOf([acked({}), ...everywhere, exited({})])).toMatchObject({ outcome: 'valid', examined: 1 });
});

test.each<readonly [string, readonly Report[]]>([
  ['the network was killed', [exited({ signal: 'SIGKILL' })]],
  ['the recording stops while the network runs', []],
  ['an acknowledgement has no index', [acked({ term: 9, matchIndex: undefined }), exited({})]],
])('quorum-of-disks: entry on all disks, %s → valid by their reports', (_name, end) => {
  expect(verdictOf([...everywhere, ...end])).toMatchObject({ outcome: 'valid', examined: 1 });
});

test('quorum-of-disks: entry on all disks, trace without a network → valid by their reports', () => {
  const alone = everywhere.filter(([source]) => source !== 'lab');
  expect(verdictOf(alone)).toMatchObject({ outcome: 'valid', examined: 1 });
});

test('quorum-of-disks: one commit stays open, 20,000 follow → all the others are settled', () => {
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
