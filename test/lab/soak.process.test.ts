/** A short soak on real processes, and a judge that finds what is planted. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLab } from '../../src/lab/index.ts';
import { runSoak } from '../../src/lab/soak/index.ts';
import { type Bundle, bundlePrograms, LAB_PROGRAMS } from '../helpers/bundle.ts';
import { processesOf } from '../helpers/processes-of.ts';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundlePrograms(LAB_PROGRAMS);
});
afterAll(async () => await bundle.remove());

test('ten kills under load: nothing acknowledged is lost, nothing is doubled, every log is equal', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-soak-'));
  const programs = { peer: bundle.file('peer'), network: bundle.file('network'), reaper: bundle.file('reaper') };
  const seed = Number(process.env.RAFT_LAB_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`seed ${seed}; repeat with: npm run soak -- --minutes 0 --kills 10 --seed ${seed}`);
  const lab = await createLab({ dataFolder, programs });
  const folderOf = (runId: string, server: string): string => join(dataFolder, 'runs', runId, 'servers', server);
  const options = { seed, minutes: 0, kills: 10, folderOf, onRound: () => undefined, isCalledOff: () => false };
  try {
    const report = await runSoak(lab, options);
    expect(report, `seed ${seed}`).toMatchObject({
      ok: true,
      lost: 0,
      doubled: 0,
      unequal: 0,
      kills: 10,
      problems: [],
    });
    expect(report.leastInFlight).toBeGreaterThanOrEqual(5);
    expect(report.leastBetweenKills).toBeGreaterThanOrEqual(20);
    expect(report.acknowledged).toBeGreaterThanOrEqual(200);
    expect(report.entries).toBeGreaterThanOrEqual(report.acknowledged);
    expect(processesOf(report.runId)).toEqual([]);
  } finally {
    await lab.close();
    rmSync(dataFolder, { recursive: true, force: true });
  }
});
