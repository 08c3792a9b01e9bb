/** The menu bar: every label is translated; accelerators and roles are the same in both languages. */
import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, test, vi } from 'vitest';
import type { WindowAction } from '../../src/core/lab-api/index.ts';
import { NO_FACTS } from '../../src/main/lab-facts.ts';
import { LANGUAGE_NAMES } from '../../src/main/lab-menu.ts';
import { menuTemplate } from '../../src/main/menu.ts';
import { TRANSLATIONS } from '../../src/translations/index.ts';
import { run, scenario } from './lab-lists.ts';

const actions = {
  openFile: vi.fn(),
  openDataFolder: vi.fn(),
  openRaftSite: vi.fn(),
  openLogs: vi.fn(),
  copyReport: vi.fn(),
  resetWindow: vi.fn(),
};
type Item = MenuItemConstructorOptions;
type Menu = Parameters<typeof menuTemplate>[0];

function flat(template: readonly Item[]): readonly Item[] {
  return template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
}

function template(language: 'en' | 'zh-CN', more: Partial<Menu> = {}): readonly Item[] {
  const menu = {
    texts: TRANSLATIONS[language].menu,
    language,
    theme: 'system',
    facts: NO_FACTS,
    act: () => undefined,
  } as const;
  return flat(menuTemplate({ ...menu, isMac: false, isClosing: false, actions, ...more }));
}

function click(items: readonly Item[], id: string): void {
  const item = items.find((one) => one.id === id);
  if (item?.click === undefined) throw new Error(`there is no item ${id}`);
  (item.click as () => void)();
}

const enabledOf = (items: readonly Item[]): Record<string, boolean> =>
  Object.fromEntries(
    items.flatMap(({ id, enabled }) => (id === undefined || enabled === undefined ? [] : [[id, enabled]])),
  );

describe.each([false, true])('macOS %s', (isMac) => {
  test('items: each but the separators → one of our labels', () => {
    for (const language of ['en', 'zh-CN'] as const) {
      const texts: readonly string[] = [
        ...Object.values(TRANSLATIONS[language].menu),
        ...Object.values(LANGUAGE_NAMES),
        'Raft Lab',
      ];
      const items = template(language, { isMac }).filter((item) => item.type !== 'separator');
      expect(items.filter((item) => !texts.includes(item.label ?? ''))).toEqual([]);
    }
  });

  test('languages: compared → differ in texts and in the marked language only', () => {
    const shape = (items: readonly Item[]) => items.map(({ label, submenu, click, checked, ...rest }) => rest);
    expect(shape(template('zh-CN', { isMac }))).toEqual(shape(template('en', { isMac })));
    const inEnglish = template('en', { isMac }).map((item) => item.label);
    const same = template('zh-CN', { isMac }).filter(
      (item, i) => item.label !== undefined && item.label === inEnglish[i],
    );
    expect(same.map((item) => item.label)).toEqual([...(isMac ? ['Raft Lab'] : []), 'English', '中文']);
  });

  test('roles: required ones → present', () => {
    const roles = template('en', { isMac }).map((item) => item.role);
    for (const role of [
      'undo',
      'redo',
      'cut',
      'copy',
      'paste',
      'selectAll',
      'quit',
      'about',
      'reload',
      'zoomIn',
    ] as const) {
      expect(roles).toContain(role);
    }
  });
});

test('items of the window itself: clicked → carried out in main', () => {
  const items = template('en');
  const ids = ['open-file', 'open-data', 'raft-site', 'open-logs', 'copy-report', 'reset-window'];
  for (const id of ids) click(items, id);
  expect(Object.values(actions).map((one) => one.mock.calls.length)).toEqual(ids.map(() => 1));
});

test('items of the lab: clicked → one action each for the page, and nothing else', () => {
  const acted: WindowAction[] = [];
  const facts = {
    mode: 'live',
    runs: [run('2026-11-30-1')],
    scenarios: [scenario('Tour')],
    playing: { steps: 3, stepsLeft: 2 },
  } as const;
  const items = template('en', { facts, act: (action) => acted.push(action) });
  const ids = [
    ...['new-run', 'open-2026-11-30-1', 'all-runs', 'play-Tour', 'all-scenarios', 'stop-scenario', 'kill-leader'],
    ...['export', 'language-zh-CN', 'theme-dark', 'settings'],
  ];
  for (const id of ids) click(items, id);
  expect(acted).toEqual([
    { action: 'show-dialog', dialog: 'new-run' },
    { action: 'open-run', runId: '2026-11-30-1' },
    { action: 'show-dialog', dialog: 'runs' },
    { action: 'play-scenario', name: 'Tour' },
    { action: 'show-dialog', dialog: 'scenarios' },
    { action: 'stop-scenario' },
    { action: 'kill-leader' },
    { action: 'export-run' },
    { action: 'set-language', language: 'zh-CN' },
    { action: 'set-theme', theme: 'dark' },
    { action: 'show-dialog', dialog: 'settings' },
  ]);
});

test('runs and scenarios: labels → dates and titles in the language, parts apart, & doubled', () => {
  const facts = {
    ...NO_FACTS,
    runs: [run('2026-11-30-1')],
    scenarios: [
      scenario('Tour', { en: 'Kill & recover', zh: '杀死与恢复' }),
      scenario('TestFigure8', undefined, '实验三'),
    ],
  };
  const shown = (language: 'en' | 'zh-CN') => {
    const items = template(language, { facts });
    const submenu = items.find(({ id }) => id === 'play-scenario')?.submenu as Item[];
    const open = items.find(({ id }) => id === 'open-2026-11-30-1');
    return [open?.label, ...submenu.map(({ type, label }) => label ?? type)];
  };
  expect(shown('en')).toEqual([
    expect.stringMatching(/^Nov 30, 2026, .* · 2026-11-30-1$/),
    ...['Kill && recover', 'separator', 'TestFigure8', 'separator', 'All scenarios…'],
  ]);
  expect(shown('zh-CN')).toEqual([
    expect.stringMatching(/^2026年11月30日 .* · 2026-11-30-1$/),
    ...['杀死与恢复', 'separator', 'TestFigure8', 'separator', '全部场景…'],
  ]);
});

test('language and theme: the present choice → the only one that is marked', () => {
  const marked = (more: Partial<Menu>) =>
    template('zh-CN', more).flatMap(({ id, checked, type }) => (checked === true ? [[id, type]] : []));
  expect(marked({ theme: 'dark' })).toEqual([
    ['language-zh-CN', 'radio'],
    ['theme-dark', 'radio'],
  ]);
  expect(marked({ language: 'en', theme: 'system' })).toEqual([
    ['language-en', 'radio'],
    ['theme-system', 'radio'],
  ]);
});

test('menu: nothing open → no export, kill or stop; a recording → export only', () => {
  const some = (mode: 'idle' | 'live' | 'past', playing: Menu['facts']['playing'] = null) => {
    const {
      export: save,
      'kill-leader': kill,
      'stop-scenario': stop,
    } = enabledOf(template('en', { facts: { ...NO_FACTS, mode, playing } }));
    return [save, kill, stop];
  };
  expect(some('idle')).toEqual([false, false, false]);
  expect(some('past')).toEqual([true, false, false]);
  expect(some('live')).toEqual([true, true, false]);
  expect(some('live', { steps: 2, stepsLeft: 1 })).toEqual([true, true, true]);
});

test('menu: the lab is closing → items that need the lab are disabled', () => {
  const facts = {
    mode: 'live',
    runs: [run('2026-11-30-1')],
    scenarios: [scenario('Tour')],
    playing: { steps: 3, stepsLeft: 2 },
  } as const;
  const closing = enabledOf(template('en', { facts, isMac: true, isClosing: true }));
  expect(Object.keys(closing)).toEqual([
    ...['new-run', 'open-run', 'open-2026-11-30-1', 'all-runs', 'export', 'open-file', 'open-data'],
    ...['play-scenario', 'play-Tour', 'all-scenarios', 'stop-scenario', 'kill-leader'],
  ]);
  expect(new Set(Object.values(closing))).toEqual(new Set([false]));
  const running = enabledOf(template('en', { facts, isMac: true }));
  expect(new Set(Object.values(running))).toEqual(new Set([true]));
});
