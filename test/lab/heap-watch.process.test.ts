/**
 * A lab whose memory is nearly used up ends its run in order. The recording is whole and judged and names the reason,
 * and no process is left.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeRunFolder } from '../../src/lab/index.ts';
import { type Bundle, bundlePrograms, LAB_PROGRAMS } from '../helpers/bundle.ts';
import { processesOf } from '../helpers/processes-of.ts';

let bundle: Bundle;
let dataFolder: string;
beforeAll(async () => {
  bundle = await bundlePrograms({ ...LAB_PROGRAMS, lab: 'test/lab/support/greedy-lab.ts' });
  dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-greedy-'));
});
afterAll(async () => {
  rmSync(dataFolder, { recursive: true, force: true });
  await bundle.remove();
});

test('lab: memory nearly used up → run ends as lab failure, recorded and judged; no process left', async () => {
  const words = ['--max-old-space-size=400', bundle.file('lab'), dataFolder, bundle.folder];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect([code, said]).toEqual([0, expect.stringMatching(/^run \S+\nover /)]);

  const [, runId = ''] = /^run (\S+)/.exec(said) ?? [];
  const folder = join(dataFolder, 'runs', runId);
  const events = readFileSync(join(folder, 'events.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.find(({ event }) => event === 'LabFailed')).toMatchObject({
    message: expect.stringMatching(/memory is nearly used up \(\d+ of \d+ MiB\)/),
  });
  expect(events.at(-1)).toMatchObject({ event: 'RunEnded', reason: 'lab-failure' });
  expect(await judgeRunFolder(folder)).toMatchObject({ outcome: 'lab-failure' });
  const outcomes = (await judgeRunFolder(folder)).verdicts.map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === 'violated' || outcome === 'unknown')).toEqual([]);
  expect(JSON.parse(readFileSync(join(folder, 'verdicts.json'), 'utf8'))).toMatchObject({ isWhole: true });
  expect(processesOf(runId)).toEqual([]);
});
