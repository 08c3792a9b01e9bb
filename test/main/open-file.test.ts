/** All ways to open a file in the window. The page plays the file once, or shows the problem. */
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CHANNELS } from '../../src/core/lab-api/window-channels.ts';
import { launchFile } from '../../src/main/launch-file.ts';
import { runApp, type Surroundings } from '../../src/main/run-app.ts';
import { createElectron, type FakeElectron } from '../helpers/electron.ts';
import { createFakeLab, type FakeLab } from '../helpers/fake-lab.ts';

let top: string;
let electron: FakeElectron;
let lab: FakeLab;
let own: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'raft-lab-open-'));
  own = join(top, 'own.raftscenario');
  writeFileSync(own, 'name: Own\n');
  electron = createElectron({ logs: top });
  lab = createFakeLab();
});

afterEach(() => rmSync(top, { recursive: true, force: true }));

async function start(argv: readonly string[] = [], more: Partial<Surroundings> = {}): Promise<void> {
  await runApp(electron.parts, {
    createLab: () => lab,
    folder: join(top, 'out', 'main'),
    platform: 'linux',
    env: { RAFT_LAB_DATA_DIR: join(top, 'data') },
    home: () => top,
    process: new EventEmitter(),
    argv: ['/electron', top, ...argv],
    cwd: top,
    ...more,
  });
}

const ready = (): Promise<unknown> => electron.invoke(CHANNELS.ask, ['ready', { autoStart: true }]);
const actions = (): readonly unknown[] =>
  (electron.windows[0]?.webContents.sent ?? []).flatMap(({ channel, args }) =>
    channel === CHANNELS.action ? args : [],
  );
const secondStart = (file: unknown): void => void electron.app.emit('second-instance', {}, [], '/', { file });
const openOnMac = (path: string): boolean => {
  const preventDefault = vi.fn();
  electron.app.emit('open-file', { preventDefault }, path);
  return preventDefault.mock.calls.length === 1;
};

const ASK = { file: 'own.raftscenario', text: 'name: Own\n', seed: null };
const PLAY = { action: 'play-file', file: 'own.raftscenario', text: 'name: Own\n' };
const playedByReady = (): readonly unknown[] =>
  lab.asked.flatMap(({ name, ask }) => (name === 'playScenarioFile' ? [ask] : []));

describe('before the page is ready', () => {
  test('file in argv → played at the page’s first ready, in place of the usual run', async () => {
    await start(['own.raftscenario']);
    expect(lab.asked).toEqual([]);
    await ready();
    await ready();
    expect(lab.asked).toEqual([
      { name: 'playScenarioFile', ask: ASK },
      { name: 'ready', ask: { autoStart: true } },
    ]);
  });

  test('open-file while the app starts (macOS) → played at the page’s first ready', async () => {
    await start([], {
      createLab: () => {
        expect(openOnMac(own)).toBe(true);
        return lab;
      },
    });
    await ready();
    expect([playedByReady(), actions()]).toEqual([[ASK], []]);
  });

  test('a recording → opened at the page’s first ready, in place of the usual run', async () => {
    await start(['run.jsonl']);
    await ready();
    expect([lab.opened, lab.asked]).toEqual([[join(top, 'run.jsonl')], []]);
  });

  test('two files → only the last is opened', async () => {
    await start([join(top, 'gone.yaml')]);
    secondStart(own);
    await ready();
    expect(playedByReady()).toEqual([ASK]);
  });

  test('missing file → first ready answers with the error, the next one starts a run', async () => {
    await start(['gone.yaml']);
    const params = { path: join(top, 'gone.yaml'), errno: 'ENOENT' };
    expect(await ready()).toMatchObject({ ok: false, error: { code: 'cannot-read', params } });
    expect(await ready()).toMatchObject({ ok: true });
    expect(lab.asked).toEqual([{ name: 'ready', ask: { autoStart: true } }]);
  });
});

describe('while the page is there', () => {
  beforeEach(async () => {
    await start();
    await ready();
  });

  test('a second start with a file → window to the front, and the page plays it', async () => {
    secondStart(own);
    await vi.waitFor(() => expect(actions()).toEqual([PLAY]));
    expect(electron.windows[0]?.focus).toHaveBeenCalledOnce();
    expect(playedByReady()).toEqual([]);
  });

  test('open-file (macOS) → the page plays it', async () => {
    openOnMac(own);
    await vi.waitFor(() => expect(actions()).toEqual([PLAY]));
  });

  test.each([[undefined], [null], [7], [{ path: '/etc/passwd' }]])(
    'a second start that hands over %j → no file',
    async (data) => {
      secondStart(data);
      electron.app.emit('second-instance', {}, [], '/', data);
      openOnMac(own);
      await vi.waitFor(() => expect(actions()).toEqual([PLAY]));
    },
  );

  test('opened file: not a scenario, or missing → the page says why', async () => {
    secondStart(join(top, 'gone.yaml'));
    await vi.waitFor(() =>
      expect(actions()).toMatchObject([{ action: 'show-file-error', error: { code: 'cannot-read' } }]),
    );
    lab.answer = async () => ({ ok: false, error: { code: 'not-a-recording', params: {}, message: 'no' } });
    secondStart(join(top, 'notes.txt'));
    await vi.waitFor(() => expect(actions()[1]).toEqual({ action: 'open-recording' }));
    const opened = electron.invoke(CHANNELS.openNamed, [false]);
    expect(await opened).toMatchObject({ ok: false, error: { code: 'unknown-file' } });
  });

  test('menu: a file is chosen → the page plays it; cancelled → nothing', async () => {
    const choose = async (filePaths: readonly string[]): Promise<void> => {
      electron.dialog.showOpenDialog.mockResolvedValue({ canceled: filePaths.length === 0, filePaths });
      const template = electron.menus.mock.calls.at(-1)?.[0] as { submenu: { id?: string; click?: () => void }[] }[];
      template
        .flatMap((menu) => menu.submenu)
        .find(({ id }) => id === 'open-file')
        ?.click?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    await choose([]);
    await choose([own]);
    await vi.waitFor(() => expect(actions()).toEqual([PLAY]));
    expect(electron.dialog.showOpenDialog.mock.calls[0]?.[1]).toEqual({
      title: 'Open a file…',
      filters: [{ name: 'Scenarios and recordings', extensions: ['yaml', 'yml', 'raftscenario', 'jsonl'] }],
      properties: ['openFile'],
    });
  });

  test.each([
    ['a second start', () => secondStart('/a/run.jsonl')],
    ['open-file (macOS)', () => void openOnMac('/a/run.jsonl')],
  ])('%s with a recording → page gets open-recording; opened when it asks for it', async (_way, open) => {
    open();
    await vi.waitFor(() => expect(actions()).toEqual([{ action: 'open-recording' }]));
    expect(lab.opened).toEqual([]);
    expect(await electron.invoke(CHANNELS.openNamed, [false])).toMatchObject({ ok: true });
    expect(lab.opened).toEqual(['/a/run.jsonl']);
  });

  test('openNamed without an open-recording before → refused', async () => {
    expect(await electron.invoke(CHANNELS.openNamed, [true])).toMatchObject({ error: { code: 'bad-request' } });
    expect(lab.opened).toEqual([]);
  });

  test('page passes the path of a recording → opened; of another file → refused', async () => {
    const drop = (path: unknown): Promise<unknown> => electron.invoke(CHANNELS.openRecording, [path]);
    expect(await drop('/a/run.jsonl')).toMatchObject({ ok: true });
    for (const path of ['/etc/passwd', '/a/own.yaml', 'run.jsonl', '', 7, undefined]) {
      expect(await drop(path)).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    }
    expect(lab.opened).toEqual(['/a/run.jsonl']);
  });

  test.each([
    ['is loaded anew', 'did-start-navigation', { isMainFrame: true, isSameDocument: false }, true],
    ['goes to another place in itself', 'did-start-navigation', { isMainFrame: true, isSameDocument: true }, false],
    ['dies', 'render-process-gone', { reason: 'killed' }, true],
  ])('a page that %s → the file waits for its next ready: %4$s', async (_what, event, details, waits) => {
    electron.windows[0]?.webContents.emit(event, details, { reason: 'clean-exit' });
    secondStart(own);
    if (waits) await ready();
    await vi.waitFor(() => expect([actions(), playedByReady()]).toEqual(waits ? [[], [ASK]] : [[PLAY], []]));
  });
});

test('a second instance → hands its file to the first and leaves', async () => {
  electron.app.requestSingleInstanceLock.mockReturnValue(false);
  await start(['own.raftscenario']);
  expect(electron.app.requestSingleInstanceLock.mock.calls).toEqual([[{ file: own }]]);
  expect(electron.app.exit.mock.calls).toEqual([[0]]);
});

describe('the file in argv', () => {
  const file = (argv: readonly string[], isPackaged = false) =>
    launchFile({ argv, isPackaged, appFolder: '/lab', cwd: '/home/me' });

  test.each([
    [['/electron', '/lab'], null],
    [['/electron', '/lab', 'own.yaml'], '/home/me/own.yaml'],
    [['/electron', '/lab/', '/a b/own.yaml'], '/a b/own.yaml'],
    [
      ['/electron', '--inspect=0', '-r', '/loader.js', '/lab', '--lang=de', 'own.yaml', 'other.yaml'],
      '/home/me/own.yaml',
    ],
    [['/electron', '/another/main.js', 'own.yaml'], null],
    [[], null],
  ])('Electron with the app’s folder: %j → %j', (argv, expected) => {
    expect(file(argv)).toBe(expected);
  });

  test.each([
    [['/opt/raft-lab'], null],
    [['/opt/raft-lab', '/a/own.raftscenario'], '/a/own.raftscenario'],
    [['/opt/raft-lab', 'file:///a%20b/%E6%A1%88.raftscenario'], '/a b/案.raftscenario'],
    [['/opt/raft-lab', 'file://other/a.yaml'], '/home/me/file:/other/a.yaml'],
    [['/opt/raft-lab', '--ozone-platform=wayland', '-r', '/loader.js', 'own.yaml'], '/home/me/own.yaml'],
  ])('packaged: %j → %j', (argv, expected) => {
    expect(file(argv, true)).toBe(expected);
  });
});
