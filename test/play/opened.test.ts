/** A file opened by its path: its content as a request, or an error that names the file. `ready` plays it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { LIMITS } from '../../src/core/lab-api/index.ts';
import { openAtReady, readOpenedScenario } from '../../src/lab/index.ts';
import { createFakeLab } from '../helpers/fake-lab.ts';

const folder = mkdtempSync(join(tmpdir(), 'raft-lab-opened-'));
const write = (name: string, text = 'name: Own\n'): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(['own.yaml', 'own.yml', 'own 2.raftscenario', 'OWN.YAML'])(
  'opened scenario: %s → the request that plays it',
  async (name) => {
    const ask = { file: name, text: 'name: Own\n', seed: null };
    expect(await readOpenedScenario(write(name))).toEqual({ ok: true, value: ask });
  },
);

test('opened scenario: a folder, a missing file → an error with its name', async () => {
  mkdirSync(join(folder, 'folder.yaml'));
  const codes = await Promise.all(
    [join(folder, 'folder.yaml'), join(folder, 'gone.yaml')].map(async (path) => {
      const opened = await readOpenedScenario(path);
      return opened.ok ? null : [opened.error.code, opened.error.params, opened.error.message];
    }),
  );
  const [folderPath, gone] = [join(folder, 'folder.yaml'), join(folder, 'gone.yaml')];
  expect(codes).toEqual([
    ['not-a-file', { path: folderPath }, expect.stringContaining(`${folderPath} is not a file that can be read`)],
    ['cannot-read', { path: gone, errno: 'ENOENT' }, `${gone} cannot be read (ENOENT).`],
  ]);
});

test('opened scenario: Latin-1 or UTF-16 → refused with the line, never decoded wrongly', async () => {
  const text = 'name: Own\n# caf\u00e9\n';
  for (const [bytes, line] of [
    [Buffer.from(text, 'latin1'), 2],
    [Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]), 1],
  ] as const) {
    const path = write('own.yaml');
    writeFileSync(path, bytes);
    expect(await readOpenedScenario(path)).toMatchObject({
      ok: false,
      error: { code: 'not-utf8', params: { file: 'own.yaml', line } },
    });
  }
});

test.skipIf(process.platform === 'win32')('opened scenario: a pipe without a writer → refused at once', async () => {
  const pipe = join(folder, 'pipe.yaml');
  execFileSync('mkfifo', [pipe]);
  expect(await readOpenedScenario(pipe)).toMatchObject({ ok: false, error: { code: 'not-a-file' } });
});

test('opened scenario: largest allowed size → read; larger, or a terabyte → too large', async () => {
  expect(await readOpenedScenario(write('most.yaml', '钥'.repeat(LIMITS.scenarioLength)))).toMatchObject({ ok: true });
  const sparse = write('sparse.yaml', '');
  truncateSync(sparse, 2 ** 40);
  for (const path of [write('long.yaml', 'x'.repeat(LIMITS.scenarioLength + 1)), sparse]) {
    expect(await readOpenedScenario(path)).toMatchObject({ ok: false, error: { code: 'file-too-large' } });
  }
});

test('ready: a file waits → played in place of the usual run, once', async () => {
  const lab = createFakeLab();
  let waiting: string | null = write('own.yaml');
  const ask = openAtReady(lab, () => {
    const path = waiting;
    waiting = null;
    return path;
  });
  await ask('listRuns', {});
  expect(await ask('ready', { autoStart: true })).toEqual({ ok: true, value: { mode: 'idle' } });
  await ask('ready', { autoStart: true });
  expect(lab.asked).toEqual([
    { name: 'listRuns', ask: {} },
    { name: 'playScenarioFile', ask: { file: 'own.yaml', text: 'name: Own\n', seed: null } },
    { name: 'ready', ask: { autoStart: true } },
  ]);
});

test('ready: the waiting file cannot be read → its error; the lab gets no request', async () => {
  const lab = createFakeLab();
  const answer = await openAtReady(lab, () => join(folder, 'gone.yaml'))('ready', { autoStart: true });
  expect([answer, lab.asked]).toMatchObject([{ ok: false, error: { code: 'cannot-read' } }, []]);
});

test('ready: a recording waits → opened in place of the usual run', async () => {
  const lab = createFakeLab();
  expect(await openAtReady(lab, () => '/a/run.jsonl')('ready', { autoStart: true })).toMatchObject({ ok: true });
  expect([lab.opened, lab.asked]).toEqual([['/a/run.jsonl'], []]);
});

test('ready: neither name nor content is known → an error that names both kinds', async () => {
  const lab = createFakeLab();
  lab.answer = async () => ({ ok: false, error: { code: 'not-a-recording', params: { file: 'x' }, message: 'no' } });
  const params = { file: 'notes.txt', endings: '.yaml, .yml, .raftscenario, .jsonl' };
  const error = { code: 'unknown-file', params };
  expect(await openAtReady(lab, () => '/a/notes.txt')('ready', {})).toMatchObject({ ok: false, error });
  expect(await openAtReady(lab, () => '/a/run.jsonl')('ready', {})).toMatchObject({
    error: { code: 'not-a-recording' },
  });
});
