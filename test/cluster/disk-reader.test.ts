/** The lab's own reader agrees with the files that the server's storage wrote, and reports damage without failing. */

import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readDisk } from '../../src/cluster/disk/disk-reader.ts';
import { observeDisk } from '../../src/cluster/observe-disk.ts';
import { chainOf, GENESIS_CHAIN } from '../../src/core/raft/index.ts';
import type { LabEvent } from '../../src/core/trace/index.ts';
import type { LogEntry } from '../../src/core/vocabulary/index.ts';
import { lowdbStorage, type RaftStorage, realDisk } from '../../src/peer/storage/index.ts';

let folder: string;
let storage: RaftStorage;
let log: LogEntry[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-disk-'));
  log = [];
  const owner = { runId: 'r', server: 'S1' };
  storage = lowdbStorage({ disk: realDisk(folder), isDurable: false, mustExist: false, sealEntries: 20, ...owner });
  await storage.load();
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Appends `count` entries of this term in batches, after removing the entries from index `from` on. */
async function write(count: number, term: number, { batch = 1, from = log.length + 1 } = {}): Promise<void> {
  const truncateFrom = from <= log.length ? from : null;
  log.length = from - 1;
  for (let done = 0; done < count; done += batch) {
    const entries = Array.from({ length: Math.min(batch, count - done) }, () => next(term));
    await storage.write({ hardState: null, truncateFrom: done === 0 ? truncateFrom : null, entries });
  }
}

function next(term: number): LogEntry {
  const before = log.at(-1)?.chain ?? GENESIS_CHAIN;
  const wire = {
    ...({ index: log.length + 1, term, type: 'command', session: null, sequence: null } as const),
    command: { op: 'set', key: 'x', value: `value ${log.length + 1}` },
  };
  const entry: LogEntry = { ...wire, chain: chainOf(before, wire) };
  log.push(entry);
  return entry;
}

function tailFile(): string {
  return join(folder, 'log', readdirSync(join(folder, 'log')).find((name) => name.startsWith('tail-')) ?? '');
}

async function observed(everReady = true): Promise<LabEvent[]> {
  const notes: LabEvent[] = [];
  await observeDisk({ server: 'S1', folder, life: 3, everReady, note: (event) => notes.push(event) });
  return notes;
}

describe('reader: files of the real storage', () => {
  test('reader: short log → term, vote and every entry', async () => {
    await storage.write({ hardState: { currentTerm: 7, votedFor: 'S3' }, truncateFrom: null, entries: [] });
    await write(5, 7, { batch: 2 });
    const reading = await readDisk(folder, true);
    expect(reading.problems).toEqual([]);
    expect([reading.term, reading.votedFor, reading.lastIndex, reading.chain]).toEqual([7, 'S3', 5, log[4]?.chain]);
    expect(reading.entries).toEqual(log);
    expect(JSON.parse(reading.stateText)).toEqual(reading.state);
    expect(reading.files.map((file) => file.path)).toEqual(['log/tail-1.jsonl', 'state.json']);
  });

  test('reader: empty log → ends with the first chain', async () => {
    expect(await readDisk(folder, false)).toMatchObject({
      entries: [],
      lastIndex: 0,
      chain: GENESIS_CHAIN,
      problems: [],
    });
  });

  test('reader: truncated entries → not among the entries', async () => {
    await write(10, 1);
    await write(3, 2, { from: 6 });
    const reading = await readDisk(folder, false);
    expect([reading.lastIndex, reading.chain]).toEqual([8, log[7]?.chain]);
    expect(reading.entries).toEqual(log);
  });

  test('reader: long log, mostly sealed → its newest 50 entries', async () => {
    await write(130, 1, { batch: 7 });
    await storage.seal(110);
    await write(5, 2);
    const reading = await readDisk(folder, false);
    expect(reading.problems).toEqual([]);
    expect(reading.entries).toEqual(log.slice(-50));
    expect([reading.lastIndex, reading.chain]).toEqual([135, log[134]?.chain]);
  });

  test('reader: a server writes and seals meanwhile → no entry is missing', async () => {
    const seen: number[] = [];
    for (let round = 1; round <= 8; round += 1) {
      let isReading = true;
      const read = readDisk(folder, true).finally(() => {
        isReading = false;
      });
      do {
        await write(10, round, { batch: 3 });
        await storage.seal(log.length - 5);
        await new Promise((resume) => setImmediate(resume));
      } while (isReading);
      const now = await read;
      expect(now.problems).toEqual([]);
      expect(now.entries).toEqual(log.slice(0, now.lastIndex).slice(-50));
      seen.push(now.lastIndex);
    }
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });
});

describe('reader: damaged files', () => {
  test('reader: unfinished last line of a dead server → torn at every length, no damage', async () => {
    await write(3, 1);
    const whole = readFileSync(tailFile()).length;
    await write(1, 1);
    const bytes = readFileSync(tailFile());
    for (let cut = whole; cut < bytes.length; cut += 1) {
      writeFileSync(tailFile(), bytes.subarray(0, cut));
      const reading = await readDisk(folder, false);
      expect([cut, reading.lastIndex, reading.tornBytes, reading.problems]).toEqual([cut, 3, cut - whole, []]);
    }
  });

  test('reader: a flipped byte in any file → a problem that names the file', async () => {
    await write(45, 1, { batch: 4 });
    await storage.seal(40);
    await write(2, 1);
    for (const path of (await readDisk(folder, false)).files.map((file) => file.path)) {
      const bytes = readFileSync(join(folder, path));
      for (let at = 0; at < bytes.length; at += 97) {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ 1;
        writeFileSync(join(folder, path), flipped);
        const { problems } = await readDisk(folder, false);
        expect([path, at, problems.join().includes(path)]).toEqual([path, at, true]);
      }
      writeFileSync(join(folder, path), bytes);
    }
  });

  test('reader: missing files → reported', async () => {
    await write(2, 1);
    rmSync(join(folder, 'state.json'));
    expect((await readDisk(folder, false)).problems).toEqual(['state.json is not there']);
    rmSync(tailFile());
    expect((await readDisk(folder, false)).problems).toEqual(['state.json is not there', 'the log has no tail']);
  });
});

describe('DiskObserved', () => {
  test('DiskObserved: dead server → the content of its files', async () => {
    await storage.write({ hardState: { currentTerm: 4, votedFor: 'S2' }, truncateFrom: null, entries: [] });
    await write(6, 4);
    appendFileSync(tailFile(), '00000');
    expect(await observed()).toEqual([
      {
        event: 'DiskObserved',
        server: 'S1',
        ofLife: 3,
        ok: true,
        term: 4,
        votedFor: 'S2',
        lastIndex: 6,
        chain: log[5]?.chain,
        tornBytes: 5,
        message: '',
      },
    ]);
  });

  test('DiskObserved: damaged files → not ok, names the file', async () => {
    await write(2, 1);
    truncateSync(join(folder, 'state.json'), 10);
    expect(await observed()).toMatchObject([{ ok: false, message: expect.stringContaining('state.json') }]);
  });

  test('DiskObserved: server died before it was ever ready → its true, empty state', async () => {
    rmSync(join(folder, 'state.json'));
    expect(await observed(false)).toMatchObject([{ ok: true, term: 0, votedFor: null, lastIndex: 0 }]);
    expect(await observed(true)).toMatchObject([{ ok: false }]);
  });
});

test.skipIf(process.platform === 'win32')(
  'reader: a pipe has the name of a file → refused without waiting',
  async () => {
    await write(3, 1);
    rmSync(join(folder, 'state.json'));
    execFileSync('mkfifo', [join(folder, 'state.json')]);
    await expect(readDisk(folder, false)).rejects.toMatchObject({ error: { code: 'not-a-file' } });
  },
);
