/** A live lab with real servers for each test of a file. Its processes and files are removed after the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { RunChoice } from '../../src/core/lab-api/api.ts';
import { type Bundle, bundlePrograms, LAB_PROGRAMS } from './bundle.ts';
import { type LiveLab, startLab } from './live-lab.ts';
import { processesOf } from './processes-of.ts';

/** @param use  receives the lab and its data folder before each test */
export function labForEach(choice: RunChoice, use: (live: LiveLab, dataFolder: string) => void): void {
  let programs: Bundle;
  let dataFolder: string;
  let live: LiveLab;
  beforeAll(async () => {
    programs = await bundlePrograms(LAB_PROGRAMS);
  });
  beforeEach(async () => {
    dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-live-'));
    live = await startLab({ dataFolder, programs, choice });
    use(live, dataFolder);
  });
  afterEach(async () => {
    await live.close();
    expect(processesOf(live.runId)).toEqual([]);
    rmSync(dataFolder, { recursive: true, force: true });
  });
  afterAll(async () => await programs.remove());
}
