/** Crashes and hangs of the page: one dialog at a time, and no reload before the old page is gone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runApp } from '../../src/main/run-app.ts';
import { createElectron, type FakeContents, type FakeElectron, type FakeWindow } from '../helpers/electron.ts';
import { createFakeLab, type FakeLab } from '../helpers/fake-lab.ts';

let folder: string;
let electron: FakeElectron;
let lab: FakeLab;
let window: FakeWindow;
let page: FakeContents;

interface Asked {
  readonly message: string;
  readonly signal: AbortSignal;
  answer(response: number): void;
}
let asked: Asked[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-crash-'));
  electron = createElectron({ logs: folder });
  lab = createFakeLab();
  asked = [];
  // As in Electron, a dialog that is closed by its signal answers with `cancelId`.
  electron.dialog.showMessageBox.mockImplementation(
    (_window: unknown, options: { message: string; signal?: AbortSignal; cancelId: number }) =>
      new Promise((resolve) => {
        const signal = options.signal ?? new AbortController().signal;
        const answer = (response: number): void => resolve({ response });
        signal.addEventListener('abort', () => answer(options.cancelId));
        asked.push({ message: options.message, signal, answer });
      }),
  );
  const process = { on: () => undefined, off: () => undefined };
  await runApp(electron.parts, {
    createLab: () => lab,
    folder,
    env: { RAFT_LAB_DATA_DIR: folder },
    home: () => folder,
    platform: 'linux',
    process,
  });
  window = electron.windows[0] as FakeWindow;
  page = window.webContents;
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function answer(index: number, response: number): Promise<void> {
  asked[index]?.answer(response);
  await settled();
}

const messages = (): readonly string[] => asked.map((one) => one.message);
const HANGS = 'The dashboard does not answer';
const GONE = 'The dashboard has stopped';

describe('a page that dies', () => {
  test('reload chosen → page loaded again, the cluster untouched', async () => {
    page.emit('render-process-gone', {}, { reason: 'crashed' });
    await answer(0, 0);
    expect([messages(), page.reload.mock.calls.length, lab.calls]).toEqual([[GONE], 1, []]);
  });

  test('quit chosen → the app quits', async () => {
    page.emit('render-process-gone', {}, { reason: 'oom' });
    await answer(0, 1);
    expect(electron.app.quit).toHaveBeenCalledOnce();
    expect(page.reload).not.toHaveBeenCalled();
  });

  test('clean exit → no dialog', () => {
    page.emit('render-process-gone', {}, { reason: 'clean-exit' });
    expect(asked).toEqual([]);
  });

  test('window closed while the dialog is open → nothing is reloaded', async () => {
    page.emit('render-process-gone', {}, { reason: 'crashed' });
    window.destroy();
    await answer(0, 0);
    expect(page.reload).not.toHaveBeenCalled();
  });
});

describe('a page that hangs', () => {
  test('wait chosen → left alone', async () => {
    window.emit('unresponsive');
    await answer(0, 1);
    expect([page.forcefullyCrashRenderer.mock.calls.length, page.reload.mock.calls.length]).toEqual([0, 0]);
  });

  test('reload chosen → one dialog, one reload, only after the old page is gone', async () => {
    window.emit('unresponsive');
    const order: string[] = [];
    page.prependListener('render-process-gone', () => order.push('gone'));
    page.reload.mockImplementation(() => void order.push('reload'));
    await answer(0, 0);
    expect([messages(), order]).toEqual([[HANGS], ['gone', 'reload']]);
  });

  test('page answers again → its dialog closes and nothing else happens', async () => {
    window.emit('unresponsive');
    window.emit('responsive');
    await settled();
    expect(asked.map((one) => one.signal.aborted)).toEqual([true]);
    expect([page.forcefullyCrashRenderer.mock.calls.length, page.reload.mock.calls.length]).toEqual([0, 0]);
    expect(electron.app.quit).not.toHaveBeenCalled();
  });

  test('page dies while its dialog is open → the dialog about the crash replaces it', async () => {
    window.emit('unresponsive');
    page.emit('render-process-gone', {}, { reason: 'crashed' });
    await settled();
    expect(asked.map((one) => [one.message, one.signal.aborted])).toEqual([
      [HANGS, true],
      [GONE, false],
    ]);
    window.emit('responsive');
    expect(asked[1]?.signal.aborted).toBe(false);
    await answer(1, 0);
    expect(page.reload).toHaveBeenCalledOnce();
  });

  test('page hangs twice → one dialog is open', async () => {
    window.emit('unresponsive');
    window.emit('unresponsive');
    await settled();
    expect(asked.map((one) => one.signal.aborted)).toEqual([true, false]);
  });

  test('page dies after a chosen reload → the person is asked again', async () => {
    window.emit('unresponsive');
    await answer(0, 0);
    page.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(messages()).toEqual([HANGS, GONE]);
  });
});
