/**
 * A file that this server did not write stops the server with one sentence and without a change. Only a torn last line
 * is cut off.
 */
import { describe, expect, test, vi } from 'vitest';
import type { RestoredState } from '../../../src/core/raft/state.ts';
import { lowdbStorage, type RaftStorage, StorageDamaged } from '../../../src/peer/storage/index.ts';
import { type FakeDisk, fakeDisk } from '../support/fake-disk.ts';
import { applied, entriesAfter, NOTHING } from '../support/workload.ts';

// A test may take many seconds while the machine runs others.
vi.setConfig({ testTimeout: 60_000 });

type Files = ReadonlyMap<string, Buffer>;
interface Written {
  readonly files: Files;
  readonly state: RestoredState;
}

function start(disk: FakeDisk, { runId = 'run-1', server = 'S1', mustExist = true } = {}): RaftStorage {
  return lowdbStorage({ runId, server, disk, isDurable: true, mustExist, sealEntries: 5 });
}

function diskWith(files: Files): FakeDisk {
  const disk = fakeDisk();
  disk.makeFolder('log');
  for (const [path, bytes] of files) disk.put(path, bytes);
  return disk;
}

/** Returns a server's files with two segments and a tail, after a clean stop or a kill. */
async function written(
  { runId = 'run-1', server = 'S1', isKilled = false } = {},
  from: Written = { files: new Map(), state: NOTHING },
): Promise<Written> {
  const disk = diskWith(from.files);
  const storage = start(disk, { runId, server, mustExist: from.files.size > 0 });
  let { state } = await storage.load();
  const currentTerm = state.currentTerm + 1;
  for (const count of [6, 5, 3]) {
    const isFirst = state.currentTerm < currentTerm;
    const persist = {
      hardState: isFirst ? { currentTerm, votedFor: 'S2' } : null,
      truncateFrom: null,
      entries: entriesAfter(state.entries, { count, term: currentTerm }),
    };
    await storage.write(persist);
    state = applied(state, persist);
    if (count > 3) await storage.seal(state.entries.length);
  }
  if (!isKilled) await storage.close();
  return { files: new Map(disk.files()), state };
}

async function damageOf(disk: FakeDisk, options: { mustExist?: boolean } = {}): Promise<StorageDamaged> {
  const before = new Map(disk.files());
  const outcome = await start(disk, options)
    .load()
    .catch((error: unknown) => error);
  if (!(outcome instanceof StorageDamaged))
    throw new Error(`no damage found: ${JSON.stringify(outcome).slice(0, 300)}`);
  const after = disk.files();
  expect([...after.keys()]).toEqual([...before.keys()]);
  for (const [path, bytes] of before) expect(after.get(path)?.equals(bytes), `${path} is untouched`).toBe(true);
  return outcome;
}

async function damageAfter(files: Files, change: (files: Map<string, Buffer>) => void): Promise<StorageDamaged> {
  const changed = new Map(files);
  change(changed);
  return damageOf(diskWith(changed));
}

const pathOf = (files: Files, pattern: RegExp): string => {
  const path = [...files.keys()].find((name) => pattern.test(name));
  if (path === undefined) throw new Error(`no file like ${pattern}`);
  return path;
};
const bytesOf = (files: Files, path: string): Buffer => files.get(path) ?? Buffer.alloc(0);

describe('one changed byte', () => {
  test.each([
    ['after a clean stop', false],
    ['after a kill', true],
  ])('damage: one changed byte in any file, %s → error with the file and that byte', async (_, isKilled) => {
    const { files } = await written({ isKilled });
    expect([...files.keys()].sort()).toEqual(['log/1.json', 'log/7.json', 'log/tail-12.jsonl', 'state.json']);
    let checked = 0;
    for (const [path, bytes] of files) {
      for (let at = 0; at < bytes.length; at += 1) {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
        const damage = await damageAfter(files, (changed) => changed.set(path, flipped));
        expect([damage.kind, damage.file], `byte ${at} of ${path}`).toEqual(['damaged', `/fake/${path}`]);
        if (damage.offset !== at || !damage.message.includes(` at byte ${at} `))
          throw new Error(`byte ${at}: ${damage.message}`);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(3000);
  });

  test('damage: byte changed to NUL, newline or space → an error, not a torn line', async () => {
    const { files } = await written({ isKilled: true });
    const path = pathOf(files, /tail/);
    const bytes = bytesOf(files, path);
    for (const value of [0x00, 0x0a, 0x20]) {
      for (let at = 0; at < bytes.length; at += 1) {
        if (bytes[at] === value) continue;
        const changed = Buffer.from(bytes);
        changed[at] = value;
        expect((await damageAfter(files, (all) => all.set(path, changed))).file).toBe(`/fake/${path}`);
      }
    }
  });
});

describe('torn last line', () => {
  test.each([
    ['after a clean stop', false],
    ['after a kill', true],
  ])('torn last line, %s: cut after any byte → cut off and reported once', async (_, isKilled) => {
    const { files, state } = await written({ isKilled });
    const path = pathOf(files, /tail/);
    const bytes = bytesOf(files, path);
    const lastLine = bytes.subarray(0, -1).lastIndexOf(0x0a) + 1;
    const lost = isKilled ? 3 : 0;
    for (let k = 1; k < bytes.length - lastLine; k += 1) {
      const disk = diskWith(new Map(files).set(path, bytes.subarray(0, bytes.length - k)));
      const loaded = await start(disk).load();
      expect(loaded.tornTail).toEqual({ file: path, offset: lastLine, bytes: bytes.length - k - lastLine });
      expect(loaded.state.entries).toEqual(state.entries.slice(0, state.entries.length - lost));
      // The line was cut off durably, so the next start has nothing to report.
      const again = await start(disk.afterPowerCut(() => false)).load();
      expect(again).toEqual({ state: loaded.state, isFirstStart: false, tornTail: null });
    }
  });

  test('damage: tail cut within its header → an error, because a header is never torn', async () => {
    const { files } = await written();
    const path = pathOf(files, /tail/);
    const header = bytesOf(files, path).indexOf(0x0a) + 1;
    for (const length of [header, header - 1, 30, 5, 1]) {
      const damage = await damageAfter(files, (all) => all.set(path, bytesOf(files, path).subarray(0, length)));
      expect(damage.file).toBe(`/fake/${path}`);
    }
  });
});

describe('wrong file', () => {
  test('damage: a file, the log folder or everything missing → an error that names it', async () => {
    const { files } = await written();
    for (const path of files.keys()) {
      const damage = await damageAfter(files, (all) => all.delete(path));
      expect([damage.kind, damage.file]).toEqual(['missing', `/fake/${path}`]);
    }
    const noLog = diskWith(files);
    noLog.put('log', null);
    expect((await damageOf(noLog)).message).toBe(
      '/fake/log is missing at byte 0 (state.json says there is a log); put the file back, or go on without this server; no file was changed.',
    );
    expect((await damageOf(fakeDisk())).file).toBe('/fake/state.json');
    const onlyLog = diskWith(files);
    onlyLog.put('state.json', null);
    expect((await damageOf(onlyLog, { mustExist: false })).kind).toBe('missing');
  });

  test('damage: a file emptied → an error that names it', async () => {
    const { files } = await written();
    for (const path of files.keys()) {
      const damage = await damageAfter(files, (all) => all.set(path, Buffer.alloc(0)));
      expect([damage.kind, damage.file, damage.offset]).toEqual(['empty', `/fake/${path}`, 0]);
    }
  });

  test('damage: file of another server or run, or segments exchanged → swapped', async () => {
    const { files } = await written();
    for (const other of [await written({ server: 'S2' }), await written({ runId: 'run-2' })]) {
      for (const [path, bytes] of other.files) {
        const damage = await damageAfter(files, (all) => all.set(path, bytes));
        expect([damage.kind, damage.file]).toEqual(['swapped', `/fake/${path}`]);
      }
    }
    const exchanged = await damageAfter(files, (all) => {
      all.set('log/1.json', bytesOf(files, 'log/7.json')).set('log/7.json', bytesOf(files, 'log/1.json'));
    });
    expect([exchanged.kind, exchanged.file]).toEqual(['swapped', '/fake/log/1.json']);
    const asAnother = await damageAfter(files, (all) => all.set('log/12.json', bytesOf(files, 'log/7.json')));
    expect([asAnother.kind, asAnother.file]).toEqual(['swapped', '/fake/log/12.json']);
    const asState = await damageAfter(files, (all) => all.set('state.json', bytesOf(files, 'log/7.json')));
    expect([asState.kind, asState.file]).toEqual(['swapped', '/fake/state.json']);
  });

  test('damage: older state.json or tail after a clean stop → an error', async () => {
    const older = await written();
    const newer = await written({}, older);
    for (const pattern of [/state/, /tail/]) {
      const path = pathOf(older.files, pattern);
      const damage = await damageAfter(newer.files, (all) => all.set(path, bytesOf(older.files, path)));
      expect(['stale', 'missing'], damage.message).toContain(damage.kind);
    }
  });

  test('damage: copy from before the last writes, nothing sealed since → stale', async () => {
    const disk = fakeDisk();
    const storage = start(disk, { mustExist: false });
    await storage.load();
    const copies: Files[] = [];
    let { entries } = NOTHING;
    for (let turn = 1; turn <= 4; turn += 1) {
      copies.push(new Map(disk.files()));
      const added = entriesAfter(entries, { count: 1, term: turn });
      await storage.write({ hardState: { currentTerm: turn, votedFor: 'S1' }, truncateFrom: null, entries: added });
      entries = [...entries, ...added];
    }
    await storage.close();
    const now = new Map(disk.files());
    for (const copy of copies) {
      for (const path of ['state.json', 'log/tail-1.jsonl']) {
        const damage = await damageAfter(now, (all) => all.set(path, bytesOf(copy, path)));
        expect([damage.kind, damage.file], damage.message).toEqual(['stale', `/fake/${path}`]);
      }
    }
  });

  test('damage: state.json from before a vote, no entry written → stale', async () => {
    const disk = fakeDisk();
    const storage = start(disk, { mustExist: false });
    await storage.load();
    const before = bytesOf(disk.files(), 'state.json');
    await storage.write({ hardState: { currentTerm: 1, votedFor: 'S2' }, truncateFrom: null, entries: [] });
    disk.put('state.json', before);
    expect((await damageOf(disk.afterKill())).kind).toBe('stale');
  });

  test('damage: old tail that sealing had removed comes back → stale', async () => {
    const first = await written({ isKilled: true });
    const second = await written({}, first);
    const path = pathOf(first.files, /tail/);
    expect(second.files.has(path)).toBe(false);
    const damage = await damageAfter(second.files, (all) => all.set(path, bytesOf(first.files, path)));
    expect([damage.kind, damage.file]).toEqual(['stale', `/fake/${path}`]);
  });

  test('damage: tail loses complete lines that state.json covers → stale', async () => {
    const { files } = await written();
    const path = pathOf(files, /tail/);
    const bytes = bytesOf(files, path);
    const lastLine = bytes.subarray(0, -1).lastIndexOf(0x0a) + 1;
    const lineBefore = bytes.subarray(0, lastLine - 1).lastIndexOf(0x0a) + 1;
    const damage = await damageAfter(files, (all) => all.set(path, bytes.subarray(0, lineBefore - 5)));
    expect([damage.kind, damage.file]).toEqual(['stale', `/fake/${path}`]);
  });
});

test('damage: the sentence → names the file, the byte and what to do', async () => {
  const { files } = await written();
  const damage = await damageAfter(files, (all) => {
    const bytes = Buffer.from(bytesOf(files, 'state.json'));
    bytes[100] = 0x21;
    all.set('state.json', bytes);
  });
  expect(damage.message).toMatch(
    /^\/fake\/state\.json is damaged at byte 100 \(its content has the checksum [0-9a-f]{8}, it should be [0-9a-f]{8}\); put an undamaged copy of the file back, or go on without this server; no file was changed\.$/,
  );
});

test('storage: temporary file of an interrupted replacement → removed; other files → kept', async () => {
  const { files } = await written();
  const disk = diskWith(files);
  disk.put('state.json.0123456789ab.tmp', Buffer.from('half'));
  disk.put('log/12.json.0123456789ab.tmp', Buffer.from('half'));
  disk.put('log/notes.txt', Buffer.from('mine'));
  await start(disk).load();
  const names = [...disk.files().keys()];
  expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  expect(names).toContain('log/notes.txt');
});
