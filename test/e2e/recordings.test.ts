/**
 * Runs that end and are continued. The host is killed with -9 during a run and started again on the same folder. The
 * run is continued from its servers' files, opened as a recording and closed. Then a new run starts with other choices.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processesOf } from '../helpers/processes-of.ts';
import { readServerFiles, replay } from '../helpers/read-files.ts';
import { openBrowser } from './browser.ts';
import { type Dashboard, dashboardOf } from './dashboard.ts';
import { type Host, startHost } from './host.ts';

const ALL = ['S1', 'S2', 'S3', 'S4', 'S5'];

let host: Host;
let browser: Browser;
let page: Page;
let dashboard: Dashboard;
/** The run whose host was killed. */
let runId: string;
/** Run time in µs at which all five servers were up and had applied every entry. */
let settledUs: number;

beforeAll(async () => {
  [host, browser] = await Promise.all([startHost(), openBrowser()]);
  await visit();
});

afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

async function visit(): Promise<void> {
  page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  dashboard = dashboardOf(page);
  await page.goto(host.address);
  await dashboard.leader();
}

const storeShows = (key: string, value: string) =>
  page.getByTestId('store').getByRole('row').filter({ hasText: key }).getByRole('cell', { name: value, exact: true });

test('host: kill -9 in mid-run → the page reports it and dims, no process is left', async () => {
  await dashboard.command('set x 5', /done @\d+/);
  await dashboard.command('set city Lyon', /done @\d+/);
  await dashboard.equalLogs(ALL);
  runId = host.runs().at(-1) ?? '';
  expect(processesOf(runId).length).toBeGreaterThanOrEqual(6);
  await host.strike();
  await page.getByTestId('banner-lost').waitFor();
  await expect.poll(() => processesOf(runId), { timeout: 5000 }).toEqual([]);
  await page.getByTestId('command-input').and(page.locator(':disabled')).waitFor();
  await page.context().close();
});

test('host: started again, Continue last run → servers start from their own files', async () => {
  host = await startHost(host.dataFolder);
  await visit();
  // The page starts a run of its own; the last run is the one before it.
  expect(host.runs()).toHaveLength(2);
  const before = ALL.map((id) => readServerFiles(host.folderOf(id, runId)).log.length);
  await dashboard.choose('runs', /Continue last run/);
  await page.getByTestId('sentence').filter({ hasText: 'leads' }).waitFor({ state: 'detached' });
  // The page shows no leader of the old host: the leader is a running process.
  await dashboard.sentenceFits(/S\d leads term \d+.*5 of 5 up/);
  expect(processesOf(runId).length).toBeGreaterThanOrEqual(6);
  await dashboard.select('S1');
  await page
    .getByTestId('restored')
    .filter({ hasText: `, ${before[0]} entr` })
    .waitFor();

  // The commit index is volatile: the store is complete only after a leader commits an entry of its own term.
  await dashboard.command('append x 6', /done @\d+/);
  const shown = await dashboard.equalLogs(ALL);
  expect(shown.length).toBeGreaterThan(before[0] ?? 0);
  for (const id of ALL) {
    await dashboard.show(id, 'Store');
    await storeShows('x', '56').waitFor();
    await storeShows('city', 'Lyon').waitFor();
    const { log } = readServerFiles(host.folderOf(id, runId));
    expect(log.map(({ index, term }) => `${index}:${term}`)).toEqual(shown);
    expect(replay(log).get('x')).toBe('56');
  }
  const events = await dashboard.exported();
  expect(events.map(({ event }) => event)).toContain('LabRestarted');
  const times = events.filter(({ source }) => source === 'lab').map(({ timeUs }) => timeUs);
  expect([...times].sort((a, b) => a - b)).toEqual(times);
  settledUs = Math.max(...events.map(({ timeUs }) => timeUs));
});

test('recording: opened → banner, times and files shown; commands and faults disabled', async () => {
  await dashboard.choose('runs', /Open a recording/);
  const rows = page.getByRole('dialog').getByRole('listitem');
  await rows.filter({ hasText: 'running now' }).filter({ hasText: runId }).waitFor();
  await page.keyboard.press('Escape');
  await dashboard.choose('runs', /Close the run/);
  await dashboard.sentenceFits(/No run is open/);
  await dashboard.choose('runs', /Open a recording/);
  await rows.filter({ hasText: runId }).getByRole('button', { name: 'Open' }).click();
  await page
    .getByTestId('banner-past')
    .filter({ hasText: `Recording ${runId}` })
    .waitFor();
  expect(processesOf(runId)).toEqual([]);
  await page.getByTestId('command-input').and(page.locator(':disabled')).waitFor();
  await page.getByTestId('command-result').filter({ hasText: 'A recording takes no commands.' }).waitFor();
  for (const key of ['2', 'k', 'r', 'i']) await page.keyboard.press(key);
  expect(
    await page
      .getByTestId('toast')
      .filter({ hasText: /killed|started|cut/ })
      .count(),
  ).toBe(0);
  expect(await page.getByTestId('panel-kill').count()).toBe(0);

  await dashboard.show('S2', 'Disk');
  await page
    .getByTestId('disk')
    .getByText(/append x 6/)
    .first()
    .waitFor();
  await page.getByTestId('disk-state').filter({ hasText: 'currentTerm' }).waitFor();

  // Home moves the slider to the beginning of the run, when no server led.
  const slider = page.getByTestId('banner-past').getByRole('slider');
  await slider.focus();
  await page.keyboard.press('Home');
  await page.getByTestId('sentence').filter({ hasText: 'leads' }).waitFor({ state: 'detached' });
  await page.keyboard.press('End');
  await page.getByTestId('banner-past').getByRole('button', { name: 'Close the recording' }).click();
  await page.getByTestId('banner-past').waitFor({ state: 'detached' });
  await dashboard.sentenceFits(/No run is open/);
});

test('recording: moment chosen → store and process of that moment', async () => {
  await page.getByRole('button', { name: 'Open a recording' }).click();
  const row = page.getByRole('dialog').getByRole('listitem').filter({ hasText: runId });
  await row.getByRole('button', { name: 'Open' }).click();
  await page.getByTestId('banner-past').waitFor();
  // A recording that was closed in order ends with all servers down, so choose a time when they were up.
  await page.getByTestId('banner-past').getByRole('slider').fill(String(settledUs));
  await dashboard.sentenceFits(/S\d leads.*5 of 5 up/);
  await dashboard.show('S4', 'Store');
  await storeShows('x', '56').waitFor();
  await storeShows('city', 'Lyon').waitFor();
  await dashboard.show('S4', 'Process');
  await page.getByTestId('process-pid').filter({ hasText: /^\d+$/ }).waitFor();
  expect(await page.getByTestId('kill-command').count()).toBe(0);
  await page.getByTestId('banner-past').getByRole('button', { name: 'Close the recording' }).click();
  await dashboard.sentenceFits(/No run is open/);
});

test('new run: three servers, production, os-cache, real time → shown on the page', async () => {
  await dashboard.choose('runs', /New run/);
  const dialog = page.getByRole('dialog', { name: 'New run' });
  for (const name of ['3', 'real time', 'Production', 'OS cache']) {
    await dialog.getByText(name, { exact: true }).click();
  }
  await dialog.getByTestId('new-run-start').click();
  await dialog.waitFor({ state: 'detached' });
  await dashboard.sentenceFits(/S\d leads term \d+.*3 of 3 up/);
  await page.locator('.protocol').filter({ hasText: 'production · OS cache' }).waitFor();
  await page.getByTestId('pace').filter({ hasText: 'real time' }).waitFor();
  expect(await page.locator('[data-server]').count()).toBe(3);
  // A leader of this preset appends an entry of its own at the start of its term.
  expect((await dashboard.equalLogs(['S1', 'S2', 'S3']))[0]).toMatch(/^1:\d+$/);
  await dashboard.show('S3', 'Disk');
  await page.getByTestId('disk').getByText('Durability: OS cache').waitFor();
  await page.getByTestId('disk').getByText('no-op of a new leader').first().waitFor();
});
