/**
 * Measures how long a server needs at its start to read and check 100,000 entries. Not part of `npm test`; run it with
 * `npx vitest bench --run --config test/vitest.config.ts --project unit`. The bundled program is faster.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, bench } from 'vitest';
import { lowdbStorage, realDisk } from '../../src/peer/storage/index.ts';
import { entriesAfter } from '../peer/support/workload.ts';

const COUNT = 100_000;
const folder = mkdtempSync(join(tmpdir(), 'raft-lab-bench-'));
const open = (mustExist: boolean) =>
  lowdbStorage({ runId: 'run-1', server: 'S1', disk: realDisk(join(folder, 'S1')), isDurable: false, mustExist });

beforeAll(async () => {
  const storage = open(false);
  await storage.load();
  const entries = entriesAfter([], { count: COUNT, term: 2, bytes: 100 });
  await storage.write({ hardState: { currentTerm: 2, votedFor: 'S1' }, truncateFrom: null, entries });
  await storage.seal(COUNT - 100);
  await storage.close();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

bench(
  'read and check 100,000 entries',
  async () => {
    const storage = open(true);
    await storage.load();
    await storage.close();
  },
  { iterations: 5, warmupIterations: 1, time: 0 },
);
