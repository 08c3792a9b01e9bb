/**
 * Folders are made together with missing parents. The system's refusal is passed on instead of being retried forever.
 */
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
  test('make folder: missing parents → all are made, private; repeated → no change', async () => {
    const folder = join(top, 'a', 'b', 'c');
    await make(folder);
    await make(folder);
    expect(statSync(folder).isDirectory()).toBe(true);
    if (process.platform !== 'win32') expect(statSync(join(top, 'a')).mode & 0o777).toBe(0o700);
  });

  test('make folder: root of the disk → already exists', async () => {
    await make(parse(top).root);
  });

  test.runIf(process.platform === 'linux')('make folder: in /proc → the system’s error', async () => {
    for (const folder of ['/proc/raft-lab', '/proc/raft-lab/data']) {
      await expect(make(folder)).rejects.toMatchObject({ code: 'ENOENT', path: '/proc/raft-lab' });
    }
  });

  test('make folder: a file in its place or above it → the system’s error', async () => {
    const file = join(top, 'file');
    writeFileSync(file, '');
    await expect(make(file)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(make(join(file, 'below'))).rejects.toMatchObject({ code: expect.stringMatching(/ENOTDIR|ENOENT/) });
  });
});

test.runIf(process.platform === 'linux')('disk of a server: folder in /proc → the system’s error', () => {
  expect(() => realDisk('/proc/raft-lab').makeFolder('log')).toThrow('(ENOENT)');
});

test('makeFolder: concurrent calls for one folder → all succeed', async () => {
  const folder = join(top, 'a', 'b', 'c');
  await Promise.all([...Array(8)].map(() => makeFolder(folder)));
});
