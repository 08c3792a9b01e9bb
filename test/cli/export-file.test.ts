/** Where an export goes: what is overwritten, what never is, and folders without hard links. */
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { placeFor, writeWhole } from '../../src/cli/export-file.ts';

const isWindows = process.platform === 'win32';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-export-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('nothing there → the place; a file there → only with force', async () => {
  const file = join(folder, 'run.jsonl');
  expect(await placeFor(file, false)).toEqual({ ok: true, file });
  writeFileSync(file, 'before');
  expect(await placeFor(file, false)).toEqual({ ok: false, problem: 'exists' });
  expect(await placeFor(file, true)).toEqual({ ok: true, file });
});

test('force: a folder → left alone', async () => {
  mkdirSync(join(folder, 'run.jsonl'));
  expect(await placeFor(join(folder, 'run.jsonl'), true)).toEqual({ ok: false, problem: 'notOverwritten' });
});

test.skipIf(isWindows)('force: a device, links to one, to a folder, to nothing → left alone', async () => {
  const targets = { device: '/dev/null', folder, nothing: join(folder, 'gone') };
  for (const [name, target] of Object.entries(targets)) symlinkSync(target, join(folder, name));
  for (const path of ['/dev/null', ...Object.keys(targets).map((name) => join(folder, name))]) {
    expect(await placeFor(path, true), path).toEqual({ ok: false, problem: 'notOverwritten' });
  }
});

test.skipIf(isWindows)('force: a link to a file → the file is written, and the link stays', async () => {
  const [file, link] = [join(folder, 'file'), join(folder, 'link')];
  writeFileSync(file, 'before');
  symlinkSync(file, link);
  const place = await placeFor(link, true);
  if (!place.ok) throw new Error(place.problem);
  expect(await writeWhole(Readable.from(['after']), place.file, true)).toBe(true);
  expect([lstatSync(link).isSymbolicLink(), readFileSync(file, 'utf8')]).toEqual([true, 'after']);
});

test.each(['EPERM', 'ENOTSUP'])('no hard links (%s) → written whole, and nothing is overwritten', async (code) => {
  const noLinks = async (): Promise<void> => {
    throw Object.assign(new Error(code), { code });
  };
  const file = join(folder, 'run.jsonl');
  expect(await writeWhole(Readable.from(['whole']), file, false, noLinks)).toBe(true);
  expect(await writeWhole(Readable.from(['other']), file, false, noLinks)).toBe(false);
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['whole', ['run.jsonl']]);
});
