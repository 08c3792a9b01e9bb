/** `raft-lab check` of recordings and of other files: verdicts and exit codes. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { check } from '../../src/cli/check.ts';
import { EXIT } from '../../src/cli/exit.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { createSay } from '../../src/cli/words.ts';
import { judgeRunFolder } from '../../src/lab/index.ts';
import { keepTrace } from '../../src/recording/keep-trace.ts';
import { runPaths } from '../../src/recording/run-folder.ts';
import { exportedRun, keepRun } from '../helpers/exported-run.ts';
import { HEALTHY_SETTINGS } from '../helpers/healthy-trace.ts';

let dataFolder: string;

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-check-'));
});
afterEach(() => rmSync(dataFolder, { recursive: true, force: true }));

const terminal = (): Terminal =>
  ({ dataFolder, say: (key: string) => key, note: () => undefined, print: () => undefined }) as unknown as Terminal;

test.each([
  ['a run that is not there', 'nowhere', EXIT.failed],
  ['no run is named', null, EXIT.usage],
])('check: %s → the exit code in docs/terminal.md', async (_what, what, code) => {
  expect(await check(terminal(), { what, format: null, json: false })).toBe(code);
});

test('check: a run folder without events.jsonl → damaged, and the file is named', async () => {
  const runId = await keepTrace(dataFolder, HEALTHY_SETTINGS, []);
  const folder = join(dataFolder, 'runs', runId);
  rmSync(runPaths(folder).events);
  await expect(judgeRunFolder(folder)).rejects.toMatchObject({
    error: { code: 'run-damaged', params: { file: 'events.jsonl', detail: 'is missing' } },
  });
});

interface Checked {
  readonly code: number;
  readonly lines: readonly string[];
}

/** @returns the exit code and the printed lines. Rethrows a problem, which carry-out.ts would turn into a sentence */
async function checked(what: string, json = false): Promise<Checked> {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const interrupted = new AbortController().signal;
  const talking = { dataFolder, say: createSay('en'), language: 'en', print, note: print, interrupted };
  const code = await check(talking as unknown as Terminal, { what, format: null, json });
  return { code, lines };
}

test('check: an exported file → recognised by its content, and the verdict of its run folder', async () => {
  const runId = await keepRun(dataFolder);
  const ofFolder = await checked(join(dataFolder, 'runs', runId), true);
  expect(JSON.parse(ofFolder.lines.join(''))).toMatchObject({ outcome: 'valid' });
  const run = await exportedRun();
  for (const [name, content] of [
    ['run.jsonl', run],
    ['renamed.txt', run],
    ['windows.jsonl', `\uFEFF${run.toString().replaceAll('\n', '\r\n')}`],
    ['mixed.jsonl', run.toString().replace(/(?<=\n.*)\n/, '\r\n')],
  ] as const) {
    writeFileSync(join(dataFolder, name), content);
    expect(await checked(join(dataFolder, name), true), name).toEqual(ofFolder);
  }
  expect(ofFolder.code).toBe(EXIT.ok);
  expect(readdirSync(dataFolder).toSorted()).toEqual([
    'mixed.jsonl',
    'renamed.txt',
    'run.jsonl',
    'runs',
    'windows.jsonl',
  ]);
});

test('check: an exported file without its end → incomplete', async () => {
  const lines = (await exportedRun()).toString().trimEnd().split('\n');
  const path = join(dataFolder, 'run.jsonl');
  writeFileSync(path, `${lines.slice(0, -1).join('\n')}\n`);
  expect((await checked(path)).code).toBe(EXIT.undecided);
});

test('check: an exported file that was changed → damaged, with line and byte', async () => {
  const lines = (await exportedRun()).toString().split('\n');
  const path = join(dataFolder, 'run.jsonl');
  const changed = [...lines.slice(0, 200), lines[200]?.replace('"life":1', '"life":3'), ...lines.slice(201)];
  writeFileSync(path, changed.join('\n'));
  const { code, lines: said } = await checked(path);
  expect([code, said.join('\n')]).toEqual([
    EXIT.undecided,
    expect.stringMatching(/damaged +the run.*\n.*line 201, byte \d+/s),
  ]);
});

test('check: other file → asks for --format; empty or newer recording → no verdict', async () => {
  const path = join(dataFolder, 'file');
  writeFileSync(path, '{:process 1, :type :invoke, :f :read, :value nil}\n');
  expect(await checked(path)).toEqual({ code: EXIT.usage, lines: [expect.stringContaining('needs --format: jepsen')] });
  writeFileSync(path, '');
  await expect(checked(path)).rejects.toMatchObject({ error: { code: 'recording-empty' } });
  writeFileSync(path, (await exportedRun()).toString().replace(/"traceVersion":\d+/, '"traceVersion":99'));
  await expect(checked(path)).rejects.toMatchObject({ error: { code: 'recording-later', params: { version: 99 } } });
});
