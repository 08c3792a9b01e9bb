/** A simulated trace that was saved as a run is listed, folded and judged like a recorded run. */

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createJudge } from '../../src/core/check/index.ts';
import { simulate } from '../../src/core/simulation/index.ts';
import { emptyView, fold, parseTraceLine, type TraceEvent } from '../../src/core/trace/index.ts';
import { keepTrace } from '../../src/recording/keep-trace.ts';
import { findRun, listRuns, runPaths } from '../../src/recording/run-folder.ts';
import { temporaryFolder } from './helpers.ts';

test('saved trace: listed → with its settings, every event and no violation', async () => {
  const events: TraceEvent[] = [];
  simulate({ seed: 5, steps: 1_500, onEvent: (event) => events.push(event) });
  const [first] = events;
  if (first?.event !== 'RunStarted') throw new Error('a trace begins with its settings');
  const dataFolder = await temporaryFolder();
  const runId = await keepTrace(dataFolder, first.settings, events);
  expect(await listRuns(dataFolder)).toMatchObject([{ runId, ok: true, settings: first.settings }]);
  const run = await findRun(dataFolder, runId);
  if (run === null) throw new Error('the run is gone');
  const lines = (await readFile(runPaths(run).events, 'utf8')).trimEnd().split('\n');
  const judge = createJudge(first.settings.servers);
  let view = emptyView;
  for (const line of lines) {
    const parsed = parseTraceLine(line);
    if (!parsed.ok) throw new Error(parsed.problem);
    view = fold(view, parsed.event);
    judge.observe(parsed.event);
  }
  expect(lines).toHaveLength(events.length);
  expect(view.settings).toEqual(first.settings);
  expect(judge.verdicts().filter(({ outcome }) => outcome === 'violated')).toEqual([]);
});
