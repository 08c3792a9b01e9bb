/** Quitting while a scenario plays. The person is asked once, but not when the computer shuts down or a signal arrives. */
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CHANNELS, type LabMode } from '../../src/core/lab-api/index.ts';
import { type ClusterView, emptyView } from '../../src/core/trace/index.ts';
import { runApp } from '../../src/main/run-app.ts';
import { SAME_REQUEST_MS } from '../../src/program/ending.ts';
import { createElectron, type FakeElectron, type FakeWindow } from '../helpers/electron.ts';
import { createFakeLab, type FakeLab } from '../helpers/fake-lab.ts';

let top: string;
let electron: FakeElectron;
let lab: FakeLab;
let source: EventEmitter;
let window: FakeWindow;
/** Answers the open question with the number of a button. */
let answer: (response: number) => void;

const QUIT = 0;
const KEEP = 1;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

beforeEach(async () => {
  top = mkdtempSync(join(tmpdir(), 'raft-lab-quit-'));
  electron = createElectron({ logs: top });
  lab = createFakeLab();
  source = new EventEmitter();
  // As in Electron: `quit` emits `before-quit`, and a listener that prevents the default keeps the app running.
  electron.app.quit.mockImplementation(() => void electron.app.emit('before-quit', { preventDefault: vi.fn() }));
  electron.dialog.showMessageBox.mockImplementation(
    () =>
      new Promise((resolve) => {
        answer = (response) => resolve({ response });
      }),
  );
  const around = {
    createLab: () => lab,
    folder: join(top, 'main'),
    env: { RAFT_LAB_DATA_DIR: join(top, 'data') },
    home: () => top,
    platform: 'linux',
    process: source,
  } as const;
  await runApp(electron.parts, around);
  window = electron.windows[0] as FakeWindow;
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(top, { recursive: true, force: true });
});

/** The lab plays a scenario of 30 steps and is at this one, from 0. */
function play(at: number): void {
  const scenario: ClusterView['scenario'] = {
    name: 'Tour',
    title: { en: 'Tour', zh: '导览' },
    seed: 1,
    reported: null,
    startedUs: 0,
    note: null,
    ended: null,
    at,
    steps: Array.from({ length: 30 }, (_, step) => `step ${step}`),
  };
  lab.push({ type: 'mode', mode: { mode: 'live', runId: 'r' } as LabMode, view: { ...emptyView, scenario } });
}

/** @returns whether the window was kept open */
function closeWindow(): boolean {
  const preventDefault = vi.fn();
  window.emit('close', { preventDefault });
  return preventDefault.mock.calls.length > 0;
}

const questions = (): readonly Record<string, unknown>[] =>
  electron.dialog.showMessageBox.mock.calls.map(([, options]) => options);
const left = (): unknown => [lab.calls, electron.app.exit.mock.calls];

describe('a person quits', () => {
  test('nothing plays → no question', async () => {
    electron.app.quit();
    await settled();
    expect([questions(), left()]).toEqual([[], [['close'], [[0]]]]);
  });

  test.each([
    ['en', 'A scenario is playing. Steps left: 12 of 30.', ['Quit', 'Keep playing']],
    ['zh-CN', '场景正在运行：共 30 步，还剩 12 步。', ['退出', '继续运行']],
  ] as const)(
    '%s: a scenario plays → asked with the steps left; keeping is the default',
    async (language, message, buttons) => {
      electron.tell(CHANNELS.language, [language]);
      play(18);
      electron.app.quit();
      expect(questions()).toMatchObject([{ type: 'question', message, buttons, defaultId: 1, cancelId: 1 }]);
      await settled();
      expect(left()).toEqual([[], []]);
    },
  );

  test('keep playing → nothing happens, and the next quit asks again', async () => {
    play(18);
    electron.app.quit();
    electron.app.quit();
    answer(KEEP);
    await settled();
    expect([questions().length, left()]).toEqual([1, [[], []]]);
    electron.app.quit();
    expect(questions()).toHaveLength(2);
  });

  test('quit → closed in order, without another question', async () => {
    play(18);
    electron.app.quit();
    answer(QUIT);
    await settled();
    expect([questions().length, left()]).toEqual([1, [['close'], [[0]]]]);
  });

  test('a person closes the window → it stays open until the answer', async () => {
    expect(closeWindow()).toBe(false);
    play(18);
    expect([closeWindow(), closeWindow(), questions().length]).toEqual([true, true, 1]);
    answer(QUIT);
    await settled();
    expect([closeWindow(), left()]).toEqual([false, [['close'], [[0]]]]);
  });

  test('the scenario ends while the question is open → the question closes', async () => {
    play(18);
    lab.push({ type: 'mode', mode: { mode: 'past', runId: 'r' } as LabMode, view: emptyView });
    expect(closeWindow()).toBe(false);
    electron.app.quit();
    await settled();
    expect(left()).toEqual([['close'], [[0]]]);
  });

  test('the question cannot be shown → the app quits and reports it', async () => {
    const report = vi.spyOn(console, 'error').mockReturnValue();
    electron.dialog.showMessageBox.mockRejectedValue(new Error('no portal'));
    play(18);
    electron.app.quit();
    await settled();
    expect(left()).toEqual([['close'], [[0]]]);
    expect(report).toHaveBeenCalledWith('The question could not be shown: Error: no portal');
    report.mockRestore();
  });
});

describe('quit without a question', () => {
  const shutDown = (): void => void (electron.parts.powerMonitor as unknown as EventEmitter).emit('shutdown');

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s while a scenario plays → quits in order', async (signal) => {
    play(18);
    source.emit(signal);
    await settled();
    expect([questions(), left()]).toEqual([[], [['close'], [[0]]]]);
  });

  test('the computer shuts down → quits in order', async () => {
    play(18);
    shutDown();
    await settled();
    expect([questions(), left()]).toEqual([[], [['close'], [[0]]]]);
  });

  test.each(['a signal', 'the shut-down'])(
    '%s while the question is open → the question closes, and the app quits',
    async (what) => {
      play(18);
      electron.app.quit();
      const [{ signal } = {}] = questions() as readonly { readonly signal?: AbortSignal }[];
      if (what === 'a signal') source.emit('SIGTERM');
      else shutDown();
      expect(signal?.aborted).toBe(true);
      answer(KEEP);
      await settled();
      expect([questions().length, left()]).toEqual([1, [['close'], [[0]]]]);
    },
  );

  test('a second signal: of the same key press → one quit; later → the servers are killed', () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
    lab.close = () => new Promise(() => undefined);
    source.emit('SIGINT');
    vi.advanceTimersByTime(SAME_REQUEST_MS);
    source.emit('SIGINT');
    expect(left()).toEqual([[], []]);
    vi.advanceTimersByTime(1);
    source.emit('SIGINT');
    expect(left()).toEqual([['killNow'], [[1]]]);
  });
});
