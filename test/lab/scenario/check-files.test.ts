/** The last word of the files: it waits until everything is there, and then finds what was planted in them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chainOf, GENESIS_CHAIN } from '../../../src/core/raft/index.ts';
import type { ServerStateView, StoreView } from '../../../src/core/wire/index.ts';
import { checkFiles, type FileParts } from '../../../src/lab/scenario/check-files.ts';
import { lowdbStorage, realDisk } from '../../../src/peer/storage/index.ts';

let folder: string;
let now = 0;

beforeEach(() => {
  now = 0;
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the real storage leaves of these appends. */
async function written(server: string, ...values: readonly string[]): Promise<void> {
  const disk = realDisk(join(folder, server));
  const storage = lowdbStorage({ disk, isDurable: false, mustExist: false, runId: 'r', server });
  await storage.load();
  let chain = GENESIS_CHAIN;
  const entries = values.map((value, at) => {
    const command = { op: 'append', key: 'k', value } as const;
    const wire = { type: 'command', session: null, sequence: null, command, index: at + 1, term: 1 } as const;
    chain = chainOf(chain, wire);
    return { ...wire, chain };
  });
  await storage.write({ hardState: null, truncateFrom: null, entries });
  await storage.close();
}

const told = (index: number, more: Partial<ServerStateView> = {}) =>
  ({ commitIndex: index, lastApplied: index, durableIndex: index, lastIndex: index, ...more }) as ServerStateView;
const holds = (value: string) => ({ items: [{ key: 'k', value }] }) as unknown as StoreView;

function parts(more: Partial<FileParts> = {}): FileParts {
  return {
    servers: ['S1', 'S2'],
    folderOf: (server) => join(folder, server),
    state: async () => told(2),
    stores: async () => ({ S1: holds('a;b;'), S2: holds('a;b;') }),
    appended: [
      { token: 'a;', key: 'k', index: 1 },
      { token: 'b;', key: 'k', index: 2 },
    ],
    nowMs: () => now,
    sleep: async (ms) => {
      now += ms;
    },
    ...more,
  };
}

test('equal files that hold what was acknowledged pass, once everything is applied and on disk everywhere', async () => {
  for (const server of ['S1', 'S2']) await written(server, 'a;', 'b;');
  const late = async (server: string) => told(2, server === 'S2' && now < 400 ? { durableIndex: 1 } : {});
  await checkFiles(parts({ state: late }));
  expect(now).toBe(400);
});

test.each([
  ['an entry that is not committed', { lastIndex: 3, durableIndex: 3 }],
  ['one that is not applied', { lastApplied: 1 }],
  ['one that the other has committed', { commitIndex: 1, lastApplied: 1, durableIndex: 1, lastIndex: 1 }],
])('%s is waited for, 10 s, and is then a violation', async (_what, lacks) => {
  const state = async (server: string) => told(2, server === 'S2' ? lacks : {});
  await expect(checkFiles(parts({ state }))).rejects.toMatchObject({
    kind: 'violated',
    message: expect.stringMatching(/within 10 s S1, S2/),
  });
  expect(now).toBe(10_000);
  await expect(checkFiles(parts({ state: async () => ({ noAnswer: true }) }))).rejects.toThrow('within 10 s');
});

test('a lost append and a store that differs are told', async () => {
  for (const server of ['S1', 'S2']) await written(server, 'a;', 'c;');
  const stores = async () => ({ S1: holds('a;c;'), S2: holds('a;c;') });
  await expect(checkFiles(parts({ stores }))).rejects.toMatchObject({
    kind: 'violated',
    message: expect.stringMatching(/b; for k was ackn/),
  });
  const appended = [{ token: 'a;', key: 'k', index: 1 }];
  await expect(checkFiles(parts({ appended }))).rejects.toThrow('S1: k is not what the log makes it');
});

test('a text that was appended twice on purpose cannot be told from a doubled command: unknown', async () => {
  const token = { token: 'a;', key: 'k', index: 1 };
  await expect(checkFiles(parts({ appended: [token, { ...token, index: 2 }] }))).rejects.toMatchObject({
    ...{ kind: 'unknown', message: expect.stringContaining('"a;" was appended twice') },
  });
});
