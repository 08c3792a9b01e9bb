/**
 * The whole tour with the keyboard alone; the page counts pressed mouse buttons and must count none. Keys do not reach
 * the cluster while a person types, uses an input method, or has a dialog open. With reduced motion no message flies.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, textOf } from './browser.ts';
import { type Dashboard, dashboardOf } from './dashboard.ts';
import { type Host, startHost } from './host.ts';

const ALL = ['S1', 'S2', 'S3', 'S4', 'S5'];

/** Counts that `watchPage` keeps in the page. */
interface Watch {
  mouse: number;
  framesLookedAt: number;
  framesPainted: number;
}

let host: Host;
let browser: Browser;
let page: Page;
let dashboard: Dashboard;

/** Runs in the page before the page's own scripts. Counts pressed mouse buttons. */
function watchMouse(): void {
  const watch = { mouse: 0, framesLookedAt: 0, framesPainted: 0 };
  Object.assign(globalThis, { watch });
  addEventListener('mousedown', () => (watch.mouse += 1), true);
}

/** Runs in the page. Counts the frames from now on, and those in which a message flies; reading a frame takes long. */
function watchFrames(): void {
  const { watch } = globalThis as unknown as { watch: Watch };
  const look = (): void => {
    requestAnimationFrame(look);
    const canvas = document.querySelector<HTMLCanvasElement>('canvas.flights');
    const context = canvas?.getContext('2d');
    if (!canvas || !context || canvas.width === 0) return;
    watch.framesLookedAt += 1;
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    if (new Uint32Array(data.buffer).some((pixel) => pixel !== 0)) watch.framesPainted += 1;
  };
  requestAnimationFrame(look);
}

const watched = (of: Page): Promise<Watch> => of.evaluate(() => (globalThis as unknown as { watch: Watch }).watch);

beforeAll(async () => {
  [host, browser] = await Promise.all([startHost(), openBrowser()]);
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    acceptDownloads: true,
    reducedMotion: 'reduce',
  });
  await context.addInitScript(watchMouse);
  page = await context.newPage();
  dashboard = dashboardOf(page);
  await page.goto(host.address);
  await dashboard.leader();
});

afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

const press = async (...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

const focused = (): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement as HTMLElement | null;
    return at?.dataset.testid || at?.id || at?.tagName || '';
  });

/** Presses Tab until a control has the focus. Every control on the way must show a focus ring. */
async function tabTo(wanted: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let stops = 0; stops < 60; stops += 1) {
    if ((await focused()) === wanted) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${wanted} cannot be reached with ${key}`);
}

/** Types a command; `target` is chosen through the command line's menu. */
async function command(text: string, says: RegExp, target: string | null = null): Promise<void> {
  if (target !== null) {
    await press('c');
    await tabTo('command-target', 'Shift+Tab');
    await press('Enter');
    await page.getByRole('menuitem').first().waitFor();
    const place = target === 'leader' ? 0 : Number(target.slice(1));
    await press('Home', ...Array.from({ length: place }, () => 'ArrowDown'), 'Enter');
    await page.getByRole('menuitem').first().waitFor({ state: 'detached' });
    await press('Escape');
  }
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await press('c');
  expect(await focused()).toBe('command-input');
  await page.keyboard.type(text);
  await press('Enter');
  await page.getByTestId('command-result').filter({ hasText: says }).waitFor({ timeout: 60_000 });
  await press('Escape');
  expect(await focused()).toBe('BODY');
}

async function ticked(step: string): Promise<void> {
  await press('Escape');
  await page.locator(`[data-testid=try-${step}][data-done=true]`).waitFor({ timeout: 30_000 });
}

test('Tab: pressed through the page → every control in order, each with a focus ring', async () => {
  const stops: string[] = [];
  const invisible: string[] = [];
  for (let count = 0; count < 40; count += 1) {
    await press('Tab');
    const stop = await focused();
    if (stop === 'BODY') break;
    stops.push(stop);
    const isShown = await page.evaluate(() => {
      const at = document.activeElement;
      if (at === null || !at.matches(':focus-visible')) return false;
      const style = getComputedStyle(at);
      // A server draws its focus ring inside its picture; the command line's ring surrounds the whole line.
      const inner = at.querySelector('.focus');
      const ring = inner === null ? '' : getComputedStyle(inner).stroke + getComputedStyle(inner).opacity;
      const line = at.closest('.command-field');
      if (line !== null) return getComputedStyle(line).outlineStyle !== 'none';
      return style.outlineStyle !== 'none' || style.boxShadow !== 'none' || (ring !== '' && !ring.startsWith('none'));
    });
    if (!isShown) invisible.push(stop);
  }
  expect(invisible).toEqual([]);
  const wanted = [
    'pace',
    'runs',
    'export',
    'theme',
    'language',
    'help',
    'server-S1',
    'kill-S1',
    'cut-S1',
    'command-target',
    'command-input',
    'show-events',
  ];
  expect(stops.filter((stop) => wanted.includes(stop))).toEqual(wanted);
});

test('ring: arrows, Enter, Esc → focus moves, server selected, tabs turn, deselected', async () => {
  await press('Escape');
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await tabTo('server-S1');
  await press('ArrowRight', 'ArrowRight');
  expect(await focused()).toBe('server-S3');
  await press('ArrowLeft', 'Enter');
  await page.getByTestId('server-panel').getByRole('heading', { name: 'S2' }).waitFor();
  await tabTo('panel-kill');
  for (const name of ['Disk', 'Store', 'Process']) {
    for (let stops = 0; stops < 10; stops += 1) {
      if ((await page.evaluate(() => document.activeElement?.getAttribute('role'))) === 'tab') break;
      await press('Tab');
    }
    await press('ArrowRight');
    await page.getByRole('tab', { name, selected: true }).waitFor();
  }
  await page
    .getByTestId('kill-command')
    .filter({ hasText: /^kill -9 \d+$/ })
    .waitFor();
  await press('Escape');
  await page.getByTestId('server-panel').waitFor({ state: 'detached' });
});

test('keyboard: submit, kill the leader, restart it → done', async () => {
  await command('set x 5', /done @2/);
  await ticked('submit');
  const old = await dashboard.leader();
  await press('Escape', old.slice(1), 'k');
  await page
    .getByTestId('toast')
    .filter({ hasText: `${old} killed` })
    .waitFor();
  await dashboard.sentenceFits(new RegExp(`S(?!${old.slice(1)})\\d leads`));
  await press('R');
  await dashboard.sentenceFits(/5 of 5 up/);
  await ticked('kill-leader');
  await ticked('restart');
});

test('keyboard: cut two off, minority fails, heal, export → done', async () => {
  const old = await dashboard.leader();
  const next = ALL[(ALL.indexOf(old) + 1) % ALL.length] ?? '';
  await press('Escape', 'Escape');
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await tabTo(`server-${old}`).catch(async () => {
    // Tab returns to the server that had the focus last; the arrows continue from there.
    await tabTo('help');
    for (let stops = 0; stops < 5 && !/^server-/.test(await focused()); stops += 1) await press('Tab');
    for (let steps = 0; steps < 5 && (await focused()) !== `server-${old}`; steps += 1) await press('ArrowRight');
  });
  await press('Shift+Enter', 'ArrowRight');
  expect(await focused()).toBe(`server-${next}`);
  await press('Shift+Enter', 'P');
  await page.getByTestId('fault-chip').waitFor();
  await dashboard.sentenceFits(new RegExp(`S(?!${old.slice(1)}|${next.slice(1)})\\d leads`));
  await command('set lost 1', /@\d+|index \d+/, old);
  await ticked('minority');
  // A new entry of the majority replaces the minority's uncommitted one.
  await command('set z 7', /done @\d/, 'leader');
  await press('Shift+H');
  await page.getByTestId('fault-chip').waitFor({ state: 'detached' });
  await dashboard.equalLogs(ALL);
  await ticked('drop');
  const [download] = await Promise.all([page.waitForEvent('download'), press('e')]);
  expect(await textOf(download)).toContain('"event":"FaultEnded"');
});

test('I: server selected → cut off; pressed again → connected', async () => {
  await press('Escape', '4', 'i');
  await page.getByTestId('fault-chip').filter({ hasText: 'S4 cut off' }).waitFor();
  await press('i');
  await page.getByTestId('fault-chip').waitFor({ state: 'detached' });
});

test('keyboard: F, U, N, a link of the selected server → frozen, faults on, link cut one way', async () => {
  const chip = (text: RegExp) => page.getByTestId('fault-chip').filter({ hasText: text });
  await press('Escape', '4', 'f');
  await chip(/S4 frozen/).waitFor();
  await press('f', 'Escape', 'u');
  await chip(/unreliable network/).waitFor();
  await chip(/S4 frozen/).waitFor({ state: 'detached' });
  await press('u', 'n');
  await chip(/nemesis/).waitFor();
  await press('n');
  await page.getByTestId('fault-chip').first().waitFor({ state: 'detached', timeout: 60_000 });
  await dashboard.sentenceFits(/5 of 5 up/);
  await press('4');
  await tabTo('link-to-S2');
  await press('Enter');
  await page.getByTestId('link-panel').waitFor();
  await tabTo('choice-S4>S2');
  await page.keyboard.type('c');
  await chip(/S4 → S2/).waitFor();
  await press('Escape', 'Shift+H');
  await page.getByTestId('fault-chip').first().waitFor({ state: 'detached' });
});

test('keyboard: help, events with filter, dialog of a new run → opened and closed by key', async () => {
  await press('Escape', '?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  // Keys pressed in a dialog do not reach the cluster.
  await press('1', 'k', 'Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await page.getByTestId('server-panel').count()).toBe(0);
  await press('/');
  expect(await focused()).toBe('events-filter');
  await page.keyboard.type('source:S1 k');
  // The first Esc clears the text, as in every search field; the second closes the list.
  await press('Escape');
  expect(await page.getByTestId('events-filter').inputValue()).toBe('');
  await press('Escape');
  await page.getByTestId('events-filter').waitFor({ state: 'detached' });
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await tabTo('runs');
  await press('Enter');
  await page.getByRole('menuitem', { name: /New run/ }).waitFor();
  await press('Home', 'Enter');
  await page.getByRole('dialog', { name: 'New run' }).waitFor();
  for (
    let stops = 0;
    stops < 10 && !(await page.evaluate(() => document.activeElement?.matches('[value="5"]')));
    stops += 1
  ) {
    await press('Tab');
  }
  await press('ArrowLeft');
  await page.getByRole('radio', { name: '4', exact: true, checked: true }).waitFor({ state: 'attached' });
  await press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await dashboard.sentence()).toContain('5 of 5 up');
});

test('typing or composing: key pressed → a letter, no action', async () => {
  await press('Escape', 'Escape', '3', 'c');
  await page.keyboard.type('set k kriphe? 12');
  const input = page.getByTestId('command-input');
  expect(await input.inputValue()).toBe('set k kriphe? 12');
  await input.fill('');
  const session = await page.context().newCDPSession(page);
  // As with an input method: letters that are not yet text, and an Enter that only accepts them.
  await page.keyboard.type('set ming ');
  await session.send('Input.imeSetComposition', { text: 'ni hao', selectionStart: 6, selectionEnd: 6 });
  await press('Enter');
  expect(await page.getByTestId('command-result').textContent()).not.toContain('ming');
  await session.send('Input.insertText', { text: '你好' });
  expect(await input.inputValue()).toContain('set ming');
  expect(await input.inputValue()).toContain('你好');
  await input.fill('');
  await press('Escape');
  const events = await exportedEvents();
  const after = events.slice(events.findLastIndex(({ event }) => event === 'FaultEnded') + 1).map(({ event }) => event);
  expect(after.filter((name) => name.endsWith('Ordered') || name === 'CommandInvoked')).toEqual([]);
});

async function exportedEvents(): Promise<readonly { readonly event: string }[]> {
  const [download] = await Promise.all([page.waitForEvent('download'), press('E')]);
  const lines = (await textOf(download)).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as { event: string });
}

test('motion: reduced → no message flies; not reduced → messages fly', async () => {
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'no-preference' });
  await context.addInitScript(watchMouse);
  const moving = await context.newPage();
  await moving.goto(host.address);
  await dashboardOf(moving).leader();
  await page.bringToFront();
  await page.evaluate(watchFrames);
  await command('set fly 1', /done @\d+/, 'leader');
  // 60 frames take about as long as two heartbeats, so a flying message would have been counted.
  await page.waitForFunction(() => (globalThis as unknown as { watch: Watch }).watch.framesLookedAt > 60);
  expect((await watched(page)).framesPainted).toBe(0);
  await moving.bringToFront();
  await moving.evaluate(watchFrames);
  await moving.waitForFunction(() => (globalThis as unknown as { watch: Watch }).watch.framesPainted > 0);
  await context.close();
});

test('keyboard: whole file played → no mouse button was pressed', async () => {
  expect((await watched(page)).mouse).toBe(0);
});
