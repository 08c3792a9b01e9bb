/**
 * The file judge finds the faults that the tests put into files of the real storage: a lost write, a doubled one, logs
 * that diverge.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chainOf, GENESIS_CHAIN } from '../../src/core/raft/index.ts';
import type { EntryContent, Json, LogEntry } from '../../src/core/vocabulary/index.ts';
import { lowdbStorage, type RaftStorage, realDisk } from '../../src/peer/storage/index.ts';
import { FileJudge } from '../../src/play/file-judge.ts';

const IDS = ['S1', 'S2'] as const;
let folder: string;
let storages: RaftStorage[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-judge-'));
  storages = [];
  for (const server of IDS) {
    const disk = realDisk(join(folder, server));
    const how = { isDurable: false, mustExist: false, sealEntries: 3, runId: 'r', server };
    const storage = lowdbStorage({ disk, ...how });
    await storage.load();
    storages.push(storage);
  }
});
afterEach(async () => {
  for (const storage of storages) await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

const session = (): EntryContent => ({ type: 'session' });
const append = (sequence: number, value: string, of = 1): EntryContent => ({
  type: 'command',
  session: of,
  sequence,
  command: { op: 'append', key: 'k', value },
});

/** Returns a log with one entry for each of these contents. */
function logOf(...contents: readonly EntryContent[]): readonly LogEntry[] {
  let chain = GENESIS_CHAIN;
  return contents.map((content, at) => {
    const wire = { ...content, index: at + 1, term: 1 };
    chain = chainOf(chain, wire);
    return { ...wire, chain };
  });
}

async function write(which: 0 | 1, entries: readonly LogEntry[], truncateFrom: number | null = null): Promise<void> {
  await storages[which]?.write({ hardState: null, truncateFrom, entries });
}

function evidence(settled: number, written: readonly (readonly [string, number | null])[], value: string) {
  const items = value === '' ? [] : [{ key: 'k', value }];
  return {
    settled,
    folders: Object.fromEntries(IDS.map((id) => [id, join(folder, id)])),
    written: written.map(([token, index]) => ({ token, key: 'k', index })),
    stores: { S1: items, S2: items },
  };
}

const problemsOf = (judge: FileJudge): readonly string[] => judge.findings().problems.map(({ en }) => en);
const GOOD = { lost: 0, doubled: 0, unequal: 0, problems: [] };

test('equal logs with every acknowledged write → no finding; repeated number → applied once', async () => {
  const judge = new FileJudge();
  const log = logOf(session(), append(1, 'a;'), append(1, 'a;'), append(2, 'b;'), append(3, 'c;'));
  for (const which of [0, 1] as const) await write(which, log.slice(0, 3));
  const first = evidence(3, [['a;', 2]], 'a;');
  await judge.look(first);
  for (const which of [0, 1] as const) await write(which, log.slice(3));
  const second = evidence(
    5,
    [
      ['b;', 4],
      ['c;', null],
      ['never;', null],
    ],
    'a;b;c;',
  );
  await judge.look(second);
  await judge.lookAtAll({ ...second, written: [] });
  expect(judge.findings()).toEqual(GOOD);
  expect(judge.entries).toBe(5);
});

test('acknowledged write in no log → lost; again under another number → applied twice', async () => {
  const judge = new FileJudge();
  const log = logOf(session(), append(1, 'a;'), append(2, 'a;'));
  for (const which of [0, 1] as const) await write(which, log);
  await judge.look(
    evidence(
      3,
      [
        ['a;', 2],
        ['gone;', 3],
      ],
      'a;a;',
    ),
  );
  expect(judge.findings()).toMatchObject({ lost: 1, doubled: 1, unequal: 0 });
  expect(problemsOf(judge).join('\n')).toMatch(
    /a; took effect again at entry 3[\s\S]*gone; for k was acknowledged at entry 3/,
  );
});

test('replay: every kind of command → the store of the servers', async () => {
  const judge = new FileJudge();
  const command = (sequence: number, ...more: readonly object[]): EntryContent => ({
    type: 'command',
    session: 1,
    sequence,
    command: Object.assign({ key: 'k' }, ...more),
  });
  const cas = (expected: string | null, value: string) => ({ op: 'cas', expected, value });
  const log = logOf(
    session(),
    command(1, cas(null, '1')),
    command(2, cas('2', '3')),
    command(3, cas('1', '4')),
    command(4, { key: 'gone', op: 'set', value: '1' }),
    command(5, { key: 'gone', op: 'delete' }),
  );
  for (const which of [0, 1] as const) await write(which, log);
  await judge.look(evidence(6, [], '4'));
  expect(judge.findings()).toEqual(GOOD);
});

test('logs diverge, or a store differs from its log → reported with the entry', async () => {
  const judge = new FileJudge();
  await write(0, logOf(session(), append(1, 'a;')));
  await write(1, logOf(session(), append(1, 'b;')));
  await judge.look(evidence(2, [], 'b;'));
  expect(problemsOf(judge)).toEqual([
    'S1 and S2 differ at entry 2',
    'S1: k is not what the log makes it',
    'S2: k is not what the log makes it',
  ]);
});

test('already judged entry: changed afterwards → reported', async () => {
  const judge = new FileJudge();
  const log = logOf(session(), append(1, 'a;'));
  for (const which of [0, 1] as const) await write(which, log);
  await judge.look(evidence(2, [], 'a;'));
  const other = logOf(session(), append(1, 'b;'), append(2, 'c;'));
  for (const which of [0, 1] as const) await write(which, other.slice(1), 2);
  await judge.look(evidence(3, [], 'a;c;'));
  expect(judge.findings().unequal).toBe(2);
  expect(problemsOf(judge)[0]).toBe('S1: entry 2 is not what it was when all servers had it');
});

/** Returns a command without a session: any JSON that Start() accepted. */
const start = (command: Json): EntryContent => ({ type: 'command', session: null, sequence: null, command });

test('store limits: longer keys and values, appends beyond 64 KiB → change nothing', async () => {
  const judge = new FileJudge();
  const long = 'x'.repeat(65_536);
  const log = logOf(
    start({ op: 'set', key: 'k', value: `${long}y` }),
    start({ op: 'set', key: 'k', value: long }),
    start({ op: 'append', key: 'k', value: 'y' }),
    start({ op: 'cas', key: 'k', expected: long, value: `${long}y` }),
    start({ op: 'set', key: 'k'.repeat(257), value: '1' }),
    start({ op: 'append', key: 'k'.repeat(257), value: '1' }),
  );
  for (const which of [0, 1] as const) await write(which, log);
  await judge.look(evidence(6, [], long));
  expect(judge.findings()).toEqual(GOOD);
  const refused = new FileJudge();
  await refused.look(evidence(6, [['y', 3]], long));
  expect(problemsOf(refused)).toEqual(['y for k was acknowledged at entry 3 and is in no log']);
});

test('Start() with JSON that is no command → in the log, changes nothing', async () => {
  const judge = new FileJudge();
  const log = logOf(
    start(null),
    start(7),
    start(['set']),
    start({ op: 'set', key: 'k' }),
    start({ op: 'set', key: 'k', value: 5 }),
    start({ op: 'append', key: 'k', value: null }),
    start({ op: 'cas', key: 'k', value: '1' }),
    start({ op: 'bump', key: 'k', value: '1' }),
    start({ op: 'delete', key: 9 }),
  );
  for (const which of [0, 1] as const) await write(which, log);
  await judge.look(evidence(9, [], ''));
  expect(judge.findings()).toEqual(GOOD);
  expect(judge.commands).toBe(9);
});

test('entries beyond the settled index on one server → not judged yet', async () => {
  const judge = new FileJudge();
  const log = logOf(session(), append(1, 'a;'), append(2, 'b;'));
  await write(0, log);
  await write(1, log.slice(0, 2));
  await judge.look(evidence(2, [['a;', 2]], 'a;'));
  expect(judge.findings()).toEqual(GOOD);
  expect(judge.entries).toBe(2);
  await judge.look(evidence(3, [['b;', 3]], 'a;b;'));
  expect(problemsOf(judge)).toEqual(['S2: its files end with entry 2, though it reported entry 3 on disk']);
});

test('server without an answer about its store → its files are judged, its store is not', async () => {
  const judge = new FileJudge();
  const log = logOf(session(), append(1, 'a;'));
  for (const which of [0, 1] as const) await write(which, log);
  await judge.look({ ...evidence(2, [['a;', 2]], 'a;'), stores: { S1: [{ key: 'k', value: 'a;' }] } });
  expect(judge.findings()).toEqual(GOOD);
  const wrong = new FileJudge();
  await wrong.look({ ...evidence(2, [], 'a;'), stores: { S1: [], S2: [{ key: 'k', value: 'b;' }] } });
  expect(problemsOf(wrong)).toEqual(['S1: 0 keys, the log makes 1', 'S2: k is not what the log makes it']);
});

describe('server without a process', () => {
  const log = logOf(session(), append(1, 'a;'), append(2, 'b;'), append(3, 'c;'), append(4, 'd;'));
  const other = logOf(session(), append(1, 'a;'), append(2, 'b;'), append(3, 'x;'), append(4, 'y;'));

  async function judged(settled: number, value: string): Promise<readonly string[]> {
    const judge = new FileJudge();
    const [S1, S2] = IDS.map((id) => join(folder, id)) as [string, string];
    const stores = { S1: [{ key: 'k', value }] };
    await judge.lookAtAll({ settled, folders: { S1 }, stopped: { S2 }, stores, written: [] });
    return problemsOf(judge);
  }

  test('stopped server: log ends earlier, or has uncommitted entries → no finding', async () => {
    await write(0, log);
    await write(1, log.slice(0, 3));
    await storages[1]?.seal(3);
    expect(await judged(5, 'a;b;c;d;')).toEqual([]);
    await write(1, other.slice(3));
    expect(await judged(5, 'a;b;c;d;')).toEqual([]);
  });

  test('stopped server: sealed another entry, or more than the others hold → violated', async () => {
    await write(0, log);
    await write(1, other);
    await storages[1]?.seal(5);
    expect(await judged(5, 'a;b;c;d;')).toEqual([
      'S2, which is down, sealed another entry 4 than the servers that run',
    ]);
    expect(await judged(4, 'a;b;c;')).toEqual([
      'S2, which is down, sealed committed entries up to 5; the servers that run end with 4',
    ]);
  });
});
