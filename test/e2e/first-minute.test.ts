/**
 * The first minute and the tour after it, in a real Chromium, with a person's means only: reading the screen, typing
 * and clicking. The last test reads the servers' files with a second reader that shares no code with the program.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readServerFiles, replay } from '../helpers/read-files.ts';
import { openBrowser, textOf } from './browser.ts';
import { type Dashboard, dashboardOf } from './dashboard.ts';
import { type Host, startHost } from './host.ts';

const ALL = ['S1', 'S2', 'S3', 'S4', 'S5'];

let host: Host;
let browser: Browser;
let page: Page;
let dashboard: Dashboard;
const complaints: string[] = [];

beforeAll(async () => {
  [host, browser] = await Promise.all([startHost(), openBrowser()]);
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    acceptDownloads: true,
  });
  page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  dashboard = dashboardOf(page);
  await page.goto(host.address);
});

afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

/** Waits until a step of *Try this*, shown while no server is selected, is ticked. */
async function ticked(step: string): Promise<void> {
  await page.keyboard.press('Escape');
  await page.locator(`[data-testid=try-${step}][data-done=true]`).waitFor({ timeout: 30_000 });
}

const settled = async (ids: readonly string[]): Promise<readonly string[]> => {
  const [first = ''] = ids;
  await page.waitForFunction(
    (names) => {
      const rows = names.map((name) =>
        [...document.querySelectorAll(`[data-testid=log-row-${name}] [data-term]`)].map((cell) => {
          const { cell: at, term, committed } = (cell as HTMLElement).dataset;
          return `${at?.split(':')[1]}:${term}:${committed}`;
        }),
      );
      return rows.every((row) => row.length > 0 && row.join() === rows[0]?.join() && !row.join().includes('false'));
    },
    [...ids],
    { timeout: 40_000 },
  );
  return dashboard.cells(first);
};

test('first start: five servers appear → one wins, with its votes shown', async () => {
  for (const id of ALL) await dashboard.server(id).waitFor();
  const leader = await dashboard.leader();
  expect(ALL).toContain(leader);
  expect(await dashboard.sentence()).toContain('5 of 5 up');
  await dashboard.storyFits(new RegExp(`${leader} .*won .*with \\d of 5 votes`));
});

test('command: set x 5 → in every log, every store and on every disk', async () => {
  await dashboard.command('set x 5', /done @2/);
  await ticked('submit');
  expect(await settled(ALL)).toHaveLength(2);
  for (const id of ALL) {
    await dashboard.show(id, 'Store');
    await page.getByTestId('store').getByRole('cell', { name: '5', exact: true }).first().waitFor();
    await dashboard.show(id, 'Disk');
    await page
      .getByTestId('disk')
      .getByText(/"op": ?"set"|set x 5/)
      .first()
      .waitFor();
    expect(replay(readServerFiles(host.folderOf(id)).log).get('x')).toBe('5');
  }
});

test('leader: kill -9 → its memory is empty, another leads, it restarts from its files', async () => {
  const old = await dashboard.leader();
  await page.keyboard.press('Escape');
  await page.keyboard.press(old.slice(1));
  await page.keyboard.press('k');
  await page
    .getByTestId('toast')
    .filter({ hasText: `${old} killed` })
    .waitFor();
  await dashboard.storyFits(new RegExp(`${old} was killed`));
  await dashboard.show(old, 'Memory');
  await page.getByText('The process is gone, and its memory with it').waitFor();
  await dashboard.sentenceFits(new RegExp(`S(?!${old.slice(1)})\\d leads term \\d+`));
  expect(await dashboard.sentence()).toContain('4 of 5 up');
  await ticked('kill-leader');
  await dashboard.command('set y 6', /done @\d/);

  await page.keyboard.press('Escape');
  await page.keyboard.press(old.slice(1));
  await page.keyboard.press('r');
  await dashboard.sentenceFits(/5 of 5 up/);
  await page
    .getByTestId('restored')
    .filter({ hasText: /read from disk: term \d+, vote \S+, \d+ entr(y|ies)/ })
    .waitFor();
  await settled(ALL);
  await ticked('restart');
});

test('minority: cut off → cannot commit; healed → equal logs', async () => {
  const old = await dashboard.leader();
  const other = ALL.find((id) => id !== old) ?? '';
  await page.keyboard.press('Escape');
  await dashboard.server(old).click({ modifiers: ['Shift'] });
  await dashboard.server(other).click({ modifiers: ['Shift'] });
  await page.keyboard.press('p');
  await page.getByTestId('fault-chip').waitFor();
  await dashboard.sentenceFits(new RegExp(`S(?!${old.slice(1)})\\d leads term \\d+`));
  await dashboard.command('set lost 1', /@\d+|index \d+/, old);
  await ticked('minority');
  const uncommitted = (await dashboard.cells(old)).filter((cell) => cell.endsWith('?'));
  expect(uncommitted).toHaveLength(1);
  await dashboard.command('set z 7', /done @\d/);

  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+H');
  await page.getByTestId('fault-chip').waitFor({ state: 'detached' });
  await settled(ALL);
  await ticked('drop');
  const pair = [old, other].sort().join(' and ');
  await page
    .getByTestId('try-drop')
    .filter({ hasText: `${pair} dropped lost=1` })
    .waitFor();
});

test("export: file of the run → agrees with the screen and with the servers' files", async () => {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export').click()]);
  const lines = (await textOf(download)).trimEnd().split('\n');
  const events = lines.map((line) => JSON.parse(line) as { seq: number; event: string });
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, position) => position + 1));
  expect(events[0]?.event).toBe('RunStarted');
  expect(events.map(({ event }) => event)).toEqual(
    expect.arrayContaining([
      ...['LeaderElected', 'CommandDone', 'SignalOrdered', 'ServerExited'],
      ...['DiskObserved', 'FaultBegan', 'FaultEnded'],
    ]),
  );
  const shown = await settled(ALL);
  for (const id of ALL) {
    const { log } = readServerFiles(host.folderOf(id));
    expect(log.map(({ index, term }) => `${index}:${term}`)).toEqual(shown);
    const store = replay(log);
    expect([...store].sort()).toEqual([
      ['x', '5'],
      ['y', '6'],
      ['z', '7'],
    ]);
  }
  expect(complaints).toEqual([]);
});
