/** The settings: one file keeps them, they are read before the page opens, and each has its effect. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LabResult, SettingsState } from '../../src/core/lab-api/index.ts';
import { CHANNELS } from '../../src/core/lab-api/window-channels.ts';
import { emptyView } from '../../src/core/trace/empty-view.ts';
import type { ScenarioView } from '../../src/core/trace/view.ts';
import { runApp } from '../../src/main/run-app.ts';
import { createElectron, type FakeElectron } from '../helpers/electron.ts';
import { createFakeLab, type FakeLab } from '../helpers/fake-lab.ts';

let top: string;
let folder: string;
let lab: FakeLab;
/** Folder that the lab of the last start was given. */
let recordings: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'raft-lab-settings-'));
  folder = join(top, 'raft-lab');
  mkdirSync(folder);
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(top, { recursive: true, force: true });
});

async function start(env: Readonly<Record<string, string>> = {}, languages = ['en-GB']): Promise<FakeElectron> {
  const electron = createElectron({ logs: join(top, 'logs'), languages, paths: { userData: folder } });
  lab = createFakeLab();
  await runApp(electron.parts, {
    createLab({ dataFolder }) {
      recordings = dataFolder;
      return lab;
    },
    folder: top,
    env: { XDG_DATA_HOME: top, ...env },
    home: () => top,
    platform: 'linux',
    process: { on: () => undefined, off: () => undefined },
  });
  return electron;
}

/** Names in the data folder, without the logs and Chromium's files. */
const files = (): readonly string[] => readdirSync(folder).filter((name) => !['logs', 'window'].includes(name));
const file = (): string => join(folder, 'settings.json');
const saved = (): unknown => JSON.parse(readFileSync(file(), 'utf8'));
const logged = (): string => readFileSync(join(folder, 'logs', 'raft-lab.log'), 'utf8');
const change = (electron: FakeElectron, value: unknown) =>
  electron.invoke(CHANNELS.changeSettings, [value]) as Promise<LabResult<SettingsState>>;
const act = (electron: FakeElectron, name: string) =>
  electron.invoke(CHANNELS.actOnSettings, [name]) as Promise<LabResult<SettingsState>>;
const state = (electron: FakeElectron) => electron.invoke(CHANNELS.readSettings, []) as Promise<SettingsState>;

function background(electron: FakeElectron): unknown {
  return (electron.windows[0]?.options as { readonly backgroundColor: string } | undefined)?.backgroundColor;
}

function menuText(electron: FakeElectron): string {
  return JSON.stringify(electron.menus.mock.calls.at(-1));
}

describe('theme', () => {
  test('theme chosen → frame changes at once, and at the next start before the page opens', async () => {
    const first = await start();
    expect([first.parts.nativeTheme.themeSource, background(first)]).toEqual(['system', '#0f1318']);
    await change(first, { theme: 'light' });
    expect(first.parts.nativeTheme.themeSource).toBe('light');
    const next = await start();
    expect([next.parts.nativeTheme.themeSource, background(next)]).toEqual(['light', '#ffffff']);
  });

  test('theme chosen on the page → saved', async () => {
    const electron = await start();
    electron.tell(CHANNELS.theme, ['dark']);
    expect(electron.parts.nativeTheme.themeSource).toBe('dark');
    expect(saved()).toMatchObject({ theme: 'dark' });
    electron.tell(CHANNELS.theme, ['system']);
    expect((await start()).parts.nativeTheme.themeSource).toBe('system');
  });

  test('unknown theme → ignored', async () => {
    const electron = await start();
    for (const theme of ['auto', 'blue', '__proto__', 7, null]) electron.tell(CHANNELS.theme, [theme]);
    expect([electron.parts.nativeTheme.themeSource, files()]).toEqual(['system', []]);
  });

  test('theme in the file of older versions → used; the first change deletes that file', async () => {
    writeFileSync(join(folder, 'window.json'), '{"theme":"light"}');
    const electron = await start();
    expect(electron.parts.nativeTheme.themeSource).toBe('light');
    await change(electron, { keepAwake: false });
    expect([saved(), files()]).toMatchObject([{ theme: 'light', keepAwake: false }, ['settings.json']]);
  });

  test.each(['', '{', 'null', '[]', '{"theme":"blue"}'])('file of older versions holds %j → system', async (text) => {
    writeFileSync(join(folder, 'window.json'), text);
    expect((await start()).parts.nativeTheme.themeSource).toBe('system');
  });
});

describe('language', () => {
  test('language chosen → menu changes at once, and at the next start before the page opens', async () => {
    const first = await start();
    await change(first, { language: 'zh-CN' });
    expect(menuText(first)).toContain('导出');
    expect(JSON.stringify((await start()).menus.mock.calls[0])).toContain('导出');
  });

  test('language `system` → the system’s language, also after another choice', async () => {
    await change(await start(), { language: 'en' });
    const electron = await start({}, ['zh-CN']);
    expect(menuText(electron)).not.toContain('导出');
    await change(electron, { language: 'system' });
    expect(menuText(electron)).toContain('导出');
  });

  test('language reported by the page → saved only when it differs from the settings', async () => {
    const electron = await start();
    electron.tell(CHANNELS.language, ['en']);
    expect(files()).toEqual([]);
    electron.tell(CHANNELS.language, ['zh-CN']);
    expect(saved()).toMatchObject({ language: 'zh-CN' });
  });
});

describe('graphics card', () => {
  test('switched off → from the next start on, before the app is ready', async () => {
    const first = await start();
    expect(await change(first, { hardwareAcceleration: false })).toMatchObject({ value: { isAccelerated: true } });
    expect(first.app.disableHardwareAcceleration).not.toHaveBeenCalled();
    const next = await start();
    const { order } = next;
    expect(order.indexOf('disableHardwareAcceleration')).toBeLessThan(order.indexOf('ready'));
    expect(await state(next)).toMatchObject({ isAccelerated: false });
  });

  test('RAFT_LAB_NO_GPU=1 → off in this start', async () => {
    expect((await start({ RAFT_LAB_NO_GPU: '1' })).app.disableHardwareAcceleration).toHaveBeenCalledOnce();
    expect((await start()).app.disableHardwareAcceleration).not.toHaveBeenCalled();
  });
});

describe('keep awake', () => {
  const scenario: ScenarioView = {
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
  const ended = { verdict: 'valid', reason: null, seconds: 1 } as const;
  const tell = (now: ScenarioView | null) =>
    lab.push({
      type: 'view',
      nowUs: 1,
      patch: { top: { scenario: now }, servers: {}, links: {}, entries: {} },
    });
  const open = (mode: 'live' | 'past', view: ScenarioView | null) =>
    lab.push({ type: 'mode', mode: { mode } as never, view: { ...emptyView, scenario: view } });

  test('a scenario plays → the system is kept awake until it ends', async () => {
    const { powerRequests } = await start();
    open('live', null);
    expect(powerRequests.size).toBe(0);
    tell(scenario);
    tell({ ...scenario, at: 1 });
    expect(powerRequests.size).toBe(1);
    tell({ ...scenario, ended });
    expect(powerRequests.size).toBe(0);
  });

  test('scenario’s run closed, or its recording opened → not kept awake', async () => {
    const { powerRequests } = await start();
    open('live', scenario);
    expect(powerRequests.size).toBe(1);
    open('past', scenario);
    expect(powerRequests.size).toBe(0);
  });

  test('switched off and on while it plays → the request follows', async () => {
    const electron = await start();
    open('live', scenario);
    await change(electron, { keepAwake: false });
    expect(electron.powerRequests.size).toBe(0);
    await change(electron, { keepAwake: true });
    expect(electron.powerRequests.size).toBe(1);
    await change(electron, { keepAwake: false });
    const next = await start();
    open('live', scenario);
    expect(next.powerRequests.size).toBe(0);
  });
});

describe('data folder', () => {
  const choose = async (electron: FakeElectron, path: string | null) => {
    electron.dialog.showOpenDialog.mockResolvedValue({
      canceled: path === null,
      filePaths: path === null ? [] : [path],
    });
    return await act(electron, 'choose-data-folder');
  };

  test('chosen in the system’s dialog → used from the next start on', async () => {
    const elsewhere = join(top, 'elsewhere');
    const first = await start();
    const answer = await choose(first, elsewhere);
    expect(answer).toMatchObject({ value: { dataFolder: folder, nextDataFolder: elsewhere, isFolderFixed: false } });
    const next = await start();
    expect([recordings, await state(next)]).toMatchObject([elsewhere, { dataFolder: elsewhere }]);
    await act(next, 'use-usual-data-folder');
    await start();
    expect(recordings).toBe(folder);
  });

  test('dialog cancelled → no change; usual folder chosen → no folder is saved', async () => {
    const electron = await start();
    expect(await choose(electron, null)).toMatchObject({ value: { nextDataFolder: folder } });
    expect(files()).toEqual([]);
    await choose(electron, folder);
    expect(saved()).toMatchObject({ dataFolder: null });
  });

  test('unusable folder chosen → refused at once', async () => {
    writeFileSync(join(top, 'file'), '');
    const path = join(top, 'file', 'runs');
    const answer = await choose(await start(), path);
    expect(answer).toMatchObject({ ok: false, error: { code: 'cannot-write', params: { path, errno: 'ENOTDIR' } } });
    expect(files()).toEqual([]);
  });

  test.each(['gone', 'relative'])(
    'chosen folder is %s at the start → usual folder, and a sentence in the log',
    async (kind) => {
      writeFileSync(join(top, 'file'), '');
      const chosen = kind === 'relative' ? 'runs-here' : join(top, 'file', 'runs');
      writeFileSync(file(), JSON.stringify({ dataFolder: chosen }));
      const electron = await start();
      expect([recordings, await state(electron)]).toMatchObject([
        folder,
        { dataFolder: folder, nextDataFolder: chosen, unusableFolder: { path: chosen } },
      ]);
      expect(logged()).toContain(`warn ${chosen} cannot be used`);
    },
  );

  test('RAFT_LAB_DATA_DIR is set → it is used, and no folder can be chosen', async () => {
    writeFileSync(file(), JSON.stringify({ dataFolder: join(top, 'elsewhere') }));
    const electron = await start({ RAFT_LAB_DATA_DIR: folder });
    expect([recordings, await state(electron)]).toMatchObject([
      folder,
      { nextDataFolder: folder, isFolderFixed: true },
    ]);
    await choose(electron, join(top, 'third'));
    expect(electron.dialog.showOpenDialog).not.toHaveBeenCalled();
  });

  test('folder opened → the one of this start; cannot be opened → an error', async () => {
    const electron = await start();
    expect(await act(electron, 'open-data-folder')).toMatchObject({ ok: true });
    expect(electron.shell.openPath).toHaveBeenCalledWith(folder);
    vi.spyOn(console, 'error').mockReturnValue();
    electron.shell.openPath.mockResolvedValue('no file manager');
    const error = { code: 'cannot-open', params: { path: folder, problem: 'no file manager' } };
    expect(await act(electron, 'open-data-folder')).toMatchObject({ ok: false, error });
  });
});

describe('the settings file', () => {
  test.each(['', '{', '[]', '7'])('holds %j → defaults, a sentence in the log, the file kept', async (text) => {
    writeFileSync(file(), text);
    await start();
    const [, kept = ''] = files();
    expect(files()).toEqual(['settings.json', expect.stringMatching(/^settings\.json\.bad-/)]);
    expect(readFileSync(join(folder, kept), 'utf8')).toBe(text);
    expect(logged()).toContain(`${file()} is not a file of settings; the defaults hold instead. It was kept as`);
  });

  test('one unusable value → the others are used, and the file is kept', async () => {
    writeFileSync(file(), JSON.stringify({ theme: 'light', keepAwake: 'yes', newer: 1 }));
    for (const _ of ['first start', 'second start']) {
      const electron = await start();
      expect((await state(electron)).settings).toMatchObject({ theme: 'light', keepAwake: true });
    }
    expect(files()).toEqual(['settings.json', expect.stringMatching(/^settings\.json\.bad-/)]);
    expect(logged()).toContain('has no usable value for keepAwake');
  });

  test('file of a later version → its unknown fields stay, also after a change', async () => {
    writeFileSync(file(), JSON.stringify({ theme: 'light', layout: { side: 'left' } }));
    await change(await start(), { keepAwake: false });
    expect(saved()).toMatchObject({ theme: 'light', keepAwake: false, layout: { side: 'left' } });
  });

  test('file begins with a byte order mark → read', async () => {
    writeFileSync(file(), `\uFEFF${JSON.stringify({ theme: 'dark' })}`);
    expect((await state(await start())).settings.theme).toBe('dark');
    expect(files()).toEqual(['settings.json']);
  });

  test('file cannot be read → defaults, a sentence in the log, and changes fail with the reason', async () => {
    mkdirSync(file());
    const electron = await start();
    expect(logged()).toContain(`warn ${file()} cannot be read (EISDIR).`);
    expect(await change(electron, { keepAwake: false })).toMatchObject({ ok: false, error: { code: 'cannot-write' } });
    expect(files()).toEqual(['settings.json']);
  });

  test('the disk refuses a change → cannot-write, and the old value stays', async () => {
    const electron = await start();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    const answer = await change(electron, { keepAwake: false });
    expect(answer).toMatchObject({ ok: false, error: { code: 'cannot-write', params: { path: folder } } });
    expect((await state(electron)).settings.keepAwake).toBe(true);
  });

  test.each([
    ['a folder', { dataFolder: '/etc' }],
    ['an unknown name', { gpu: false }],
    ['an unknown value', { theme: 'blue' }],
    ['no object', 'theme'],
  ])('a page asks to change %s → refused', async (_what, value) => {
    const electron = await start();
    expect(await change(electron, value)).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    expect(await act(electron, '__proto__')).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    expect(files()).toEqual([]);
  });
});
