/** A process that could not be spawned: each reason has its own code and names what is missing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { spawnChild } from '../../src/cluster/processes/child.ts';
import { SpawnFailed, spawnProblem } from '../../src/cluster/processes/spawn-failed.ts';

const node = process.execPath;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-spawn-'));
});

afterEach(() => {
  process.execPath = node;
  rmSync(folder, { recursive: true, force: true });
});

const spawnIn = (place: string) =>
  spawnChild({
    program: 'peer.js',
    args: [],
    folder: place,
    spec: { name: 'SPEC', json: '{}' },
    onProblem: () => {},
  }).then(
    () => expect.unreachable(),
    (cause: unknown) => spawnProblem('S1', cause).error,
  );

test('spawn: the server’s folder is gone → folder-gone with the folder', async () => {
  const gone = join(folder, 'S1');
  const error = await spawnIn(gone);
  expect(error).toMatchObject({ code: 'folder-gone', params: { server: 'S1', path: gone } });
  expect(error.message).toContain('Put it back, or start a new run.');
});

test('spawn: Node was removed while the lab runs → node-gone with the program', async () => {
  process.execPath = join(folder, 'node');
  expect(await spawnIn(folder)).toMatchObject({ code: 'node-gone', params: { server: 'S1', path: process.execPath } });
});

test.each([
  ['EMFILE', 'too-many-files'],
  ['ENFILE', 'too-many-files'],
  ['EAGAIN', 'spawn-failed'],
  ['EACCES', 'spawn-failed'],
])('spawn: system error %s → %s', (code, reason) => {
  const cause = Object.assign(new Error(`spawn ${code}`), { code });
  const error = spawnProblem('S1', new SpawnFailed(cause, { program: node, folder })).error;
  expect(error).toMatchObject({ code: reason, params: { errno: code } });
});
