/** Death within a write: half of the bytes are kept, and the next life cuts them off and reports it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deadlyDisk, lowdbStorage, realDisk } from '../../../src/peer/storage/index.ts';
import { entriesAfter } from '../support/workload.ts';

class Dead extends Error {}

test('failpoint: not armed → no effect; armed → only the next write is torn and lost', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'raft-lab-failpoint-'));
  try {
    const deadly = deadlyDisk(realDisk(folder), () => {
      throw new Dead();
    });
    const options = { runId: 'r', server: 'S1', isDurable: true };
    const storage = lowdbStorage({ ...options, disk: deadly.disk, mustExist: false });
    await storage.load();
    const entries = entriesAfter([], { count: 3, term: 1 });
    const write = (at: number) =>
      storage.write({
        hardState: at === 0 ? { currentTerm: 1, votedFor: null } : null,
        truncateFrom: null,
        entries: entries.slice(at, at + 1),
      });
    await write(0);
    await write(1);
    deadly.dieInNextWrite();
    await expect(write(2)).rejects.toThrow();
    const next = await lowdbStorage({ ...options, disk: realDisk(folder), mustExist: true }).load();
    expect(next.tornTail).toMatchObject({ bytes: expect.any(Number) });
    expect(next.state.entries.map(({ index }) => index)).toEqual([1, 2]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
