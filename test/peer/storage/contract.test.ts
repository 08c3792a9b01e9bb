/** The storage contract, checked for the memory storage, and for the lowdb storage on a fake disk and on a real one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { RestoredState } from '../../../src/core/raft/state.ts';
import { lowdbStorage, type RaftStorage, realDisk } from '../../../src/peer/storage/index.ts';
import { randomFrom } from '../../helpers/random.ts';
import { fakeDisk } from '../support/fake-disk.ts';
import { type MemoryDisk, memoryStorage } from '../support/memory-storage.ts';
import { applied, entriesAfter, NOTHING, randomPersist } from '../support/workload.ts';

// A test may take many seconds while the machine runs others.
vi.setConfig({ testTimeout: 60_000 });

const owner = { runId: 'run-1', server: 'S1' };
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Each implementation returns a function that starts a storage, repeatedly, on one disk. */
const implementations: Record<string, () => (mustExist: boolean) => RaftStorage> = {
  memory: () => {
    const disk: MemoryDisk = { state: null, sealedLast: 0 };
    return () => memoryStorage(disk);
  },
  'lowdb on a fake disk': () => {
    const disk = fakeDisk();
    return (mustExist) => lowdbStorage({ ...owner, disk, isDurable: true, mustExist });
  },
  'lowdb on a real disk, fsync': () => {
    const folder = mkdtempSync(join(tmpdir(), 'raft-lab-storage-'));
    folders.push(folder);
    return (mustExist) => lowdbStorage({ ...owner, disk: realDisk(join(folder, 'S1')), isDurable: true, mustExist });
  },
  'lowdb on a real disk, os-cache': () => {
    const folder = mkdtempSync(join(tmpdir(), 'raft-lab-storage-'));
    folders.push(folder);
    return (mustExist) => lowdbStorage({ ...owner, disk: realDisk(join(folder, 'S1')), isDurable: false, mustExist });
  },
};

describe.each(Object.entries(implementations))('%s', (_, make) => {
  test('storage: first start → term 0, no vote and an empty log', async () => {
    const storage = make()(false);
    expect(await storage.load()).toEqual({ state: NOTHING, isFirstStart: true, tornTail: null });
    await storage.close();
  });

  test('storage: written entries → restored in order after each restart', async () => {
    const start = make();
    const term3 = { currentTerm: 3, votedFor: 'S2' };
    let state: RestoredState = NOTHING;
    const batches = [
      { hardState: term3, truncateFrom: null, entries: [] },
      { hardState: null, truncateFrom: null, entries: entriesAfter([], { count: 5, term: 3 }) },
      { hardState: { currentTerm: 4, votedFor: null }, truncateFrom: 3, entries: [] },
    ];
    for (const [number, batch] of batches.entries()) {
      const storage = start(number > 0);
      expect(await storage.load()).toEqual({ state, isFirstStart: number === 0, tornTail: null });
      await storage.write(batch);
      state = applied(state, batch);
      await storage.close();
    }
    const storage = start(true);
    expect((await storage.load()).state).toEqual(state);
    await storage.close();
  });

  test('storage: 255 committed entries → not sealed; 256 or more → sealed; uncommitted → never', async () => {
    const start = make();
    const storage = start(false);
    await storage.load();
    const entries = entriesAfter([], { count: 600, term: 1 });
    const hardState = { currentTerm: 1, votedFor: 'S1' };
    await storage.write({ hardState, truncateFrom: null, entries });
    expect(await storage.seal(255)).toEqual([]);
    expect(await storage.seal(300)).toEqual([{ file: 'log/1.json', first: 1, last: 300 }]);
    expect(await storage.seal(500)).toEqual([]);
    // Unsealed entries may still be truncated.
    await storage.write({ hardState: null, truncateFrom: 301, entries: [] });
    await storage.close();
    const again = start(true);
    expect((await again.load()).state).toEqual({ ...hardState, entries: entries.slice(0, 300) });
    await again.close();
  });

  test('storage: batch too large for one line → restored completely', async () => {
    const start = make();
    const storage = start(false);
    await storage.load();
    const entries = entriesAfter([], { count: 9, term: 1, bytes: 1_000_000 });
    const hardState = { currentTerm: 1, votedFor: 'S1' };
    await storage.write({ hardState, truncateFrom: null, entries });
    await storage.close();
    const again = start(true);
    expect((await again.load()).state).toEqual({ ...hardState, entries });
    await again.close();
  });

  test('storage: random batches, checkpoints, seals and restarts → equal to the model', async () => {
    for (let seed = 1; seed <= 5; seed += 1) {
      const random = randomFrom(seed);
      const start = make();
      let state: RestoredState = NOTHING;
      let commitIndex = 0;
      let storage = start(false);
      await storage.load();
      for (let turn = 0; turn < 60; turn += 1) {
        const persist = randomPersist(state, random, commitIndex);
        await storage.write(persist);
        state = applied(state, persist);
        commitIndex += random.below(state.entries.length - commitIndex + 1);
        if (random.chance(0.2)) await storage.checkpoint();
        if (random.chance(0.1)) {
          await storage.close();
          storage = start(true);
          expect((await storage.load()).state, `seed ${seed}, turn ${turn}`).toEqual(state);
        }
      }
      await storage.close();
    }
  });
});
