/**
 * Changes from outside the lab: a server is killed from a terminal, the network process is killed, a file is damaged
 * while its server is down. The screen says what happened, and the other servers keep working.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processesOf } from '../helpers/processes-of.ts';
import { readServerFiles } from '../helpers/read-files.ts';
import { openBrowser } from './browser.ts';
import { type Dashboard, dashboardOf } from './dashboard.ts';
import { type Host, startHost } from './host.ts';

const ALL = ['S1', 'S2', 'S3', 'S4', 'S5'];

let host: Host;
let browser: Browser;
let page: Page;
let dashboard: Dashboard;

beforeAll(async () => {
  [host, browser] = await Promise.all([startHost(), openBrowser()]);
  const viewport = { width: 1280, height: 800 };
  page = await browser.newPage({ viewport, locale: 'en-US', reducedMotion: 'reduce', acceptDownloads: true });
  dashboard = dashboardOf(page);
  await page.goto(host.address);
  await dashboard.leader();
});

afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

const look = (id: string, wanted: string) => page.locator(`[data-testid=server-${id}][data-look=${wanted}]`);
const event = (name: string) => page.getByTestId('events-recent').locator(`[data-event=${name}]`);

test('server: kill -9 with the pid of its Process tab → noticed, shown as not ordered here', async () => {
  await dashboard.command('set x 5', /done @2/);
  const victim = await dashboard.leader();
  await dashboard.show(victim, 'Process');
  const words = (await page.getByTestId('kill-command').textContent()) ?? '';
  const pid = Number(/^kill -9 (\d+)$/.exec(words)?.[1]);
  expect(processesOf(host.runs().at(-1) ?? '').filter((one) => one.words.includes(`--server ${victim}`))).toMatchObject(
    [{ pid }],
  );
  process.kill(pid, 'SIGKILL');
  await look(victim, 'down').waitFor();
  await page.getByTestId('process-exit').filter({ hasText: 'by SIGKILL, not ordered by the lab' }).waitFor();
  await dashboard.sentenceFits(new RegExp(`S(?!${victim.slice(1)})\\d leads term \\d+.*4 of 5 up`));
  expect(await page.getByTestId('kill-command').count()).toBe(0);
  // A kill from this page is shown as ordered.
  const ordered = await dashboard.leader();
  await dashboard.select(ordered);
  await page.keyboard.press('k');
  await page.getByTestId('process-exit').filter({ hasText: 'by SIGKILL, ordered here' }).waitFor();
  for (const id of [victim, ordered]) {
    await dashboard.select(id);
    await page.keyboard.press('r');
  }
  await dashboard.sentenceFits(/S\d leads.*5 of 5 up/);
  const causes = (await dashboard.exported()).filter((one) => one.event === 'ServerExited');
  expect(causes.map(({ server, signal, cause }) => ({ server, signal, cause }))).toEqual([
    { server: victim, signal: 'SIGKILL', cause: 'not-ordered' },
    { server: ordered, signal: 'SIGKILL', cause: 'ordered' },
  ]);
});

test('network process killed with -9 → shown as a lab failure, replaced, cluster continues', async () => {
  const runId = host.runs().at(-1) ?? '';
  const networks = () => processesOf(runId).filter(({ words }) => words.includes('--network'));
  const [before] = networks();
  expect(before).toBeDefined();
  process.kill(before?.pid ?? 0, 'SIGKILL');
  await dashboard.storyFits(/The network process died\. That is a failure of the lab, not of Raft/);
  // The story tells it at reading pace, and by then other events may fill the three lines.
  expect((await dashboard.exported()).map(({ event }) => event)).toContain('NetworkExited');
  await dashboard.command('set y 6', /done @\d+/);
  expect(await dashboard.sentenceFits(/S\d leads/)).toContain('5 of 5 up');
  await dashboard.equalLogs(ALL);
  const after = networks();
  expect(after).toHaveLength(1);
  expect(after[0]?.pid).not.toBe(before?.pid);
});

test('cut: the network process is replaced → the cut stays', async () => {
  const leader = await dashboard.leader();
  const lonely = ALL.find((id) => id !== leader) ?? '';
  await dashboard.select(lonely);
  await page.keyboard.press('i');
  await page.getByTestId('fault-chip').waitFor();
  const [network] = processesOf(host.runs().at(-1) ?? '').filter(({ words }) => words.includes('--network'));
  process.kill(network?.pid ?? 0, 'SIGKILL');
  await dashboard.storyFits(/The network process died/);
  await dashboard.command('set kept 1', /done @\d+/);
  // Only the servers that are still connected received the command.
  const others = ALL.filter((id) => id !== lonely);
  const whole = await dashboard.equalLogs(others);
  expect((await dashboard.cells(lonely)).length).toBeLessThan(whole.length);
  await dashboard.select(lonely);
  await page.keyboard.press('i');
  await page.getByTestId('fault-chip').waitFor({ state: 'detached' });
  // The server that was cut off returns in a higher term, so a new leader is elected.
  // Without a no-op the new leader commits an old entry only together with its own first entry.
  await dashboard.oneTerm(ALL);
  await dashboard.command('set healed 1', /done @\d+/);
  await dashboard.equalLogs(ALL);
});

test('dead server’s file: flipped byte → start fails with a sentence; repaired → starts', async () => {
  const leader = await dashboard.leader();
  const victim = ALL.find((id) => id !== leader) ?? '';
  await dashboard.select(victim);
  await page.keyboard.press('k');
  await look(victim, 'down').waitFor();
  const tail = newestTail(host.folderOf(victim));
  const good = readFileSync(tail);
  const bad = Buffer.from(good);
  const at = bad.lastIndexOf('"set"') + 1;
  bad[at] = (bad[at] ?? 0) ^ 1;
  // The lab reads a dead server's files once before the server may start again. Wait until it has.
  await page.getByTestId('events-recent').locator('[data-event=DiskObserved]').last().waitFor();
  writeFileSync(tail, bad);

  await dashboard.show(victim, 'Disk');
  await page
    .getByTestId('disk')
    .getByRole('alert')
    .filter({ hasText: /tail-\d+\.jsonl/ })
    .first()
    .waitFor();
  await page.keyboard.press('r');
  await look(victim, 'failed').waitFor();
  const name = /tail-\d+\.jsonl/.exec(tail)?.[0] ?? '';
  const story = await dashboard.storyFits(new RegExp(`${victim} stopped with exit code \\d+: .*${name}`));
  const offset = Number(/(?:offset|byte) (\d+)/.exec(story)?.[1]);
  expect(offset).toBeLessThanOrEqual(at);
  expect(offset).toBeGreaterThan(at - 600);
  await dashboard.show(victim, 'Process');
  await page
    .getByTestId('process-exit')
    .filter({ hasText: /with exit code \d+, not ordered by the lab/ })
    .waitFor();
  await page
    .getByText(new RegExp(`${victim} does not start: .*${name}`))
    .first()
    .waitFor();
  expect(readFileSync(tail).equals(bad)).toBe(true);
  await event('DiskObserved')
    .filter({ hasText: `${victim}’s files are damaged: log/${name}` })
    .waitFor();

  expect(await dashboard.sentence()).toMatch(/S\d leads.*4 of 5 up/);
  await dashboard.command('set meanwhile 1', /done @\d+/);
  await dashboard.equalLogs(ALL.filter((id) => id !== victim));

  writeFileSync(tail, good);
  await dashboard.select(victim);
  await page.keyboard.press('r');
  await dashboard.sentenceFits(/5 of 5 up/);
  await page
    .getByTestId('restored')
    .filter({ hasText: /read from disk: term \d+/ })
    .waitFor();
  const shown = await dashboard.equalLogs(ALL);
  for (const id of ALL) {
    expect(readServerFiles(host.folderOf(id)).log.map(({ index, term }) => `${index}:${term}`)).toEqual(shown);
  }
});

function newestTail(folder: string): string {
  const names = readdirSync(join(folder, 'log')).filter((name) => name.startsWith('tail-'));
  const firsts = names.map((name) => Number(/\d+/.exec(name)?.[0]));
  return join(folder, 'log', `tail-${Math.max(...firsts)}.jsonl`);
}
