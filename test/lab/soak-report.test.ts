/** The soak's verdict is that of all judges of its run: the safety properties, the clients' history and liveness. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunJudges } from '../../src/core/check/index.ts';
import { type SoakReport, withJudges } from '../../src/lab/soak/report.ts';
import type { VerdictFile } from '../../src/recording/verdict-file.ts';
import { HEALTHY_SETTINGS, HealthyTrace } from '../helpers/healthy-trace.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-soak-report-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Returns the verdicts of a run without any fault. */
function wellJudged(): VerdictFile {
  const judges = new RunJudges({ settings: HEALTHY_SETTINGS, isWhole: true });
  const options = { seed: 1, largePerThousand: 0, killEvery: 1_000, usPerEvent: 100 };
  new HealthyTrace(options, (event) => judges.observe(event)).runTo(5_000);
  return { format: 1, isWhole: true, events: 0, lastSeq: 0, outcome: 'valid', ...judges.finish() };
}

async function reported(kept: VerdictFile) {
  writeFileSync(join(folder, 'verdicts.json'), JSON.stringify(kept));
  const report = { verdict: 'valid', broken: [], missing: [] } as unknown as SoakReport;
  const { verdict, broken, missing } = await withJudges(report, folder);
  return { verdict, broken, missing };
}

test('soak: every judge finds the run valid → valid', async () => {
  expect(await reported(wellJudged())).toEqual({ verdict: 'valid', broken: [], missing: [] });
});

test('soak: history or liveness violated → violated, with the property’s name', async () => {
  const { history, liveness, ...kept } = wellJudged();
  const wrong = { ...history, verdict: 'violated', violation: { key: 'k', window: [] } } as const;
  expect(await reported({ ...kept, liveness, history: wrong })).toMatchObject({
    verdict: 'violated',
    broken: ['linearizable'],
  });
  const late = { what: 'no-leader', members: ['S1'], fromUs: 0, forUs: 2, boundUs: 1, operation: null } as const;
  expect(
    await reported({ ...kept, history, liveness: { ...liveness, outcome: 'violated', violation: late } }),
  ).toMatchObject({
    verdict: 'violated',
    broken: ['liveness'],
  });
});

test('soak: the search of the clients’ history gave up → unknown, with what is missing', async () => {
  const { history, ...kept } = wellJudged();
  expect(await reported({ ...kept, history: { ...history, verdict: 'unknown' } })).toMatchObject({
    verdict: 'unknown',
    missing: [expect.objectContaining({ en: 'the history of the clients is too hard to judge' })],
  });
});
