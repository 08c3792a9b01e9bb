/** The facts of the lab that menu and quit use: lists after each opened or closed run, steps of a playing scenario. */
import { expect, test, vi } from 'vitest';
import type { LabMode, LabPush } from '../../src/core/lab-api/index.ts';
import { type ClusterView, emptyView } from '../../src/core/trace/index.ts';
import { RECENT_RUNS, watchLab } from '../../src/main/lab-facts.ts';
import { createFakeLab } from '../helpers/fake-lab.ts';
import { run, scenario } from './lab-lists.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function playing(at: number, ended: NonNullable<ClusterView['scenario']>['ended'] = null): ClusterView['scenario'] {
  return {
    name: 'Tour',
    title: { en: 'Tour', zh: '导览' },
    seed: 1,
    steps: ['a', 'b', 'c'],
    reported: null,
    startedUs: 0,
    at,
    note: null,
    ended,
  };
}

function opened(mode: 'live' | 'past', runId: string, shown: ClusterView['scenario'] = null): LabPush {
  return { type: 'mode', mode: { mode, runId } as LabMode, view: { ...emptyView, scenario: shown } };
}

function steps(shown: ClusterView['scenario']): LabPush {
  return { type: 'view', patch: { top: { scenario: shown }, servers: {}, links: {}, entries: {} }, nowUs: 0 };
}

function watch() {
  const lab = createFakeLab();
  const runs = Array.from({ length: 15 }, (_, at) => run(`run-${at}`));
  lab.answer = async (name) => ({
    ok: true,
    value: name === 'listRuns' ? [run('locked', { ok: false }), ...runs] : [scenario('Tour')],
  });
  const onChange = vi.fn();
  return { lab, onChange, facts: watchLab(lab, onChange) };
}

test('facts: first push with nothing open → no list is read', async () => {
  const { lab, onChange } = watch();
  await settled();
  expect([lab.asked, onChange.mock.calls]).toEqual([[], []]);
});

test('facts: a run is opened → the other newest readable runs, and the scenarios', async () => {
  const { lab, facts, onChange } = watch();
  lab.push(opened('live', 'run-1'));
  expect(facts().mode).toBe('live');
  await settled();
  const ids = facts().runs.map(({ runId }) => runId);
  expect([ids.length, ids[0], ids[1], facts().scenarios.length]).toEqual([RECENT_RUNS, 'run-0', 'run-2', 1]);
  // One call each for the open workspace, the runs and the scenarios.
  expect(onChange).toHaveBeenCalledTimes(3);
  // Only the newest runs are read, because reading blocks the lab.
  expect(lab.asked).toContainEqual({ name: 'listRuns', ask: { newest: 2 * RECENT_RUNS } });
  lab.push({ type: 'mode', mode: { mode: 'idle' }, view: emptyView });
  await settled();
  expect([facts().mode, facts().runs[1]?.runId]).toEqual(['idle', 'run-1']);
  expect(lab.asked.map(({ name }) => name)).toEqual(['listRuns', 'listScenarios', 'listRuns']);
});

test('facts: two runs opened, first list arrives last → the newest list stays', async () => {
  const { lab, facts } = watch();
  const late: (() => void)[] = [];
  const { answer } = lab;
  lab.answer = (name, ask) =>
    new Promise((resolve) => {
      late.push(() => void answer(name, ask).then(resolve));
    });
  lab.push(opened('live', 'run-0'));
  lab.push(opened('live', 'run-1'));
  for (const one of late.toReversed()) {
    one();
    await settled();
  }
  expect(
    facts()
      .runs.map(({ runId }) => runId)
      .slice(0, 2),
  ).toEqual(['run-0', 'run-2']);
});

test('facts: one list is refused → the other is still shown', async () => {
  const { lab, facts } = watch();
  const { answer } = lab;
  const error = { code: 'cannot-write', params: {}, message: 'no' } as const;
  lab.answer = async (name, ask) => (name === 'listRuns' ? { ok: false, error } : await answer(name, ask));
  lab.push(opened('live', 'run-0'));
  await settled();
  expect([facts().runs, facts().scenarios.length]).toEqual([[], 1]);
});

test('facts: a scenario plays → steps left, reported once a step until its end', async () => {
  const { lab, facts, onChange } = watch();
  lab.push(opened('live', 'run-0', playing(-1)));
  expect(facts().playing).toEqual({ steps: 3, stepsLeft: 3 });
  await settled();
  onChange.mockClear();
  for (const at of [0, 1, 1, 2]) lab.push(steps(playing(at)));
  expect(facts().playing).toEqual({ steps: 3, stepsLeft: 1 });
  lab.push(steps(playing(2, { verdict: 'valid', reason: null, seconds: 2 })));
  expect([facts().playing, onChange.mock.calls.length]).toEqual([null, 3]);
});

test('facts: recording of an unfinished scenario → nothing plays', () => {
  const { lab, facts } = watch();
  lab.push(opened('past', 'run-0', playing(1)));
  lab.push(steps(playing(1)));
  expect(facts().playing).toBeNull();
});
