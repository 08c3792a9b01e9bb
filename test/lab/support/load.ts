/**
 * A cluster of five under the load of eight writers. Each acknowledged command must be there afterwards, once and in
 * order.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { RunChoice } from '../../../src/core/lab-api/api.ts';
import { type Bundle, bundlePrograms, LAB_PROGRAMS } from '../../helpers/bundle.ts';
import { type LiveLab, startLab } from '../../helpers/live-lab.ts';
import { processesOf } from '../../helpers/processes-of.ts';
import { readServerFiles, replay } from '../../helpers/read-files.ts';
import { startWriters, type Writer } from '../../helpers/writers.ts';

export interface LabUnderLoad {
  /** The lab of the running test. */
  readonly live: LiveLab;
  /** Starts the cluster, waits for its first leader and lets the writers begin. */
  start(choice: RunChoice): Promise<Writer>;
}

/** Closes the lab after each test of this file and checks that no process is left. Call it once, outside tests. */
export function labUnderLoad(): LabUnderLoad {
  let bundle: Bundle;
  let dataFolder: string;
  let live: LiveLab;
  beforeAll(async () => {
    bundle = await bundlePrograms(LAB_PROGRAMS);
  });
  afterEach(async () => {
    await live.close();
    expect(processesOf(live.runId)).toEqual([]);
    rmSync(dataFolder, { recursive: true, force: true });
  });
  afterAll(async () => await bundle.remove());
  return {
    get live() {
      return live;
    },
    start: async (choice) => {
      dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-hard-times-'));
      live = await startLab({ dataFolder, programs: bundle, choice: { servers: 5, pace: 'real', ...choice } });
      await live.until('a first leader', (view) => view.leader !== null);
      return startWriters(live.lab, 8);
    },
  };
}

/** Resolves when this many further commands were acknowledged and others are under way. */
export async function acknowledged(writers: Writer, more: number): Promise<void> {
  const target = writers.acknowledged() + more;
  await writers.until(() => writers.acknowledged() >= target && writers.inFlight() > 0);
}

/** Ends the load, waits for equal logs, closes the lab, and compares the files with the writers' answers. */
export async function nothingLost(live: LiveLab, writers: Writer): Promise<void> {
  const { done, unknown } = await writers.stop();
  const last = await live.ask('submit', { command: { op: 'set', key: 'last', value: 'word' } });
  if (last.outcome !== 'done') throw new Error(`the last command is ${last.outcome}`);
  await live.until('equal logs everywhere', ({ servers }) =>
    Object.values(servers).every((one) => one.lastApplied === last.index && one.durableIndex === last.index),
  );
  await live.close();
  const logs = live.servers.map((id) => readServerFiles(live.folderOf(id)).log);
  for (const log of logs) expect(log.map(({ chain }) => chain)).toEqual(logs[0]?.map(({ chain }) => chain));
  const store = replay(logs[0] ?? []);
  for (const key of writers.keys) {
    const written = (store.get(key) ?? '').split(' ').filter((word) => word !== '');
    expect(new Set(written).size, `a word stands twice in ${key}`).toBe(written.length);
    const possible = new Set(unknown.filter((word) => word.key === key).map(({ word }) => word));
    expect(written.filter((word) => !possible.has(word))).toEqual(
      done.filter((word) => word.key === key).map(({ word }) => word),
    );
  }
}
