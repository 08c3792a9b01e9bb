/** The menu bar: every label is a word of ours in both languages, every accelerator and role stays the same. */
import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, test, vi } from 'vitest';
import { menuTemplate } from '../../src/main/menu.ts';
import { wordsIn } from '../../src/main/words.ts';

const actions = { exportRun: vi.fn(), openDataFolder: vi.fn(), openRaftSite: vi.fn() };
type Item = MenuItemConstructorOptions;

function flat(template: readonly Item[]): readonly Item[] {
  return template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
}

function template(language: 'en' | 'zh-CN', isMac: boolean): readonly Item[] {
  return flat(menuTemplate({ words: wordsIn(language), isMac, isClosing: false, actions }));
}

describe.each([false, true])('macOS %s', (isMac) => {
  test('every item but the lines has a label of ours', () => {
    for (const language of ['en', 'zh-CN'] as const) {
      const words: readonly string[] = [...Object.values(wordsIn(language)), 'Raft Lab'];
      const items = template(language, isMac).filter((item) => item.type !== 'separator');
      expect(items.filter((item) => !words.includes(item.label ?? ''))).toEqual([]);
    }
  });

  test('the languages differ in words only', () => {
    const shape = (items: readonly Item[]) => items.map(({ label, submenu, ...rest }) => rest);
    expect(shape(template('zh-CN', isMac))).toEqual(shape(template('en', isMac)));
    const inEnglish = template('en', isMac).map((item) => item.label);
    const same = template('zh-CN', isMac).filter((item, i) => item.label !== undefined && item.label === inEnglish[i]);
    expect(same.map((item) => item.label)).toEqual(isMac ? ['Raft Lab'] : []);
  });

  test('the roles that must be there', () => {
    const roles = template('en', isMac).map((item) => item.role);
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

test('what the items do', () => {
  const items = menuTemplate({ words: wordsIn('en'), isMac: false, isClosing: false, actions });
  for (const id of ['export', 'open-data', 'raft-site']) {
    const click = flat(items).find((item) => item.id === id)?.click as () => void;
    click();
  }
  expect([actions.exportRun, actions.openDataFolder, actions.openRaftSite].map((one) => one.mock.calls.length)).toEqual(
    [1, 1, 1],
  );
});

test('menu: the lab is closing → what would ask it for something is disabled', () => {
  const enabled = (isClosing: boolean) =>
    flat(menuTemplate({ words: wordsIn('en'), isMac: true, isClosing, actions })).flatMap(({ id, enabled }) =>
      enabled === undefined ? [] : [[id, enabled]],
    );
  expect(enabled(true)).toEqual([
    ['export', false],
    ['open-data', false],
  ]);
  expect(enabled(false)).toEqual([
    ['export', true],
    ['open-data', true],
  ]);
});
