/** Recordings of trace version 1. They must open and give the same verdicts as in that version. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { judgeRunFolder } from '../../src/lab/index.ts';
import { openRun } from '../../src/recording/index.ts';
import { top } from '../scripts/scripts.ts';

/**
 * The recordings: a scenario, a continued run, a run whose lab was killed, and a run whose three servers never wrote
 * their votes.
 */
const RUNS = ['scenario', 'continued', 'killed', 'violated'] as const;
const folderOf = (name: string): string => join(top, 'test', 'fixtures', 'trace-1', name);

describe.each(RUNS)('version 1: %s', (name) => {
  test('old recording: judged → same verdicts as from its own version', async () => {
    const expected: unknown = JSON.parse(await readFile(join(folderOf(name), 'verdict.json'), 'utf8'));
    const { verdicts, history, liveness, scenario, ...found } = await judgeRunFolder(folderOf(name));
    expect({
      outcome: found.outcome,
      events: found.events,
      lastSeq: found.lastSeq,
      history: history.verdict,
      liveness: liveness.outcome,
      scenario: scenario?.verdict ?? null,
      properties: Object.fromEntries(verdicts.map(({ property, outcome }) => [property, outcome])),
    }).toEqual(expected);
  });

  test('old recording: opened → every event and the last view', async () => {
    const { events } = JSON.parse(await readFile(join(folderOf(name), 'verdict.json'), 'utf8')) as { events: number };
    const opened = await openRun(folderOf(name));
    if (!opened.ok) throw new Error(opened.error.message);
    expect(opened.value.size).toBe(events);
    const view = await opened.value.viewAt(opened.value.span().toUs);
    expect(view.counts.events).toBe(events);
    expect(Object.keys(view.servers)).toEqual(['S1', 'S2', 'S3']);
  });
});
