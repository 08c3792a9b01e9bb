// @vitest-environment happy-dom
/** The settings page in the window and in a browser: its contents and the effect of each choice. */
import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  DEFAULT_SETTINGS,
  type LabResult,
  type SettingsState,
  type WindowAction,
  type WindowBridge,
} from '../../src/core/lab-api/index.ts';
import { loadLanguage } from '../../src/renderer/store/preferences.ts';
import { leaveDashboards, type OnScreen, renderDashboard } from './render-dashboard.tsx';

vi.setConfig({ testTimeout: 60_000 });

let state: SettingsState;
let answer: (() => LabResult<SettingsState>) | null;
let asked: unknown[][];
/** Sends an action, like the menu bar. */
let choose: (action: WindowAction) => void;

beforeEach(() => {
  state = {
    settings: { ...DEFAULT_SETTINGS },
    dataFolder: '/data',
    nextDataFolder: '/data',
    unusableFolder: null,
    isFolderFixed: false,
    isAccelerated: true,
    systemLanguage: 'en',
  };
  answer = null;
  asked = [];
});

afterEach(() => {
  leaveDashboards();
  Object.assign(window, { raftLab: undefined });
  localStorage.clear();
});

/** A bridge as the preload gives it, over settings in memory. */
function openWindowPage(language: 'en' | 'zh-CN' = 'en'): OnScreen {
  const take = async (...what: unknown[]): Promise<LabResult<SettingsState>> => {
    asked.push(what);
    if (what[0] === 'change') state = { ...state, settings: { ...state.settings, ...(what[1] as object) } };
    return answer?.() ?? { ok: true, value: state };
  };
  const settings: Pick<WindowBridge, 'readSettings' | 'changeSettings' | 'actOnSettings'> = {
    readSettings: async () => state,
    changeSettings: (change) => take('change', change),
    actOnSettings: (name) => take('act', name),
  };
  const onAction: WindowBridge['onAction'] = (listener) => {
    choose = listener;
    return () => undefined;
  };
  Object.assign(window, { raftLab: { setTheme: vi.fn(), setLanguage: vi.fn(), onAction, ...settings } });
  return renderDashboard({ language });
}

async function open(page: OnScreen): Promise<HTMLElement> {
  await page.user.click(screen.getByTestId('theme'));
  await page.user.click(await screen.findByTestId('settings-open'));
  return await screen.findByRole('dialog');
}

const choice = (dialog: HTMLElement, label: string) => within(within(dialog).getByRole('radiogroup', { name: label }));

describe('in the window', () => {
  test('settings chosen in the menu bar → the page opens', async () => {
    openWindowPage();
    act(() => choose({ action: 'show-dialog', dialog: 'settings' }));
    expect(await screen.findByTestId('settings')).toBeDefined();
  });

  test.each([
    ['Draw with the graphics card', 'Off', { hardwareAcceleration: false }],
    ['Keep the computer awake while a scenario plays', 'Off', { keepAwake: false }],
    ['Language', '中文', { language: 'zh-CN' }],
  ])('%s: %s chosen → saved', async (label, value, change) => {
    const page = openWindowPage();
    const dialog = await open(page);
    await page.user.click(choice(dialog, label).getByText(value));
    expect(asked).toEqual([['change', change]]);
  });

  test('graphics card switched off → note that it applies from the next start on', async () => {
    const page = openWindowPage();
    const dialog = await open(page);
    expect(dialog.textContent).not.toContain('From the next start on.');
    await page.user.click(choice(dialog, 'Draw with the graphics card').getByText('Off'));
    await waitFor(() => expect(dialog.textContent).toContain('From the next start on.'));
  });

  test('language chosen → page changes at once; `system` chosen → system’s language', async () => {
    const page = openWindowPage();
    const dialog = await open(page);
    await page.user.click(choice(dialog, 'Language').getByText('中文'));
    await waitFor(() => expect(dialog.textContent).toContain('存放记录的文件夹'));
    await page.user.click(choice(dialog, '语言').getByText('跟随系统'));
    await waitFor(() => expect(dialog.textContent).toContain('Folder of the recordings'));
    expect(asked.at(-1)).toEqual(['change', { language: 'system' }]);
  });

  test('folder: chosen for the next start → both are shown, and the usual one can be restored', async () => {
    const page = openWindowPage();
    const dialog = await open(page);
    expect(screen.getByTestId('settings-folder').textContent).toBe('/data');
    expect(screen.queryByTestId('settings-use-usual-data-folder')).toBeNull();
    state = { ...state, settings: { ...state.settings, dataFolder: '/disk' }, nextDataFolder: '/disk' };
    await page.user.click(screen.getByTestId('settings-choose-data-folder'));
    await waitFor(() => expect(dialog.textContent).toContain('From the next start on: /disk.'));
    await page.user.click(screen.getByTestId('settings-use-usual-data-folder'));
    await page.user.click(screen.getByTestId('settings-open-data-folder'));
    const acts = ['choose-data-folder', 'use-usual-data-folder', 'open-data-folder'];
    expect(asked).toEqual(acts.map((name) => ['act', name]));
  });

  test.each([
    ['en', '/disk cannot be used in this start (ENOENT), so the usual folder is. The next start tries it again.'],
    ['zh-CN', '本次启动无法使用 /disk（ENOENT），因此使用默认文件夹。下次启动会再试。'],
  ] as const)('folder, %s: the chosen one could not be used → shown', async (language, sentence) => {
    const settings = { ...state.settings, dataFolder: '/disk' };
    state = { ...state, settings, nextDataFolder: '/disk', unusableFolder: { path: '/disk', errno: 'ENOENT' } };
    await open(openWindowPage(language));
    expect(screen.getByTestId('settings-unusable-folder').textContent).toBe(sentence);
    // The path is shown only once.
    expect(screen.queryByTestId('settings-next-folder')).toBeNull();
  });

  test('folder: RAFT_LAB_DATA_DIR is set → shown, and none can be chosen', async () => {
    state = { ...state, isFolderFixed: true };
    const dialog = await open(openWindowPage());
    expect((screen.getByTestId('settings-choose-data-folder') as HTMLButtonElement).disabled).toBe(true);
    expect(dialog.textContent).toContain('RAFT_LAB_DATA_DIR decides the folder');
  });

  test('change cannot be saved → error, and the current value is shown', async () => {
    const page = openWindowPage();
    const dialog = await open(page);
    const error = { code: 'cannot-write', params: { path: '/data', errno: 'ENOSPC' }, message: '' } as const;
    answer = () => ({ ok: false, error });
    await page.user.click(screen.getByTestId('settings-open-logs'));
    expect((await within(dialog).findByRole('alert')).textContent).toContain('/data cannot be written (ENOSPC).');
  });

  test('diagnostic report → copied, and a toast says so', async () => {
    const page = openWindowPage();
    await open(page);
    await page.user.click(screen.getByTestId('settings-copy-report'));
    await screen.findByText('The diagnostic report is in the clipboard');
    expect(asked).toEqual([['act', 'copy-report']]);
  });
});

describe('in a browser', () => {
  test('browser: opened → language, theme and folder, but no settings of the window', async () => {
    const page = renderDashboard();
    const dialog = await open(page);
    await waitFor(() => expect(screen.getByTestId('settings-folder').textContent).toContain('raft-lab'));
    const labels = within(dialog)
      .getAllByRole('radiogroup')
      .map((one) => one.getAttribute('aria-label'));
    expect(labels).toEqual(['Language', 'Theme']);
    expect(dialog.textContent).toContain('raft-lab doctor');
  });

  test('language chosen in a browser → page changes, and keeps it for the next start', async () => {
    const page = renderDashboard();
    const dialog = await open(page);
    await page.user.click(choice(dialog, 'Language').getByText('中文'));
    await waitFor(() => expect(dialog.textContent).toContain('存放记录的文件夹'));
    expect(loadLanguage(null)).toBe('zh-CN');
    await page.user.click(choice(dialog, '语言').getByText('跟随系统'));
    await waitFor(() => expect(dialog.textContent).toContain('Folder of the recordings'));
    expect(loadLanguage(null)).toBe('en');
  });

  test('theme chosen in a browser → page changes', async () => {
    const page = renderDashboard();
    const dialog = await open(page);
    await page.user.click(choice(dialog, 'Theme').getByText('Dark'));
    expect(document.documentElement.getAttribute('data-mantine-color-scheme')).toBe('dark');
  });
});

describe('start of the page in the window', () => {
  const begin = (change: Partial<SettingsState['settings']>, systemLanguage: 'en' | 'zh-CN' = 'en') =>
    loadLanguage({ ...state, systemLanguage, settings: { ...state.settings, ...change } });

  test('language in the settings → used, a stored choice of the page is ignored', () => {
    localStorage.setItem('raft-lab.language', 'zh-CN');
    expect(begin({ language: 'en' })).toBe('en');
  });

  test('language `system` in the settings → the page’s stored choice, or the system’s', () => {
    expect(begin({}, 'zh-CN')).toBe('zh-CN');
    localStorage.setItem('raft-lab.language', 'en');
    expect(begin({}, 'zh-CN')).toBe('en');
  });

  test.each([
    ['dark', 'dark'],
    ['system', 'auto'],
  ] as const)('theme %s in the settings → %s in the page', (theme, stored) => {
    localStorage.setItem('mantine-color-scheme-value', 'light');
    begin({ theme });
    expect(localStorage.getItem('mantine-color-scheme-value')).toBe(stored);
  });
});
