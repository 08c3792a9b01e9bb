/** The files on a real disk: readable by stock lowdb, private, and complete with any number of entries. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Low } from 'lowdb';
import { JSONFile } from 'lowdb/node';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lowdbStorage, realDisk, StorageFailed } from '../../../src/peer/storage/index.ts';
import { entriesAfter } from '../support/workload.ts';

// A test may take many seconds while the machine runs others.
vi.setConfig({ testTimeout: 60_000 });

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-storage-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (mustExist: boolean, isDurable = false) =>
  lowdbStorage({ runId: 'run-1', server: 'S1', disk: realDisk(join(folder, 'S1')), isDurable, mustExist });
const hardState = { currentTerm: 2, votedFor: 'S1' };

test('storage: state.json and sealed segments → readable by lowdb’s own JSONFile', async () => {
  const storage = open(false, true);
  await storage.load();
  const entries = entriesAfter([], { count: 300, term: 2 });
  await storage.write({ hardState, truncateFrom: null, entries });
  await storage.seal(280);
  await storage.close();
  const state = new Low<unknown>(new JSONFile(join(folder, 'S1', 'state.json')), null);
  await state.read();
  expect(state.data).toMatchObject({
    server: 'S1',
    ...hardState,
    tail: { file: 'log/tail-281.jsonl', lastIndex: 300 },
  });
  const segment = new Low<unknown>(new JSONFile(join(folder, 'S1', 'log', '1.json')), null);
  await segment.read();
  expect(segment.data).toMatchObject({ first: 1, last: 280, entries: entries.slice(0, 280) });
});

test('storage: files and folders → readable by their owner only', async () => {
  const storage = open(false);
  await storage.load();
  await storage.close();
  const mode = (...path: string[]): number => statSync(join(folder, 'S1', ...path)).mode & 0o777;
  expect([mode(), mode('log'), mode('state.json'), mode('log', 'tail-1.jsonl')]).toEqual([0o700, 0o700, 0o600, 0o600]);
});

test('storage: 100,000 entries, most of them in segments → restored as they were written', async () => {
  const storage = open(false);
  await storage.load();
  const entries = entriesAfter([], { count: 100_000, term: 2, bytes: 100 });
  await storage.write({ hardState, truncateFrom: null, entries });
  expect((await storage.seal(99_900)).length).toBe(25);
  await storage.close();
  const again = open(true);
  const { state } = await again.load();
  await again.close();
  expect(state.entries.length).toBe(100_000);
  expect(state.entries.every((entry, at) => entry.chain === entries[at]?.chain)).toBe(true);
  expect(state.entries[77_776]).toEqual(entries[77_776]);
});

test('storage: disk error → an error that names the file; nothing is written afterwards', async () => {
  const storage = open(false);
  await storage.load();
  rmSync(join(folder, 'S1'), { recursive: true });
  const write = { hardState, truncateFrom: null, entries: [] };
  await expect(storage.write(write)).rejects.toThrow(StorageFailed);
  await expect(storage.write(write)).rejects.toThrow('must not overlap');
  await storage.close();
  writeFileSync(join(folder, 'S1'), 'a file where the folder should be');
  await expect(open(false).load()).rejects.toThrow(/S1.*failed \(ENOTDIR\)/);
  expect(readdirSync(folder)).toEqual(['S1']);
});
