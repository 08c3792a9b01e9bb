/** Typed lengths become ticks at the pace, and the ruler holds every length of the experiment. */
import { expect, test } from 'vitest';
import { DEFAULT_TIMING } from '../../src/core/vocabulary/index.ts';
import { isOfPace, rulerOf, shownValue, withTyped } from '../../src/renderer/experiment/draft.ts';
import { choiceOf, experimentOf, firstRun, runLike } from '../../src/renderer/runs/new-run-choice.ts';

test('field: default timing at classroom → milliseconds of the pace', () => {
  const shown = (name: Parameters<typeof shownValue>[1]) => shownValue(DEFAULT_TIMING, name, 'classroom');
  expect([shown('electionTicks'), shown('electionMaxTicks'), shown('heartbeatTicks')]).toEqual([1500, 3000, 500]);
  expect([shown('hopTicks'), shown('jitterTicks'), shown('lossPercent')]).toEqual([200, 0, 0]);
});

test('typed value: milliseconds → ticks within the limits; no number → unchanged', () => {
  const typed = (text: string) => withTyped(DEFAULT_TIMING, 'heartbeatTicks', text, 'classroom').heartbeatTicks;
  expect([typed('740'), typed('0'), typed('-9'), typed('999999')]).toEqual([7, 1, 1, 500]);
  expect([typed('abc'), typed(''), typed(' ')]).toEqual([5, 5, 5]);
  expect(withTyped(DEFAULT_TIMING, 'hopTicks', '20', 'classroom').hopTicks).toBe(0.2);
  expect(withTyped(DEFAULT_TIMING, 'lossPercent', '2,5', 'classroom').lossPercent).toBe(2.5);
});

test('election timeouts: shortest above the longest → pushes it, and the other way round', () => {
  const long = withTyped(DEFAULT_TIMING, 'electionTicks', '4000', 'classroom');
  expect(long).toMatchObject({ electionTicks: 40, electionMaxTicks: 40 });
  expect(withTyped(long, 'electionMaxTicks', '1000', 'classroom')).toMatchObject({
    ...{ electionTicks: 10, electionMaxTicks: 10 },
  });
});

test('pace’s own: default timing and the same values typed → true; anything else → false', () => {
  expect(isOfPace(DEFAULT_TIMING, 'classroom')).toBe(true);
  expect(isOfPace(withTyped(DEFAULT_TIMING, 'hopTicks', '200', 'classroom'), 'classroom')).toBe(true);
  expect(isOfPace(withTyped(DEFAULT_TIMING, 'lossPercent', '1', 'classroom'), 'classroom')).toBe(false);
});

test('ruler: narrow range at classroom → scale to its end, every heartbeat, both lengths', () => {
  const run = firstRun(7);
  const timing = withTyped(run.timing, 'electionMaxTicks', '1800', 'classroom');
  expect(rulerOf(experimentOf({ ...run, timing }))).toEqual({
    ...{ endMs: 2_000, stepMs: 500, heartbeats: [0, 500, 1_000, 1_500, 2_000] },
    ...{ roundTripMs: 400, shortestMs: 1_500, longestMs: 1_800 },
  });
  const busy = rulerOf(experimentOf({ ...run, timing: { electionTicks: 1_000, heartbeatTicks: 1 } }));
  expect(busy.heartbeats).toHaveLength(40);
});

test('choice: own timing → sent; the pace’s own → left out; wrong rule on all → every server', () => {
  const run = firstRun(7);
  expect(choiceOf(run)).toEqual({ servers: 5, pace: 'classroom', preset: 'paper', durability: 'fsync', seed: 7 });
  const all = choiceOf({
    ...run,
    servers: 2,
    mutant: 'no-log-check',
    mutantOf: 0,
    timing: { ...run.timing, hopTicks: 3 },
  });
  expect(all).toMatchObject({ hopTicks: 3, mutants: { S1: 'no-log-check', S2: 'no-log-check' } });
  expect(choiceOf({ ...run, servers: 3, mutant: 'no-log-check', mutantOf: 5 }).mutants).toEqual({ S1: 'no-log-check' });
});

test('again: settings of a run → the same choice, with its seed, flags and timing', () => {
  const flags = { preVote: true, checkQuorum: false, noop: true };
  const timing = { electionTicks: 15, electionMaxTicks: 18, heartbeatTicks: 5 };
  const run = { servers: ['S1', 'S2', 'S3'], pace: 'real', durability: 'os-cache', seed: 9 } as const;
  expect(choiceOf(runLike({ ...run, ...timing, preset: 'custom', flags }))).toEqual({
    ...{ servers: 3, pace: 'real', preset: 'paper', durability: 'os-cache', seed: 9, flags, ...timing },
  });
});
