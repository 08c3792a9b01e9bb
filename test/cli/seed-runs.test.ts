/**
 * Full runs of the course tests: kept as they end, counted at the next start, and counted anew for other programs; and
 * their table.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seedsFor } from '../../src/cli/play.ts';
import { KeptRuns, type SameKind } from '../../src/cli/seed-runs.ts';
import { linesOf, tableOf } from '../../src/cli/seed-table.ts';
import { createSay } from '../../src/cli/words.ts';
import { readScenario } from '../../src/core/scenario/index.ts';
import type { ScenarioOutcome } from '../../src/lab/index.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-kept-'));
  file = join(folder, 'kept.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const kind: SameKind = { programs: 'abc', mutant: null, flags: [], only: null };
const outcome = (name: string, seconds: number, verdict: ScenarioOutcome['verdict'] = 'valid'): ScenarioOutcome => ({
  name,
  seed: 1,
  runId: 'r',
  verdict,
  reason: '',
  reasonZh: '',
  warnings: [],
  seconds,
  setUpSeconds: 0.5,
  lagMs: 3,
  counts: { crashes: 1, elections: 2, rpcs: 30 },
  history: 'not-judged',
  liveness: 'valid',
});

describe('kept runs', () => {
  test('kept runs: added and opened again → all present', async () => {
    const first = await KeptRuns.open(file, kind);
    await first.add([outcome('A', 1)]);
    await first.add([outcome('A', 2)]);
    const again = await KeptRuns.open(file, kind);
    expect(again.runs.map(([one]) => one?.seconds)).toEqual([1, 2]);
  });

  test.each<[string, Partial<SameKind>]>([
    ['other programs', { programs: 'xyz' }],
    ['another mutant', { mutant: 'any-vote-counts' }],
    ['other extensions', { flags: ['preVote'] }],
    ['other tests', { only: ['A'] }],
  ])('kept runs: %s → a new count, and the old lines stay', async (_what, change) => {
    await (await KeptRuns.open(file, kind)).add([outcome('A', 1)]);
    const other = await KeptRuns.open(file, { ...kind, ...change });
    expect(other.runs).toEqual([]);
    await other.add([outcome('A', 5)]);
    expect((await KeptRuns.open(file, kind)).runs).toEqual([]);
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(2);
  });

  test('kept runs: file with other content → refused', async () => {
    writeFileSync(file, 'hello\n');
    await expect(KeptRuns.open(file, kind)).rejects.toThrow();
  });

  test('kept runs: no file → kept in memory', async () => {
    const runs = await KeptRuns.open(null, kind);
    await runs.add([outcome('A', 1)]);
    expect(runs.runs).toHaveLength(1);
  });
});

const scenario = (name: string, reported: number) =>
  readScenario(`name: ${name}\ntitle: { en: A, zh: 甲 }\nreported: ${reported}\ncluster: { servers: 3 }\nsteps: []\n`);

test('table: several runs → medians, and totals of full runs', () => {
  const tests = [scenario('A', 2), scenario('B', 10)];
  const runs = [3, 1, 2].flatMap((seconds) => [outcome('A', seconds), outcome('B', seconds * 10)]);
  expect(tableOf(tests, runs)).toMatchObject([
    { test: 'A', reported: 2, runs: 3, valid: 3, seconds: 2, rpcs: 30, crashes: 1, elections: 2 },
    { test: 'B', reported: 10, seconds: 20 },
  ]);
  const lines = linesOf(createSay('en'), tests, runs);
  expect(lines).toContain('| A | 2.00 | 2.00 | 0.50 | 30 | 1 | 2 | 3 of 3 |');
  expect(lines).toContain('| sum | 12.00 | 22.00 | 1.00 |  |  |  |  |');
  expect(lines.at(-1)).toBe('3 full runs, median total 22.00 s (11.00–33.00)');
});

test('seeds: one given → counted up from it; none → drawn', () => {
  expect(seedsFor(4_294_967_295, 3)).toEqual([4_294_967_295, 0, 1]);
  expect(new Set(seedsFor(null, 5)).size).toBe(5);
});
