/**
 * Watching a run: two pages show one run, a page loses and regains its connection, and a page pauses its view while the
 * cluster keeps running.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { type Dashboard, dashboardOf } from './dashboard.ts';
import { type Host, startHost } from './host.ts';

const ALL = ['S1', 'S2', 'S3', 'S4', 'S5'];

let host: Host;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let dashboard: Dashboard;

beforeAll(async () => {
  [host, browser] = await Promise.all([startHost(), openBrowser()]);
  const viewport = { width: 1280, height: 800 };
  context = await browser.newContext({ viewport, locale: 'en-US', reducedMotion: 'reduce', acceptDownloads: true });
  page = await context.newPage();
  dashboard = dashboardOf(page);
  await page.goto(host.address);
  await dashboard.leader();
});

afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

test('two pages on one run: either one acts → both follow', async () => {
  const other = await context.newPage();
  const second = dashboardOf(other);
  await other.goto(host.address);
  expect(await second.leader()).toBe(await dashboard.leader());
  await dashboard.command('set from-first 1', /done @\d+/);
  await second.command('set from-second 2', /done @\d+/);
  const [here, there] = [await dashboard.equalLogs(ALL), await second.equalLogs(ALL)];
  expect(there).toEqual(here);
  expect(here).toHaveLength(3);
  const victim = await second.leader();
  await second.select(victim);
  await other.keyboard.press('k');
  for (const one of [dashboard, second])
    await one.sentenceFits(new RegExp(`S(?!${victim.slice(1)})\\d leads.*4 of 5 up`));
  await dashboard.select(victim);
  await page.keyboard.press('r');
  for (const one of [dashboard, second]) await one.sentenceFits(/5 of 5 up/);
  // Each page has its own selection and language.
  await other.keyboard.press('Escape');
  await page.getByTestId('server-panel').waitFor();
  expect(await other.getByTestId('server-panel').count()).toBe(0);
  await other.close();
});

test('connection: lost → reported and dimmed; back → up to date without a reload', async () => {
  const viewport = { width: 1280, height: 800 };
  const far = await (await browser.newContext({ viewport, locale: 'en-US', reducedMotion: 'reduce' })).newPage();
  const shaky = dashboardOf(far);
  // The page reaches the host through a proxy whose connections the test can close.
  const wires = new Set<() => void>();
  let isPulled = false;
  await far.routeWebSocket(/\/lab$/, (socket) => {
    if (isPulled) return void socket.close({ code: 1012 });
    const server = socket.connectToServer();
    wires.add(() => {
      void server.close();
      void socket.close({ code: 1012 });
    });
  });
  await far.goto(host.address);
  await shaky.leader();
  isPulled = true;
  for (const pull of wires) pull();
  await far.getByTestId('banner-lost').waitFor();
  await far.locator('.app[data-lost=true]').waitFor();
  await far.getByTestId('command-input').and(far.locator(':disabled')).waitFor();
  await dashboard.command('set while-away 1', /done @\d+/);
  const now = await dashboard.equalLogs(ALL);
  expect(await shaky.cells('S1')).not.toEqual(now);
  isPulled = false;
  await far.getByTestId('banner-lost').waitFor({ state: 'detached' });
  expect(await shaky.equalLogs(ALL)).toEqual(now);
  await shaky.command('get while-away', /done @\d+/);
  await far.context().close();
});

test('Space: view paused → counts waiting events; resumed → newest state', async () => {
  await page.keyboard.press('Escape');
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  const other = await context.newPage();
  const second = dashboardOf(other);
  await other.goto(host.address);
  await second.leader();
  await page.bringToFront();
  await page.keyboard.press('Space');
  await page.getByTestId('banner-frozen').filter({ hasText: 'the cluster runs on' }).waitFor();
  const frozen = { sentence: await dashboard.sentence(), cells: await dashboard.cells('S1') };
  const events = await page.getByTestId('events-recent').textContent();
  await second.command('set frozen 1', /done @\d+/);
  const newer = await second.equalLogs(ALL);
  await page.waitForFunction(() => {
    const text = document.querySelector('[data-testid=banner-frozen]')?.textContent ?? '';
    return Number(/(\d+) events wait/.exec(text)?.[1]) > 20;
  });
  expect({ sentence: await dashboard.sentence(), cells: await dashboard.cells('S1') }).toEqual(frozen);
  expect(await page.getByTestId('events-recent').textContent()).toBe(events);
  expect(await coveredByNote(page, '.three-lines')).toEqual([]);
  await page.keyboard.press('/');
  await page.getByTestId('events-list').locator('.event').last().waitFor();
  expect(await coveredByNote(page, '[data-testid=events-list]')).toEqual([]);
  await page.keyboard.press('Escape');
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('Space');
  await page.getByTestId('banner-frozen').waitFor({ state: 'detached' });
  expect(await dashboard.equalLogs(ALL)).toEqual(newer);
  expect(await page.getByTestId('events-recent').textContent()).not.toBe(events);
  await other.close();
});

/** Returns lines of events that the note of the paused view covers, wholly or in part. */
function coveredByNote(of: Page, list: string): Promise<readonly string[]> {
  return of.evaluate((selector) => {
    const note = document.querySelector('[data-testid=banner-frozen]')?.getBoundingClientRect();
    const found = [...document.querySelectorAll(`${selector} .event`)];
    if (note === undefined || found.length === 0) return ['there is no note, or no event'];
    // A long list draws some lines above its visible part.
    const edge = document.querySelector(selector)?.getBoundingClientRect().top ?? 0;
    return found.flatMap((line) => {
      const { left, right, top: own, bottom } = line.getBoundingClientRect();
      const top = Math.max(own, edge);
      const isApart = right <= note.left || left >= note.right || bottom <= note.top || top >= note.bottom;
      return isApart ? [] : [line.textContent ?? ''];
    });
  }, list);
}
