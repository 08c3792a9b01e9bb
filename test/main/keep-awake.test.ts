/** The computer is kept awake while a scenario plays, and not for other runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LabMode, LabPush } from '../../src/core/lab-api/index.ts';
import { emptyView } from '../../src/core/trace/empty-view.ts';
import type { ScenarioView } from '../../src/core/trace/view.ts';
import { runApp } from '../../src/main/run-app.ts';
import { settings } from '../core/trace/story.ts';
import { createElectron, type FakeElectron } from '../helpers/electron.ts';
import { createFakeLab, type FakeLab } from '../helpers/fake-lab.ts';

let folder: string;
let electron: FakeElectron;
let lab: FakeLab;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-awake-'));
  electron = createElectron({ logs: folder });
  lab = createFakeLab();
  const around = { folder, env: { RAFT_LAB_DATA_DIR: folder }, home: () => folder, platform: 'linux' } as const;
  await runApp(electron.parts, {
    ...around,
    createLab: () => lab,
    process: { on: () => undefined, off: () => undefined },
  });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const live: LabMode = { mode: 'live', runId: 'run', settings };
const past: LabMode = { mode: 'past', runId: 'run', settings, fromUs: 0, toUs: 1, atUs: 1 };
const playing: ScenarioView = {
  name: 'Tour',
  title: { en: 'Tour', zh: '导览' },
  seed: 1,
  steps: [],
  reported: null,
  startedUs: 0,
  at: 0,
  note: null,
  ended: null,
};
const over: ScenarioView = { ...playing, ended: { verdict: 'valid', reason: null, seconds: 1 } };

function opened(mode: LabMode, scenario: ScenarioView | null): LabPush {
  return { type: 'mode', mode, view: { ...emptyView, scenario } };
}

function changed(scenario?: ScenarioView): LabPush {
  const top = scenario === undefined ? {} : { scenario };
  return { type: 'view', patch: { top, servers: {}, links: {}, entries: {} }, nowUs: 1 };
}

/** Numbers of times the system's sleep was blocked and allowed again. */
const calls = () => {
  const { start, stop } = electron.powerSaveBlocker;
  return [start.mock.calls.length, stop.mock.calls.length];
};

test('keep awake: a cluster runs without a scenario → the computer may sleep', () => {
  lab.push(opened(live, null));
  lab.push(changed());
  expect(calls()).toEqual([0, 0]);
});

test('keep awake: a scenario plays → requested once, released when it ends', () => {
  lab.push(opened(live, null));
  lab.push(changed(playing));
  lab.push(changed({ ...playing, at: 1 }));
  lab.push(changed());
  lab.push({ type: 'events', page: { events: [], leftOut: 0 } });
  expect(electron.powerSaveBlocker.start.mock.calls).toEqual([['prevent-app-suspension']]);
  expect(calls()).toEqual([1, 0]);
  lab.push(changed(over));
  lab.push(changed());
  expect(calls()).toEqual([1, 1]);
  const [held] = electron.powerSaveBlocker.start.mock.results;
  expect(electron.powerSaveBlocker.stop.mock.calls).toEqual([[held?.value]]);
});

test.each<[string, LabPush]>([
  ['its run is closed', opened({ mode: 'idle' }, null)],
  ['its recording is opened', opened(past, playing)],
  ['another run begins', opened(live, null)],
])('keep awake: a scenario plays and %s → released', (_what, push) => {
  lab.push(opened(live, playing));
  expect(calls()).toEqual([1, 0]);
  lab.push(push);
  expect(calls()).toEqual([1, 1]);
  lab.push(opened(live, playing));
  expect(calls()).toEqual([2, 1]);
});

test('keep awake: recording of an unfinished scenario → the computer may sleep', () => {
  lab.push(opened(past, playing));
  expect(calls()).toEqual([0, 0]);
});
