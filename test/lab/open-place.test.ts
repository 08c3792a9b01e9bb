/**
 * An exported recording opened from its file without a cluster: its content, its effect on other files, and the files
 * that are refused.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLab, type Lab, MAX_OPENED_BYTES } from '../../src/lab/index.ts';
import { exportedRun, keepRun } from '../helpers/exported-run.ts';

const FILE = 'raft-lab-exam.jsonl';
let run: Buffer;
let folder: string;
let lab: Lab;
let path: string;

beforeAll(async () => {
  run = await exportedRun();
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-open-place-'));
  path = join(folder, FILE);
  writeFileSync(path, run);
  lab = await labOn('data');
});

afterEach(async () => {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a lab that must not start any program, as recordings need none. */
async function labOn(name: string): Promise<Lab> {
  return await createLab({ dataFolder: join(folder, name), programs: { peer: '', network: '', reaper: '' } });
}

const copies = (): readonly string[] => {
  try {
    return readdirSync(join(folder, 'data', 'opened'));
  } catch {
    return [];
  }
};

async function exported(): Promise<{ readonly fileName: string; readonly text: string }> {
  const answer = await lab.exportRun();
  if (!answer.ok) throw new Error(answer.error.message);
  const pieces: Uint8Array[] = [];
  for await (const piece of answer.value.stream) pieces.push(Buffer.from(piece));
  return { fileName: answer.value.fileName, text: Buffer.concat(pieces).toString() };
}

async function refusal(content: Buffer | string): Promise<string> {
  writeFileSync(path, content);
  const answer = await lab.openPlace(path);
  return answer.ok ? 'opened' : answer.error.message;
}

test('exported file: opened → a recording with its name, and the run’s events and views', async () => {
  const lines = run.toString().trimEnd().split('\n');
  const opened = await lab.openPlace(path);
  expect(opened).toMatchObject({ ok: true, value: { mode: 'past', file: FILE } });
  const last = JSON.parse(lines.at(-2) ?? '') as { readonly timeUs: number };
  const page = await lab.ask('events', { limit: 1_000, names: ['RunStarted', 'RunEnded'] });
  expect(page).toMatchObject({
    ok: true,
    value: { events: [{ event: 'RunStarted' }, { event: 'RunEnded' }], leftOut: 0 },
  });
  expect(await lab.ask('viewAt', { timeUs: last.timeUs })).toMatchObject({
    ok: true,
    value: { counts: { events: lines.length } },
  });
});

test('exported file: vanishes while it is open → the recording stays and exports whole', async () => {
  await lab.openPlace(path);
  rmSync(path);
  expect(await exported()).toEqual({ fileName: FILE, text: run.toString() });
});

test('exported file: opened and closed → the file is unchanged, and its copy is removed', async () => {
  const before = statSync(path).mtimeMs;
  await lab.openPlace(path);
  expect(copies()).toHaveLength(1);
  await lab.ask('closeRun', {});
  expect(copies()).toEqual([]);
  expect(readFileSync(path).equals(run)).toBe(true);
  expect(statSync(path).mtimeMs).toBe(before);
});

test('exported file: another recording is opened, or the lab closes → its copy is removed', async () => {
  await lab.openPlace(path);
  await lab.openPlace(path);
  expect(copies()).toHaveLength(1);
  await lab.close();
  expect(copies()).toEqual([]);
});

test('copies: of a lab that died → removed at the next start; of a living lab → kept', async () => {
  await lab.openPlace(path);
  const [living = ''] = copies();
  const opened = join(folder, 'data', 'opened');
  for (const name of ['dead', 'future', 'young']) cpSync(join(opened, living), join(opened, name), { recursive: true });
  for (const name of ['dead', 'future', 'young']) rmSync(join(opened, name, 'lock'));
  const long = new Date(Date.now() - 3_600_000);
  for (const name of ['dead', living]) utimesSync(join(opened, name), long, long);
  // The copy is dated in the future, as if the clock had been set back since.
  const ahead = new Date(Date.now() + 86_400_000);
  utimesSync(join(opened, 'future'), ahead, ahead);
  await (await labOn('data')).close();
  expect(copies().toSorted()).toEqual([living, 'young'].toSorted());
});

test('exported file: servers’ files and stores are requested → reported as absent', async () => {
  await lab.openPlace(path);
  const none = { ok: false, error: { code: 'no-server-files', params: { file: FILE } } };
  expect(await lab.ask('disk', { server: 'S1' })).toMatchObject(none);
  expect(await lab.ask('stores', { limit: 10 })).toMatchObject(none);
  expect(await lab.ask('process', { server: 'S1' })).toMatchObject({ ok: true, value: { server: 'S1' } });
});

test('exported file: Windows line ends and byte order mark → opened, with the original lines', async () => {
  const crlf = Buffer.from(`\uFEFF${run.toString().replaceAll('\n', '\r\n')}`);
  writeFileSync(path, crlf);
  expect(await lab.openPlace(path)).toMatchObject({ ok: true });
  expect((await exported()).text).toBe(run.toString());
  await lab.ask('closeRun', {});
  // An upload brings pieces that end anywhere, also between the two characters of a line end.
  const bytes = (async function* () {
    for (let at = 0; at < crlf.length; at += 101) yield crlf.subarray(at, at + 101);
  })();
  expect(await lab.openBytes({ name: FILE, bytes })).toMatchObject({ ok: true, value: { file: FILE } });
  expect((await exported()).text).toBe(run.toString());
});

test('exported file: damaged in the middle → opened up to the damage, which is named', async () => {
  const lines = run.toString().split('\n');
  const offset = lines.slice(0, 200).join('\n').length + 1;
  const changed = [...lines.slice(0, 200), lines[200]?.replace('"life":1', '"life":3'), ...lines.slice(201)];
  writeFileSync(path, changed.join('\n'));
  const flaw = { kind: 'checksum-differs', line: 201, offset };
  expect(await lab.openPlace(path)).toMatchObject({ ok: true, value: { mode: 'past', file: FILE, flaw } });
  const { timeUs } = JSON.parse(lines[199] ?? '');
  expect(await lab.ask('viewAt', { timeUs: timeUs + 10 ** 9 })).toMatchObject({
    ok: true,
    value: { counts: { events: 200 } },
  });
  writeFileSync(path, lines.slice(0, 100).join('\n'));
  expect(await lab.openPlace(path)).toMatchObject({ ok: true, value: { flaw: { kind: 'torn', line: 100 } } });
});

describe('file that cannot be opened', () => {
  afterEach(() => expect(copies()).toEqual([]));

  test('opened file: content of another kind → a sentence that names the kind', async () => {
    expect(await refusal('')).toBe(`${FILE} is empty: there is nothing to open.`);
    expect(await refusal(gzipSync(run))).toContain('is compressed. Unpack it first');
    expect(await refusal(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(run.toString(), 'utf16le')]))).toContain(
      'this is not UTF-8 text',
    );
    const others = ['{:process 1, :type :invoke}\n', 'hello', '\n\n', '{"a":1}\n', '[]', Buffer.alloc(200_000, 'x')];
    for (const other of others) expect(await refusal(other)).toContain(`${FILE} is not a recording`);
  });

  test('opened file: of a later version → its number and the remedy, whatever its line ends', async () => {
    const later = run.toString().replace(/"traceVersion":\d+/, '"traceVersion":99');
    const moved = later.replace(/"traceVersion":99,/, '').replace(/("startedAt":)/, '"traceVersion":99,$1');
    for (const text of [later, moved, later.replace('"seq":1', '"sequence":"1"')]) {
      expect(await refusal(text)).toMatch(/is a recording of trace version 99, .* Open it with a newer Raft Lab\.$/);
    }
  });

  test('opened file: beginning missing or damaged → refused with line and byte', async () => {
    const text = run.toString();
    const [first = '', ...rest] = text.split('\n');
    const damaged = [
      rest.join('\n'),
      first.slice(0, 40),
      first,
      text.replace('{"seq":1', '{"seq":x'),
      text.replace('"seed":5', '"seed":7'),
    ];
    for (const one of damaged) expect(await refusal(one)).toContain('line 1, byte 0, which says how the run was made');
  });

  test.skipIf(process.platform === 'win32')(
    'opened file: a pipe, a device, a missing file → refused at once',
    async () => {
      const pipe = join(folder, 'pipe.jsonl');
      execFileSync('mkfifo', [pipe]);
      const codes = [];
      for (const place of [pipe, '/dev/zero', join(folder, 'gone.jsonl'), join(folder, 'data')]) {
        const answer = await lab.openPlace(place);
        codes.push(answer.ok ? 'opened' : answer.error.code);
      }
      expect(codes).toEqual(['not-a-file', 'not-a-file', 'cannot-read', 'run-damaged']);
    },
  );

  test('opened file: over the limit → refused before it is read', async () => {
    truncateSync(path, MAX_OPENED_BYTES + 1);
    expect(await lab.openPlace(path)).toMatchObject({ ok: false, error: { code: 'recording-too-large' } });
  });

  test('upload: breaks off → an error, and no recording is open', async () => {
    const bytes = (async function* () {
      yield run.subarray(0, 3_000);
      throw new Error('the page is gone');
    })();
    expect(await lab.openBytes({ name: FILE, bytes })).toMatchObject({ ok: false });
    expect(await lab.ask('closeRun', {})).toEqual({ ok: true, value: { mode: 'idle' } });
  });

  test('opened file: refused → the recording that was open stays open', async () => {
    const runId = await keepRun(join(folder, 'data'));
    await lab.openPlace(runId);
    expect(await refusal('no recording')).toContain('is not a recording');
    expect(await lab.ask('ready', { autoStart: false })).toMatchObject({ ok: true, value: { mode: 'past', runId } });
  });
});

test('run folder elsewhere, run by its name: opened → used in place, without a copy', async () => {
  const elsewhere = join(folder, 'elsewhere');
  mkdirSync(elsewhere);
  const runId = await keepRun(elsewhere);
  const place = join(elsewhere, 'runs', runId);
  const opened = await lab.openPlace(place);
  expect(opened).toMatchObject({ ok: true, value: { mode: 'past', runId } });
  expect(opened.ok && 'file' in opened.value).toBe(false);
  expect(await lab.openPlace(runId)).toMatchObject({ ok: false, error: { code: 'unknown-run' } });
  cpSync(place, join(folder, 'data', 'runs', runId), { recursive: true });
  expect(await lab.openPlace(runId)).toMatchObject({ ok: true, value: { runId } });
  expect(copies()).toEqual([]);
});

afterAll(() => expect(run.length).toBeGreaterThan(100_000));
