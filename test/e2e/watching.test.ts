/**
 * Watching a run: a pace that really slows the cluster, two pages on one run, a connection that is lost and found,
 * a view that is frozen while the cluster runs on.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { type Dashboard, dashboardOf, type ExportedEvent } from './dashboard.ts';
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
  context = await browser.newContext({ viewport, locale: 'en-US', acceptDownloads: true });
  page = await context.newPage();
  dashboard = dashboardOf(page);
  await page.goto(host.address);
  await dashboard.leader();
});

afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

/** The leader's empty AppendEntries a second, over the stretch of the trace at each pace. */
function heartbeatsPerSecond(
  events: readonly ExportedEvent[],
): readonly { readonly pace: unknown; readonly rate: number }[] {
  const turns = events.filter(({ event }) => event === 'PaceChanged');
  return turns.map((turn, place) => {
    const untilUs = turns[place + 1]?.timeUs ?? events.at(-1)?.timeUs ?? 0;
    const sent = events.filter(
      ({ event, timeUs, rpc, kind, last }) =>
        event === 'MessageSent' &&
        rpc === 'AppendEntries' &&
        kind === 'request' &&
        last === undefined &&
        timeUs > turn.timeUs &&
        timeUs <= untilUs,
    );
    return { pace: turn.pace, rate: sent.length / ((untilUs - turn.timeUs) / 1_000_000) };
  });
}

/** How many messages the state of the cluster counts. */
async function messages(): Promise<number> {
  await page.keyboard.press('Escape');
  const text = (await page.getByText(/^[\d,]+, [\d,]+ lost$/).textContent()) ?? '';
  return Number(text.split(', ')[0]?.replaceAll(',', ''));
}

async function untilMessages(count: number): Promise<void> {
  const wanted = (await messages()) + count;
  await expect.poll(messages, { timeout: 30_000 }).toBeGreaterThanOrEqual(wanted);
}

test('the pace really changes the heartbeat, while it runs, and back', async () => {
  const setPace = async (name: RegExp, shown: string): Promise<void> => {
    await dashboard.choose('pace', name);
    await page.getByTestId('pace').filter({ hasText: shown }).waitFor();
    await page
      .getByTestId('toast')
      .filter({ hasText: `Pace: ${shown}` })
      .waitFor();
  };
  await setPace(/^real time/, 'real time');
  await dashboard.leader();
  await untilMessages(400);
  await setPace(/^classroom/, 'classroom');
  await dashboard.leader();
  await untilMessages(60);
  const [real, classroom] = heartbeatsPerSecond(await dashboard.exported());
  expect([real?.pace, classroom?.pace]).toEqual(['real', 'classroom']);
  // 50 ms against 500 ms: ten to one; half of that leaves room for a busy machine and for the turn itself.
  expect((real?.rate ?? 0) / (classroom?.rate ?? 1)).toBeGreaterThan(5);
  expect(classroom?.rate).toBeLessThan(16);
  // Slower is no fault: no chip, nobody lost the lead for it.
  expect(await page.getByTestId('fault-chip').count()).toBe(0);
});

test('two pages on one run both follow, whoever acts', async () => {
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
  // Each page has a selection and a language of its own.
  await other.keyboard.press('Escape');
  await page.getByTestId('server-panel').waitFor();
  expect(await other.getByTestId('server-panel').count()).toBe(0);
  await other.close();
});

test('a lost connection is said and what is shown is dimmed; it comes back by itself, up to date', async () => {
  const viewport = { width: 1280, height: 800 };
  const far = await (await browser.newContext({ viewport, locale: 'en-US' })).newPage();
  const shaky = dashboardOf(far);
  // Between page and host stands a wire that can be pulled.
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

test('Space freezes the view, counts what waits, and goes on with the newest', async () => {
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
  await page.keyboard.press('Space');
  await page.getByTestId('banner-frozen').waitFor({ state: 'detached' });
  expect(await dashboard.equalLogs(ALL)).toEqual(newer);
  expect(await page.getByTestId('events-recent').textContent()).not.toBe(events);
  await other.close();
});
