/**
 * checkFiles waits until all entries are applied and on disk, and then finds the faults that the tests put into the
 * files.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chainOf, GENESIS_CHAIN } from '../../src/core/raft/index.ts';
import type { ServerStateView, StoreView } from '../../src/core/wire/index.ts';
import { lowdbStorage, realDisk } from '../../src/peer/storage/index.ts';
import { checkFiles, type FileParts, type Whereabouts } from '../../src/play/check-files.ts';

let folder: string;
let now = 0;

beforeEach(() => {
  now = 0;
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes the files that the real storage makes of these appends. */
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
const holds = (value: string): StoreView => ({ lastApplied: 2, total: 1, items: [{ key: 'k', value }], next: null });
const silent = { noAnswer: true } as const;

function parts(more: Partial<FileParts> = {}): FileParts {
  return {
    servers: ['S1', 'S2'],
    whereabouts: () => 'running',
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

test('checkFiles: equal files with all acknowledged entries → valid, once all is applied', async () => {
  for (const server of ['S1', 'S2']) await written(server, 'a;', 'b;');
  const late = async (server: string) => told(2, server === 'S2' && now < 400 ? { durableIndex: 1 } : {});
  await checkFiles(parts({ state: late }));
  expect(now).toBe(400);
});

test.each([
  ['an entry is not committed', { lastIndex: 3, durableIndex: 3 }],
  ['an entry is not applied', { lastApplied: 1 }],
  [
    'one server has not committed what the other has',
    { commitIndex: 1, lastApplied: 1, durableIndex: 1, lastIndex: 1 },
  ],
])('checkFiles: %s → violated after a wait of 10 s', async (_what, lacks) => {
  const state = async (server: string) => told(2, server === 'S2' ? lacks : {});
  await expect(checkFiles(parts({ state }))).rejects.toMatchObject({
    kind: 'violated',
    message: expect.stringMatching(/within 10 s S1, S2/),
  });
  expect(now).toBe(10_000);
});

test('checkFiles: lost append, or a store that differs → violated', async () => {
  for (const server of ['S1', 'S2']) await written(server, 'a;', 'c;');
  const stores = async () => ({ S1: holds('a;c;'), S2: holds('a;c;') });
  await expect(checkFiles(parts({ stores }))).rejects.toMatchObject({
    kind: 'violated',
    message: expect.stringMatching(/b; for k was ackn/),
  });
  const appended = [{ token: 'a;', key: 'k', index: 1 }];
  await expect(checkFiles(parts({ appended }))).rejects.toThrow('S1: k is not what the log makes it');
});

const at = (where: Readonly<Record<string, Whereabouts>>) => (server: string) => where[server] ?? 'running';

test.each([
  ['running, no answer', {}, 'S2 (running) did not answer within 10 s'],
  ['frozen', { S2: 'frozen' }, 'S2 (frozen) did not answer within 10 s'],
  ['starting', { S2: 'starting' }, 'S2 (starting) did not answer within 10 s'],
] as const)('checkFiles: %s → unknown after 10 s, with what is missing', async (_what, where, message) => {
  const state = async (server: string) => (server === 'S2' ? silent : told(2));
  const asked = checkFiles(parts({ whereabouts: at(where), state }));
  await expect(asked).rejects.toMatchObject({ kind: 'unknown', message: expect.stringContaining(message) });
  expect(now).toBe(10_000);
});

test.each([
  ['no majority', { S2: 'down' }, 'S2 of 2 servers are down'],
  ['no process anywhere', { S1: 'down', S2: 'down' }, 'no server runs'],
] as const)('checkFiles: %s → unknown at once', async (_what, where, message) => {
  await expect(checkFiles(parts({ whereabouts: at(where) }))).rejects.toMatchObject({
    kind: 'unknown',
    message: expect.stringContaining(message),
  });
  expect(now).toBe(0);
});

test('checkFiles: one of three silent, and the files of the others differ → violated', async () => {
  await written('S1', 'a;', 'b;');
  await written('S2', 'a;', 'c;');
  const state = async (server: string) => (server === 'S3' ? silent : told(2));
  await expect(checkFiles(parts({ servers: ['S1', 'S2', 'S3'], state }))).rejects.toMatchObject({
    kind: 'violated',
    message: 'S1 and S2 differ at entry 2',
  });
});

test('checkFiles: one of three down → its files may lag, but not be damaged', async () => {
  for (const server of ['S1', 'S2']) await written(server, 'a;', 'b;');
  await written('S3', 'a;');
  const three = parts({ servers: ['S1', 'S2', 'S3'], whereabouts: at({ S3: 'down' }) });
  await checkFiles(three);
  rmSync(join(folder, 'S3'), { recursive: true });
  await expect(checkFiles(three)).rejects.toMatchObject({ kind: 'violated', message: 'S3: the log has no tail' });
});

test('checkFiles: store silent for 9 s, then answers → valid; silent to the end → unknown', async () => {
  for (const server of ['S1', 'S2']) await written(server, 'a;', 'b;');
  const stores = async () => {
    now += 500;
    return { S1: holds('a;b;'), S2: now < 9_000 ? null : holds('a;b;') };
  };
  await checkFiles(parts({ stores }));
  const never = async () => ({ S1: holds('a;b;'), S2: null });
  await expect(checkFiles(parts({ stores: never }))).rejects.toMatchObject({
    kind: 'unknown',
    message: expect.stringContaining('S2 did not answer with the whole store'),
  });
});

test('checkFiles: store in pages → compared to its last key', async () => {
  for (const server of ['S1', 'S2']) await written(server, 'a;', 'b;');
  const first: StoreView = { lastApplied: 2, total: 2, items: [{ key: 'k', value: 'a;b;' }], next: 'k' };
  const second: StoreView = { lastApplied: 2, total: 2, items: [{ key: 'l', value: '1' }], next: null };
  const stores = async (after: string | undefined) => ({ S1: after === 'k' ? second : first, S2: holds('a;b;') });
  await expect(checkFiles(parts({ stores }))).rejects.toThrow('S1: l is not what the log makes it');
});

test('checkFiles: the cluster commits more while stores are read → read again, then unknown', async () => {
  for (const server of ['S1', 'S2']) await written(server, 'a;', 'b;');
  const moved = async () => ({ S1: holds('a;b;'), S2: { ...holds('a;b;'), lastApplied: now < 100 ? 3 : 2 } });
  await checkFiles(parts({ stores: moved }));
  expect(now).toBe(100);
  const busy = async () => told(2 + Math.floor(now / 100), { durableIndex: 1 });
  await expect(checkFiles(parts({ state: busy }))).rejects.toMatchObject({
    kind: 'unknown',
    message: expect.stringContaining('still being written'),
  });
});

test('checkFiles: logs without a command → unknown', async () => {
  for (const server of ['S1', 'S2']) await written(server);
  const empty = { lastApplied: 0, total: 0, items: [], next: null };
  const asked = checkFiles(
    parts({ state: async () => told(0), stores: async () => ({ S1: empty, S2: empty }), appended: [] }),
  );
  await expect(asked).rejects.toMatchObject({
    kind: 'unknown',
    message: expect.stringContaining('nothing was written'),
  });
});

test('checkFiles: same text appended by two commands → unknown, as one may have applied twice', async () => {
  const token = { token: 'a;', key: 'k', index: 1 };
  await expect(checkFiles(parts({ appended: [token, { ...token, index: 2 }] }))).rejects.toMatchObject({
    kind: 'unknown',
    message: expect.stringContaining('"a;" was appended twice'),
  });
});
