/** An index for which the disk has no room. */
import { readdir, writeFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { makeIndex } from '../../src/recording/index-writer.ts';
import { createTraceIndex } from '../../src/recording/trace-index.ts';
import type { WriterFile } from '../../src/recording/trace-writer.ts';
import { temporaryFolder } from './helpers.ts';

const FULL: WriterFile = {
  appendFile: () => Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' })),
  datasync: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

vi.mock('../../src/recording/trace-writer.ts', async (original) => {
  const real = await original<typeof import('../../src/recording/trace-writer.ts')>();
  const openTraceWriter: typeof real.openTraceWriter = async (file, onFailure) => {
    // A full disk makes a file as long as nothing is in it.
    await writeFile(file, '');
    return real.createTraceWriter(FULL, onFailure);
  };
  return { ...real, openTraceWriter };
});

test('index: the disk is full while it is made → left out, and nothing of it stays', async () => {
  const folder = await temporaryFolder();
  await makeIndex(folder, { runId: 'run', index: createTraceIndex(), views: [] });
  expect(await readdir(folder)).toEqual([]);
});
