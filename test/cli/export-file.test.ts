/** The place of an export: which existing files may be overwritten. */
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { placeFor } from '../../src/cli/export-file.ts';
import { writeWholeFile } from '../../src/program/whole-file.ts';

const isWindows = process.platform === 'win32';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-export-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('export place: no file → the path itself; an existing file → only with force', async () => {
  const file = join(folder, 'run.jsonl');
  expect(await placeFor(file, false)).toEqual({ ok: true, file });
  writeFileSync(file, 'before');
  expect(await placeFor(file, false)).toEqual({ ok: false, problem: 'exists' });
  expect(await placeFor(file, true)).toEqual({ ok: true, file });
});

test('export place with force: a folder → left alone', async () => {
  mkdirSync(join(folder, 'run.jsonl'));
  expect(await placeFor(join(folder, 'run.jsonl'), true)).toEqual({ ok: false, problem: 'notOverwritten' });
});

test.skipIf(isWindows)(
  'export place with force: device, link to a device, folder or nothing → left alone',
  async () => {
    const targets = { device: '/dev/null', folder, nothing: join(folder, 'gone') };
    for (const [name, target] of Object.entries(targets)) symlinkSync(target, join(folder, name));
    for (const path of ['/dev/null', ...Object.keys(targets).map((name) => join(folder, name))]) {
      expect(await placeFor(path, true), path).toEqual({ ok: false, problem: 'notOverwritten' });
    }
  },
);

test.skipIf(isWindows)(
  'export place with force: a link to a file → the file is written, and the link stays',
  async () => {
    const [file, link] = [join(folder, 'file'), join(folder, 'link')];
    writeFileSync(file, 'before');
    symlinkSync(file, link);
    const place = await placeFor(link, true);
    if (!place.ok) throw new Error(place.problem);
    expect(await writeWholeFile(Readable.from(['after']), place.file, { overwrite: true })).toBe(true);
    expect([lstatSync(link).isSymbolicLink(), readFileSync(file, 'utf8')]).toEqual([true, 'after']);
  },
);
