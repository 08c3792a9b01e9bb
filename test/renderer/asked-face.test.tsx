// @vitest-environment happy-dom
/** The face *Asked*: what became of every command, by a click and by the keyboard. */
import { act, screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { AskedCommand } from '../../src/core/trace/index.ts';
import { attemptText, copyText, endText, fateText, tookText } from '../../src/renderer/asked/asked-text.ts';
import { createTranslations } from '../../src/renderer/texts/translations.ts';
import { leaveDashboards, type OnScreen, renderDashboard } from './render-dashboard.tsx';

// These tests render the whole page many times, perhaps on a busy machine.
vi.setConfig({ testTimeout: 60_000 });
afterEach(leaveDashboards);

const endings = (): readonly (string | null | undefined)[] =>
  [...document.querySelectorAll('.asked-row')].map((row) => row.querySelector('.asked-end')?.textContent);

/** A leader and a follower are cut off, and this leader takes a command. Resolves with the leader. */
async function loseOne(page: OnScreen): Promise<string> {
  const deposed = await page.lead();
  const other = Object.keys(page.lab.view().servers).find((id) => id !== deposed) ?? '';
  await act(() => page.lab.door.ask('cutOff', { servers: [deposed, other] }));
  const command = { op: 'set', key: 'lost', value: '1' } as const;
  await act(() => page.lab.door.ask('startCommand', { server: deposed, command }));
  return deposed;
}

test('asked: a cut-off leader takes a command → open; overwritten → lost, with its copy', async () => {
  const page = renderDashboard();
  const deposed = await loseOne(page);
  await page.user.click(screen.getByTestId('show-asked'));
  await page.advance(1200);
  expect(endings()).toEqual(['accepted @1, still open']);
  await page.advanceUntil(({ leader }) => leader !== null && leader.server !== deposed);
  act(() => void page.lab.door.ask('submit', { command: { op: 'set', key: 'kept', value: '2' } }));
  await page.advance(4000);
  await vi.waitFor(() => expect(endings()).toEqual(['done @1', 'accepted @1 → lost']), { timeout: 5000 });
  expect(screen.getByTestId('asked-summary').textContent).toMatch(/^2 commands · half answered within \d\.\d s$/);
  await page.user.click(screen.getByText('accepted @1 → lost'));
  const details = within(screen.getByTestId('asked-details'));
  expect(details.getByText(/will never take effect/)).toBeDefined();
  await page.user.click(details.getByText(`entry 1 of term 1, from ${deposed}: overwritten`, { exact: false }));
  expect(screen.getByTestId('entry-panel')).toBeDefined();
});

test('asked: the arrow keys and Enter → walk through the rows and open one', async () => {
  const page = renderDashboard({ language: 'zh-CN' });
  await page.lead();
  for (const key of ['x', 'y']) {
    act(() => void page.lab.door.ask('submit', { command: { op: 'set', key, value: '1' } }));
    await page.advance(3000);
  }
  await page.user.keyboard('a');
  await vi.waitFor(() => expect(endings()).toEqual(['完成 @2', '完成 @1']), { timeout: 5000 });
  act(() => screen.getByTestId('asked-list').focus());
  await page.user.keyboard('{ArrowDown}{ArrowDown}');
  await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('set x 1'));
  await page.user.keyboard('{Enter}');
  expect(screen.getByTestId('asked-details')).toBeDefined();
});

test('asked: no command yet → a sentence instead of a list', async () => {
  const page = renderDashboard();
  await page.lead();
  await page.user.keyboard('a');
  await page.advance(300);
  expect(screen.getByText('No command has been asked yet.')).toBeDefined();
});

test('asked: views arrive and no answer does → a finished row is not touched', async () => {
  const page = renderDashboard();
  await page.lead();
  act(() => void page.lab.door.ask('submit', { command: { op: 'set', key: 'x', value: '1' } }));
  await page.advance(3000);
  await page.user.keyboard('a');
  await vi.waitFor(() => expect(endings()).toEqual(['done @1']), { timeout: 5000 });
  // From here on the lab answers nothing, so whatever changes follows the clock or the view.
  vi.spyOn(page.dashboard.actions, 'ask').mockReturnValue(new Promise(() => undefined));
  const bar = () => document.querySelector<HTMLElement>('.asked-bar')?.style.cssText;
  const before = bar();
  expect(before).toContain('width');
  await page.advance(5000);
  expect(bar()).toBe(before);
});

const { t } = createTranslations('en', (key) => {
  throw new Error(`there is no word for ${key}`);
});
const command = { op: 'get', key: 'x' };
const at = { seq: 1, client: 'C1', command, askedUs: 0, attempts: [], copies: [], tookUs: null, fate: null };
const ended = (more: object): AskedCommand => ({ ...at, end: null, ...more }) as AskedCommand;
const done = (result: object) => ({ is: 'done', index: 5, term: 1, server: 'S1', result });

test.each([
  [ended({}), 'waiting 4.2 s'],
  [ended({ end: done({ ok: true, value: '5', previous: null }) }), 'x = 5'],
  [ended({ end: done({ ok: true, value: null, previous: null }) }), 'x is absent'],
  [
    ended({ command: { op: 'set', key: 'x', value: '5' }, end: done({ ok: true, value: '5', previous: null }) }),
    'done @5',
  ],
  [ended({ command: 'odd', end: done({ ok: true, value: '5', previous: null, swapped: false }) }), 'not swapped @5'],
  [ended({ end: done({ ok: false, reason: 'not-a-command' }) }), 'done @5, but '],
  [ended({ end: { is: 'refused', reason: 'busy' } }), 'refused: too much is waiting'],
  [ended({ end: { is: 'unknown' }, fate: { is: 'open' } }), 'unknown, still open'],
  [ended({ end: { is: 'unknown' }, fate: { is: 'lost', atUs: 1 } }), 'unknown → lost'],
  [ended({ end: { is: 'unknown' }, fate: { is: 'committed', index: 7, atUs: 1 } }), 'unknown → committed @7'],
  [ended({ end: { is: 'accepted', index: 4, term: 1 }, fate: { is: 'open' } }), 'accepted @4, still open'],
] as const)('end of a command: %# → its words', (asked, words) => {
  expect(endText(t, asked, 4_200_000).text).toContain(words);
});

test('details: every end of an attempt, fate of a copy and fate → a sentence of its own', () => {
  const ends = ['open', 'redirected', 'taken', 'dropped', 'server-ended'] as const;
  const attempts = ends.map((end) => attemptText(t, { server: 'S1', atUs: 0, end, to: null }));
  const fates = ['open', 'applied', 'repeated', 'overwritten'] as const;
  const copies = fates.map((fate) => copyText(t, { index: 1, term: 2, by: 'S1', atUs: 0, fate }));
  const said = [{ is: 'open' }, { is: 'lost', atUs: 1 }, { is: 'committed', index: 1, atUs: 1 }];
  const texts = [...attempts, ...copies, ...said.map((fate) => fateText(t, ended({ fate })))];
  expect(new Set(texts).size).toBe(12);
  expect(copies[2]).toBe('entry 1 of term 2, from S1: second copy, not applied');
  expect([tookText(t, 800_000), tookText(t, 15_000_000), tookText(t, null)]).toEqual(['0.8 s', '15 s', '']);
});
