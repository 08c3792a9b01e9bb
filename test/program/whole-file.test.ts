/**
 * A file that appears whole or not at all. It is durable before it gets its name, and replaces another file only when
 * that is allowed.
 */
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

/** A link call that fails with this code, as on a file system without hard links. */
const failing = (code: string) => async (): Promise<void> => {
  throw Object.assign(new Error(code), { code });
};

test.each([false, true])(
  'whole file: overwrite %s → flushed to the disk before it gets its name',
  async (overwrite) => {
    const isThereWhenFlushed: boolean[] = [];
    const { fsync } = fs;
    vi.spyOn(fs, 'fsync').mockImplementation((descriptor, done) => {
      isThereWhenFlushed.push(existsSync(file));
      fsync(descriptor, done);
    });
    expect(await writeWholeFile(Readable.from(['whole']), file, { overwrite })).toBe(true);
    expect(isThereWhenFlushed).toEqual([false]);
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['whole', ['run.jsonl']]);
  },
);

test.each(['EPERM', 'ENOTSUP'])('whole file: no hard links (%s) → copied, without replacing a file', async (code) => {
  const how = { overwrite: false, makeLink: failing(code) };
  expect(await writeWholeFile(Readable.from(['whole']), file, how)).toBe(true);
  expect(await writeWholeFile(Readable.from(['other']), file, how)).toBe(false);
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['whole', ['run.jsonl']]);
});

test('whole file: another file appears meanwhile → kept, unless it may be replaced', async () => {
  writeFileSync(file, 'mine');
  expect(await writeWholeFile(Readable.from(['other']), file, { overwrite: false })).toBe(false);
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(await writeWholeFile(Readable.from(['other']), file, { overwrite: true })).toBe(true);
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['other', ['run.jsonl']]);
});

test('whole file: source fails midway or disk refuses → rejects and leaves nothing behind', async () => {
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
