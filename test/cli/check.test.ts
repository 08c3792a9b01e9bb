/** `raft-lab check` when there is nothing to judge: the exit code says whose fault it is. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { check } from '../../src/cli/check.ts';
import { EXIT } from '../../src/cli/exit.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { judgeRunFolder } from '../../src/lab/index.ts';
import { keepTrace } from '../../src/lab/recording/keep-trace.ts';
import { runPaths } from '../../src/lab/recording/run-folder.ts';
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
])('check: %s → the code of docs/terminal.md', async (_what, what, code) => {
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
