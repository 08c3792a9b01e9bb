/** An index that cannot be written because the disk is full. */
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
    // A full disk still creates an empty file.
    await writeFile(file, '');
    return real.createTraceWriter(FULL, onFailure);
  };
  return { ...real, openTraceWriter };
});

test('index: disk full while it is written → no index, no temporary file', async () => {
  const folder = await temporaryFolder();
  await makeIndex(folder, { runId: 'run', index: createTraceIndex(), views: [] });
  expect(await readdir(folder)).toEqual([]);
});
