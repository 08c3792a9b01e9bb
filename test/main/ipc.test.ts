/** The window's channels: allowed senders, requests, pushes, and a page that does not read. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LabPush } from '../../src/core/lab-api/index.ts';
import { CHANNELS } from '../../src/core/lab-api/window-channels.ts';
import { BEHIND_PUSHES } from '../../src/main/ipc.ts';
import { runApp } from '../../src/main/run-app.ts';
import { createElectron, FakeContents, type FakeElectron } from '../helpers/electron.ts';
import { createFakeLab, type FakeLab, modePush } from '../helpers/fake-lab.ts';

let folder: string;
/** The data folder of this test's app. */
let userData: string;
/** Number of listeners of the lab while no page listens. */
let atRest: number;
let electron: FakeElectron;
let lab: FakeLab;
let page: FakeContents;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-ipc-'));
  userData = mkdtempSync(join(tmpdir(), 'raft-lab-ipc-data-'));
  electron = createElectron({ logs: folder });
  lab = createFakeLab();
  const process = { on: () => undefined, off: () => undefined };
  await runApp(electron.parts, {
    createLab: () => lab,
    folder,
    env: { RAFT_LAB_DATA_DIR: userData },
    home: () => folder,
    platform: 'linux',
    process,
  });
  page = electron.windows[0]?.webContents as FakeContents;
  atRest = lab.listeners.size;
});

afterEach(() => {
  for (const one of [folder, userData]) rmSync(one, { recursive: true, force: true });
});

/** Number of listening pages: all listeners without main's own. */
const pagesListening = (): number => lab.listeners.size - atRest;

describe('senders', () => {
  test('channels: registered → one listener for each of CHANNELS, and no others', () => {
    const { push, action, ...fromPage } = CHANNELS;
    const heard = [...electron.handlers.keys(), ...electron.receivers.keys()].sort();
    expect(heard).toEqual(Object.values(fromPage).sort());
    expect([heard.includes(push), heard.includes(action)]).toEqual([false, false]);
  });

  const strangers = (): readonly (readonly [string, object])[] => [
    ['a frame inside our page', { senderFrame: { url: 'app://lab/' } }],
    ['a frame that went away', { senderFrame: null }],
    ['another page', { sender: new FakeContents() }],
    [
      'another page with its own main frame',
      ((other) => ({ sender: other, senderFrame: other.mainFrame }))(new FakeContents()),
    ],
  ];

  test('sender: not our page → refused on every channel', async () => {
    for (const [name, from] of strangers()) {
      await expect(electron.invoke(CHANNELS.ask, ['listRuns', {}], from), name).rejects.toThrow(/may not ask/);
      await expect(electron.invoke(CHANNELS.exportRun, [], from), name).rejects.toThrow(/may not ask/);
      electron.tell(CHANNELS.listen, [], from);
      electron.tell(CHANNELS.language, ['zh-CN'], from);
    }
    expect([lab.asked, pagesListening(), electron.menus.mock.calls.length]).toEqual([[], 0, 1]);
  });

  test.each(['https://evil.example/', 'app://evil/', 'file:///index.html', 'about:blank', ''])(
    'sender: our own frame shows %j → refused',
    async (url) => {
      page.mainFrame.url = url;
      await expect(electron.invoke(CHANNELS.ask, ['listRuns', {}])).rejects.toThrow(/may not ask/);
    },
  );
});

describe('requests', () => {
  test('request: well formed → reaches the lab as it was sent', async () => {
    lab.answer = async () => ({ ok: true, value: [] });
    const answer = await electron.invoke(CHANNELS.ask, ['kill', { servers: ['S1'], signal: 'SIGKILL' }]);
    expect(answer).toEqual({ ok: true, value: [] });
    expect(lab.asked).toEqual([{ name: 'kill', ask: { servers: ['S1'], signal: 'SIGKILL' } }]);
  });

  test.each([
    ['an unknown name', ['spawn', {}]],
    ['no name', [undefined, {}]],
    ['a pid', ['kill', { servers: [1], signal: 'SIGKILL' }]],
    ['another signal', ['kill', { servers: ['S1'], signal: 'SIGSTOP' }]],
    ['a path', ['openRun', { runId: '../../etc' }]],
    ['one more argument', ['listRuns', {}, '/bin/sh']],
    ['no arguments', []],
  ])('request with %s → bad-request, and the lab does nothing', async (_name, args) => {
    expect(await electron.invoke(CHANNELS.ask, args)).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    expect(lab.asked).toEqual([]);
  });

  test('language: a known one → menu rebuilt; another value → ignored', () => {
    for (const language of ['zh-CN', 'xx', '__proto__', 7]) electron.tell(CHANNELS.language, [language]);
    expect(electron.menus).toHaveBeenCalledTimes(2);
    expect(JSON.stringify(electron.menus.mock.calls[1])).toContain('导出');
  });
});

describe('pushes', () => {
  const pushes = (): readonly unknown[] => page.sent.map(({ channel, args }) => [channel, ...args]);
  const events = (leftOut: number): LabPush => ({ type: 'events', page: { events: [], leftOut } });

  test('page: listens → gets the mode, then pushes, until it stops', () => {
    lab.push(events(1));
    electron.tell(CHANNELS.listen, []);
    lab.push(events(2));
    electron.tell(CHANNELS.unlisten, []);
    lab.push(events(3));
    expect(pushes()).toEqual([
      [CHANNELS.push, modePush],
      [CHANNELS.push, events(2)],
    ]);
    expect(pagesListening()).toBe(0);
  });

  test('page: reloaded → one new subscription; died → none', () => {
    electron.tell(CHANNELS.listen, []);
    electron.tell(CHANNELS.listen, []);
    expect(pagesListening()).toBe(1);
    page.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(pagesListening()).toBe(0);
  });

  test('page: reloaded twelve times → no listener is added', () => {
    electron.tell(CHANNELS.listen, []);
    const count = () => ['destroyed', 'render-process-gone'].map((name) => page.listenerCount(name));
    const first = count();
    for (let i = 0; i < 12; i += 1) electron.tell(CHANNELS.listen, []);
    expect(count()).toEqual(first);
  });

  test('page: dies, is reloaded and dies again → pushes end each time', () => {
    for (let i = 0; i < 2; i += 1) {
      electron.tell(CHANNELS.listen, []);
      expect(pagesListening()).toBe(1);
      page.emit('render-process-gone', {}, { reason: 'crashed' });
      expect(pagesListening()).toBe(0);
    }
  });

  test('page: takes nothing → pushes stop; catches up → gets the current state', () => {
    electron.tell(CHANNELS.listen, []);
    for (let i = 0; i < BEHIND_PUSHES + 50; i += 1) lab.push(events(1));
    expect(page.sent).toHaveLength(BEHIND_PUSHES + 1);
    for (let i = 0; i < BEHIND_PUSHES + 1; i += 1) electron.tell(CHANNELS.taken, []);
    expect(pushes().slice(BEHIND_PUSHES + 1)).toEqual([
      [CHANNELS.push, modePush],
      [CHANNELS.push, events(50)],
    ]);
  });
});

describe('saving the run', () => {
  const choose = (filePath: string, canceled = false) =>
    electron.dialog.showSaveDialog.mockResolvedValue({ canceled, filePath });

  test('export: place chosen → whole file written there', async () => {
    const path = join(folder, 'my run.jsonl');
    choose(path);
    expect(await electron.invoke(CHANNELS.exportRun, [])).toEqual({ ok: true, value: { savedAs: path } });
    expect(readFileSync(path, 'utf8')).toBe('{"seq":1}\n{"seq":2}\n');
    expect(readdirSync(folder)).toEqual(['my run.jsonl']);
    expect(electron.dialog.showSaveDialog.mock.calls[0]?.[1]).toMatchObject({
      title: 'Export the run',
      defaultPath: join('/paths/downloads', 'run-1.jsonl'),
    });
  });

  test('export: name ends in .csv → the table is saved, and the other stream is closed', async () => {
    const streams: Readable[] = [];
    lab.exported = async (format = 'jsonl') => {
      streams.push(Readable.from([format]));
      return { ok: true, value: { fileName: `r.${format}`, stream: streams.at(-1) as Readable } };
    };
    choose(join(folder, 'table.CSV'));
    expect(await electron.invoke(CHANNELS.exportRun, [])).toMatchObject({ ok: true });
    expect(readFileSync(join(folder, 'table.CSV'), 'utf8')).toBe('csv');
    expect([streams.length, streams[0]?.destroyed]).toEqual([2, true]);
  });

  test('export: dialog cancelled → no file, and the stream is closed', async () => {
    const stream = Readable.from(['{}\n']);
    lab.exported = async () => ({ ok: true, value: { fileName: 'r.jsonl', stream } });
    expect(await electron.invoke(CHANNELS.exportRun, [])).toEqual({ ok: true, value: { savedAs: null } });
    expect([stream.destroyed, readdirSync(folder)]).toEqual([true, []]);
  });

  test('export: stream breaks, also during the dialog → no partial file', async () => {
    const stream = new Readable({ read: () => undefined });
    lab.exported = async () => ({ ok: true, value: { fileName: 'r.jsonl', stream } });
    electron.dialog.showSaveDialog.mockImplementation(async () => {
      stream.destroy(new Error('disk gone'));
      return { canceled: false, filePath: join(folder, 'r.jsonl') };
    });
    expect(await electron.invoke(CHANNELS.exportRun, [])).toMatchObject({ ok: false, error: { code: 'cannot-write' } });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('export: folder is missing → cannot-write with the system’s reason', async () => {
    const path = join(folder, 'gone', 'r.jsonl');
    choose(path);
    expect(await electron.invoke(CHANNELS.exportRun, [])).toMatchObject({
      ok: false,
      error: { code: 'cannot-write', params: { path, errno: 'ENOENT' } },
    });
  });

  test('export: page reloaded while the dialog is open → the file is still saved', async () => {
    const path = join(folder, 'r.jsonl');
    let answer = (_chosen: { canceled: boolean; filePath: string }): void => undefined;
    electron.dialog.showSaveDialog.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const saved = electron.invoke(CHANNELS.exportRun, []);
    page.emit('render-process-gone', {}, { reason: 'clean-exit' });
    electron.tell(CHANNELS.listen, []);
    answer({ canceled: false, filePath: path });
    expect(await saved).toEqual({ ok: true, value: { savedAs: path } });
    expect(readFileSync(path, 'utf8')).toContain('"seq":2');
  });

  test('export: dialog cannot be shown → error with the reason, and the stream is closed', async () => {
    const stream = Readable.from(['{}\n']);
    lab.exported = async () => ({ ok: true, value: { fileName: 'r.jsonl', stream } });
    electron.dialog.showSaveDialog.mockRejectedValue(new Error('no portal'));
    const detail = 'no place to save could be chosen: no portal';
    expect(await electron.invoke(CHANNELS.exportRun, [])).toMatchObject({
      ok: false,
      error: { code: 'lab-failed', params: { detail } },
    });
    expect(stream.destroyed).toBe(true);
  });

  test('show in folder: after an export → its file, the page’s path is ignored; before → nothing', async () => {
    electron.tell(CHANNELS.showExported, []);
    expect(electron.shell.showItemInFolder).not.toHaveBeenCalled();
    const path = join(folder, 'r.jsonl');
    choose(path);
    await electron.invoke(CHANNELS.exportRun, []);
    electron.tell(CHANNELS.showExported, ['/etc/passwd']);
    expect(electron.shell.showItemInFolder.mock.calls).toEqual([[path]]);
  });

  test('export dialog: earlier export, also of another start → begins in its folder if it exists', async () => {
    const begin = async (): Promise<string> => {
      electron = createElectron({ logs: folder });
      const process = { on: () => undefined, off: () => undefined };
      await runApp(electron.parts, {
        createLab: () => lab,
        folder,
        env: { RAFT_LAB_DATA_DIR: userData },
        home: () => folder,
        platform: 'linux',
        process,
      });
      choose(join(folder, 'mine', 'r.jsonl'));
      await electron.invoke(CHANNELS.exportRun, []);
      await electron.invoke(CHANNELS.exportRun, []);
      const [first, second] = electron.dialog.showSaveDialog.mock.calls.map(([, options]) =>
        dirname(options.defaultPath),
      );
      return `${first} ${second}`;
    };
    lab.exported = async () => ({ ok: true, value: { fileName: 'r.jsonl', stream: Readable.from(['{}\n']) } });
    mkdirSync(join(folder, 'mine'));
    expect(await begin()).toBe(`/paths/downloads ${join(folder, 'mine')}`);
    expect(await begin()).toBe(`${join(folder, 'mine')} ${join(folder, 'mine')}`);
    rmSync(join(folder, 'mine'), { recursive: true });
    expect(await begin()).toBe('/paths/downloads /paths/downloads');
    writeFileSync(join(userData, 'export-folder.json'), '{"folder":7}');
    expect(await begin()).toBe('/paths/downloads /paths/downloads');
  });

  test('export: page names a path → ignored; lab refuses → its error', async () => {
    expect(await electron.invoke(CHANNELS.exportRun, ['/etc/passwd'])).toMatchObject({ ok: false });
    expect(electron.dialog.showSaveDialog).not.toHaveBeenCalled();
    const error = { code: 'no-run', params: {}, message: 'no run is open' } as const;
    lab.exported = async () => ({ ok: false, error });
    expect(await electron.invoke(CHANNELS.exportRun, [])).toEqual({ ok: false, error });
  });
});
