/** Folders are made with those above them, and what the system refuses is passed on instead of being tried for ever. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realDisk } from '../../src/peer/storage/disk.ts';
import { makeFolder, makeFolderSync } from '../../src/program/make-folder.ts';

let top: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'raft-lab-folder-'));
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const MAKERS: readonly (readonly [string, (folder: string) => Promise<void>])[] = [
  ['makeFolder', makeFolder],
  ['makeFolderSync', async (folder) => makeFolderSync(folder)],
];

describe.each(MAKERS)('%s', (_name, make) => {
  test('nothing above it is there → all of it, private; once more → nothing happens', async () => {
    const folder = join(top, 'a', 'b', 'c');
    await make(folder);
    await make(folder);
    expect(statSync(folder).isDirectory()).toBe(true);
    if (process.platform !== 'win32') expect(statSync(join(top, 'a')).mode & 0o777).toBe(0o700);
  });

  test('the root of the disk → is there', async () => {
    await make(parse(top).root);
  });

  test.runIf(process.platform === 'linux')('in /proc → the error of the system, at once', async () => {
    for (const folder of ['/proc/raft-lab', '/proc/raft-lab/data']) {
      await expect(make(folder)).rejects.toMatchObject({ code: 'ENOENT', path: '/proc/raft-lab' });
    }
  });

  test('a file in its place or above it → the error of the system', async () => {
    const file = join(top, 'file');
    writeFileSync(file, '');
    await expect(make(file)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(make(join(file, 'below'))).rejects.toMatchObject({ code: expect.stringMatching(/ENOTDIR|ENOENT/) });
  });
});

test.runIf(process.platform === 'linux')('disk of a server in /proc → the error of the system, at once', () => {
  expect(() => realDisk('/proc/raft-lab').makeFolder('log')).toThrow('(ENOENT)');
});

test('makeFolder: many at once → all succeed', async () => {
  const folder = join(top, 'a', 'b', 'c');
  await Promise.all([...Array(8)].map(() => makeFolder(folder)));
});
