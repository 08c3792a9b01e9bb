/** The disk space that the copy of an opened recording needs. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { stageFile } from '../../../src/recording/opened/stage-file.ts';
import { exportedRun } from '../../helpers/exported-run.ts';

const MIB = 1024 ** 2;
const disk = vi.hoisted(() => ({ free: 0 }));
vi.mock('../../../src/recording/free-space.ts', async (original) => ({
  ...(await original<typeof import('../../../src/recording/free-space.ts')>()),
  freeBytes: async () => disk.free,
}));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-stage-'));
  vi.stubEnv('RAFT_LAB_MIN_FREE_MIB', '200');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test('copy: free space equals the minimum → made', async () => {
  disk.free = 200 * MIB;
  const staged = await stageFile(folder, { name: 'run.jsonl', bytes: Readable.from([await exportedRun()]) });
  await staged.discard();
});

test('copy: free space below the minimum → refused with both numbers; no copy stays', async () => {
  disk.free = 200 * MIB - 1;
  const copying = stageFile(folder, { name: 'run.jsonl', bytes: Readable.from([await exportedRun()]) });
  await expect(copying).rejects.toMatchObject({
    error: { code: 'disk-nearly-full', params: { free: 199, least: 200 } },
  });
  expect(readdirSync(join(folder, 'opened'))).toEqual([]);
});
