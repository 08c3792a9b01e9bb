/** A file that appears whole or not at all: durable before it has its name, and never over a file that may not be replaced. */
import fs, { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeWholeFile } from '../../src/program/whole-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-whole-'));
  file = join(folder, 'run.jsonl');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** A link call of a file system that fails with this code. */
const failing = (code: string) => async (): Promise<void> => {
  throw Object.assign(new Error(code), { code });
};

test.each([false, true])('whole file: overwrite %s → flushed to the disk before it has its name', async (overwrite) => {
  const isThereWhenFlushed: boolean[] = [];
  const { fsync } = fs;
  vi.spyOn(fs, 'fsync').mockImplementation((descriptor, done) => {
    isThereWhenFlushed.push(existsSync(file));
    fsync(descriptor, done);
  });
  expect(await writeWholeFile(Readable.from(['whole']), file, { overwrite })).toBe(true);
  expect(isThereWhenFlushed).toEqual([false]);
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['whole', ['run.jsonl']]);
});

test.each(['EPERM', 'ENOTSUP'])('whole file: no hard links (%s) → copied, and nothing is replaced', async (code) => {
  const how = { overwrite: false, makeLink: failing(code) };
  expect(await writeWholeFile(Readable.from(['whole']), file, how)).toBe(true);
  expect(await writeWholeFile(Readable.from(['other']), file, how)).toBe(false);
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['whole', ['run.jsonl']]);
});

test('whole file: a file came meanwhile → it stays, unless it may be replaced', async () => {
  writeFileSync(file, 'mine');
  expect(await writeWholeFile(Readable.from(['other']), file, { overwrite: false })).toBe(false);
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(await writeWholeFile(Readable.from(['other']), file, { overwrite: true })).toBe(true);
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['other', ['run.jsonl']]);
});

test('whole file: the bytes fail in the middle, the disk refuses → rejects and leaves nothing', async () => {
  const broken = Readable.from(
    (function* () {
      yield 'half';
      throw new Error('unreadable');
    })(),
  );
  await expect(writeWholeFile(broken, file, { overwrite: true })).rejects.toThrow('unreadable');
  const full = { overwrite: false, makeLink: failing('ENOSPC') };
  await expect(writeWholeFile(Readable.from(['whole']), file, full)).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(readdirSync(folder)).toEqual([]);
});
