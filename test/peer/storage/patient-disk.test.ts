/** A server's storage on a disk where another program holds files for a moment. */
import { expect, test } from 'vitest';
import type { Disk } from '../../../src/peer/storage/index.ts';
import { type HeldFile, lowdbStorage, patientDisk, StorageFailed } from '../../../src/peer/storage/index.ts';
import { fakeDisk } from '../support/fake-disk.ts';
import { entriesAfter } from '../support/workload.ts';

/** Wraps a disk so that the named call fails a given number of times before it succeeds. */
function holding(disk: Disk, name: 'create' | 'open' | 'rename' | 'remove' | 'read', times: number): Disk {
  let left = times;
  const act = disk[name] as (...words: unknown[]) => unknown;
  return {
    ...disk,
    [name]: (...words: unknown[]) => {
      if (left > 0) {
        left -= 1;
        const cause = Object.assign(new Error('EPERM: operation not permitted'), { code: 'EPERM' });
        throw new StorageFailed({ file: String(words[0]), doing: name, cause });
      }
      left = times;
      return act(...words);
    },
  };
}

async function writeAndSeal(disk: Disk): Promise<readonly number[]> {
  const options = { runId: 'r', server: 'S1', isDurable: true, sealEntries: 1, disk };
  const storage = lowdbStorage({ ...options, mustExist: false });
  await storage.load();
  const entries = entriesAfter([], { count: 3, term: 1 });
  await storage.write({ hardState: { currentTerm: 1, votedFor: 'S1' }, truncateFrom: null, entries });
  await storage.seal(2);
  await storage.checkpoint();
  await storage.close();
  const next = await lowdbStorage({ ...options, mustExist: true }).load();
  return next.state.entries.map(({ index }) => index);
}

test.each(['create', 'rename', 'remove', 'read'] as const)(
  'storage: each %s refused twice → everything is written',
  async (name) => {
    const held: HeldFile[] = [];
    const disk = patientDisk(
      holding(fakeDisk(), name, 2),
      (one) => held.push(one),
      () => undefined,
    );
    expect(await writeAndSeal(disk)).toEqual([1, 2, 3]);
    expect(held.length).toBeGreaterThan(0);
    expect(held[0]).toMatchObject({ code: 'EPERM', refusals: 2, waitedMs: 30 });
  },
);

test('storage: a rename always refused → fails, and names the file and the remedy', async () => {
  const disk = patientDisk(
    holding(fakeDisk(), 'rename', 99),
    () => undefined,
    () => undefined,
  );
  await expect(writeAndSeal(disk)).rejects.toThrow(/EPERM.*close the program that holds the file/);
});
