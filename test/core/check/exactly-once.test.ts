/** Judges answers to one operation that are reported more than once. */
import { expect, test } from 'vitest';
import { createJudge, type Verdict } from '../../../src/core/check/index.ts';
import { chainOf, GENESIS_CHAIN } from '../../../src/core/raft/chain.ts';
import type { TraceEvent } from '../../../src/core/trace/index.ts';

type Report = readonly [source: string, event: object];

function verdictOf(reports: readonly Report[]): Verdict {
  const judge = createJudge(['S1']);
  const counts = new Map<string, number>();
  for (const [at, [source, event]] of reports.entries()) {
    const nseq = (counts.get(source) ?? 0) + 1;
    counts.set(source, nseq);
    judge.observe({ seq: at + 1, timeUs: at + 1, source, life: 1, nseq, ...event } as TraceEvent);
  }
  return judge.finish().find(({ property }) => property === 'exactly-once') as Verdict;
}

const command = { op: 'set', key: 'k', value: 'v' };
const entries = [
  { index: 1, term: 1, type: 'session' },
  { index: 2, term: 1, type: 'command', session: 1, sequence: 1, command },
] as const;
const chain = entries.reduce((below, entry) => chainOf(below, entry), GENESIS_CHAIN);
const committed: readonly Report[] = [
  ['S1', { event: 'LeaderElected', term: 1, voters: ['S1'], lastIndex: 0, chain: GENESIS_CHAIN }],
  ['S1', { event: 'EntriesProposed', term: 1, first: 1, last: 2, chain, entries }],
  ['S1', { event: 'CommitAdvanced', term: 1, from: 0, to: 2, chain, reason: 'quorum' }],
];
const asked: Report = [
  'C1',
  { event: 'CommandInvoked', operation: 'o', client: 'C1', session: 1, sequence: 1, command },
];
const told = (value: string): Report => [
  'C1',
  { event: 'CommandDone', operation: 'o', result: { ok: true, value, previous: null } },
];

test.each<readonly [string, readonly Report[]]>([
  ['after its commit', [...committed, asked, told('v'), told('v')]],
  ['before its commit', [asked, told('v'), told('v'), ...committed]],
])('exactly-once: same answer reported twice, %s → valid, both examined', (_name, reports) => {
  expect(verdictOf(reports)).toMatchObject({ outcome: 'valid', examined: 2, unknown: 0 });
});

test.each<readonly [string, readonly Report[]]>([
  ['after its commit', [...committed, asked, told('v'), told('w')]],
  ['before its commit', [asked, told('v'), told('w'), ...committed]],
])('exactly-once: different second answer, %s → violated, with both answers', (_name, reports) => {
  const { outcome, violations } = verdictOf(reports);
  expect(outcome).toBe('violated');
  expect(violations[0]).toMatchObject({ params: { operation: 'o', told: expect.stringContaining('w') } });
  expect(violations[0]?.proof).toHaveLength(2);
});

test('exactly-once: answer to an operation that was never invoked → unknown', () => {
  expect(verdictOf([...committed, told('v')])).toMatchObject({ outcome: 'unknown', reasons: { 'lost-events': 1 } });
});
