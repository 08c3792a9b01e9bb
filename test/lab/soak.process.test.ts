/** A short soak on real processes, and what it reports when a server does not answer with its store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLab, type Lab } from '../../src/lab/index.ts';
import { runSoak, type SoakOptions, type SoakReport } from '../../src/lab/soak/index.ts';
import { type Bundle, bundlePrograms, LAB_PROGRAMS } from '../helpers/bundle.ts';
import { processesOf } from '../helpers/processes-of.ts';

let bundle: Bundle;
let dataFolder: string;
let lab: Lab;
beforeAll(async () => {
  bundle = await bundlePrograms(LAB_PROGRAMS);
});
afterAll(async () => await bundle.remove());
beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-soak-'));
  const programs = { peer: bundle.file('peer'), network: bundle.file('network'), reaper: bundle.file('reaper') };
  lab = await createLab({ dataFolder, programs });
});
afterEach(async () => {
  await lab.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

const seed = Number(process.env.RAFT_LAB_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Runs a soak of this many kills that cuts off every leader once a round. */
async function soakOf(kills: number, more: Partial<SoakOptions> = {}, on: Lab = lab): Promise<SoakReport> {
  return await runSoak(on, {
    seed,
    minutes: 0,
    kills,
    terms: 0,
    depose: 1,
    fill: 0,
    onRound: () => undefined,
    isCalledOff: () => false,
    folderOf: (runId) => join(dataFolder, 'runs', runId),
    ...more,
  });
}

test('soak: five kills on a store of 5.4 MB → valid, nothing lost, doubled or unequal', async () => {
  console.log(`seed ${seed}; repeat with: npm run soak -- --kills 5 --depose 1 --seed ${seed}`);
  const report = await soakOf(5, { fill: 90 });
  expect(report, `seed ${seed}`).toMatchObject({
    verdict: 'valid',
    lost: 0,
    doubled: 0,
    unequal: 0,
    kills: 5,
    deposed: 5,
    problems: [],
    broken: [],
    missing: [],
  });
  expect(report.terms).toBeGreaterThan(5);
  expect(report.leastInFlight).toBeGreaterThanOrEqual(5);
  expect(report.leastBetweenKills).toBeGreaterThanOrEqual(20);
  expect(report.acknowledged).toBeGreaterThanOrEqual(100);
  expect(report.entries).toBeGreaterThanOrEqual(report.acknowledged);
  expect(processesOf(report.runId)).toEqual([]);
});

/** Returns a lab in which S2 does not answer with its store while `isSilent`. */
function withSilentStore(isSilent: () => boolean): Lab {
  const ask: Lab['ask'] = async (name, asked) => {
    const result = await lab.ask(name, asked);
    if (name !== 'stores' || !result.ok || !isSilent()) return result;
    return { ...result, value: { ...result.value, S2: null } };
  };
  return { ...lab, ask, listen: (onPush) => lab.listen(onPush) };
}

test('soak: a store without an answer in one round → counted, compared in the next, valid', async () => {
  let rounds = 0;
  const onRound = (now: SoakReport): void => {
    rounds = now.rounds;
  };
  const storesWithinMs = { round: 200, end: 30_000 };
  const report = await soakOf(
    2,
    { storesWithinMs, onRound },
    withSilentStore(() => rounds === 0),
  );
  expect(report, `seed ${seed}`).toMatchObject({ verdict: 'valid', unequal: 0, missing: [] });
  expect(report.unanswered).toBeGreaterThanOrEqual(1);
});

test('soak: too few terms after the last kill → continues until they are reached', async () => {
  const report = await soakOf(1, { terms: 9, depose: 3 });
  expect(report, `seed ${seed}`).toMatchObject({ verdict: 'valid' });
  expect(report.terms).toBeGreaterThanOrEqual(9);
  expect(report.rounds).toBe(report.kills);
});

test('soak: a store without an answer to the end → unknown, never unequal', async () => {
  const report = await soakOf(
    2,
    { storesWithinMs: { round: 200, end: 200 } },
    withSilentStore(() => true),
  );
  expect(report, `seed ${seed}`).toMatchObject({ verdict: 'unknown', unequal: 0, problems: [] });
  expect(report.missing.map(({ en }) => en)).toContain('S2 did not answer with its store');
  expect(report.unanswered).toBeGreaterThanOrEqual(2);
});
