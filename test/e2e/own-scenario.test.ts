/**
 * A person's own files in a real browser: the lab starts with a scenario, plays it again, and opens dropped scenarios
 * and recordings.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { type Host, startHost } from './host.ts';

const TEXT = `name: Mine
title: { en: My own election, zh: 我的选举 }
cluster: { servers: 3, mode: production, pace: real }
steps:
  - checkOneLeader: L
`;

let folder: string;
let host: Host;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-own-'));
  const file = join(folder, 'mine.raftscenario');
  writeFileSync(file, TEXT);
  [host, browser] = await Promise.all([startHost(undefined, ['--', file]), openBrowser()]);
  page = await (
    await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', reducedMotion: 'reduce' })
  ).newPage();
  await page.goto(host.address);
});

afterAll(async () => {
  await browser?.close();
  await host?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** Drops files on the page with the event that the system would send. */
async function drop(name: string, text: string, ...more: readonly string[]): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([content = '', ...names]) => {
      const carried = new DataTransfer();
      for (const fileName of names) carried.items.add(new File([content], fileName));
      return carried;
    },
    [text, name, ...more],
  );
  await page.dispatchEvent('body', 'dragover', { dataTransfer });
  await page.getByTestId('drop-hint').waitFor();
  await page.dispatchEvent('body', 'drop', { dataTransfer });
}

const passed = () => page.getByTestId('scenario-verdict').filter({ hasText: 'Valid' }).waitFor();

test('scenario: named at start → replaces the usual run; again → same seed', async () => {
  await passed();
  expect(await page.getByTestId('scenario').textContent()).toContain('My own election');
  expect(host.runs()).toHaveLength(1);
  const seed = (await page.getByTestId('scenario').textContent())?.match(/seed (\d+)/)?.[1];
  await page.getByTestId('scenario-again').click();
  await expect.poll(() => host.runs().length).toBe(2);
  await passed();
  expect(await page.getByTestId('scenario').textContent()).toContain(`seed ${seed}`);
});

test('scenario: dropped with a mistake → line and column, not played; mended → played', async () => {
  await drop('mine.yaml', `${TEXT}  - kil: L\n`);
  const banner = page.getByTestId('banner-file');
  await banner.waitFor();
  expect(await banner.textContent()).toMatch(/mine\.yaml, line 6, column \d+: .*kil/);
  const before = host.runs().length;
  await drop('mine.yaml', TEXT.replace('My own', 'A dropped'));
  await page.getByTestId('scenario').filter({ hasText: 'A dropped election' }).waitFor();
  expect(host.runs()).toHaveLength(before + 1);
  await passed();
  expect(await banner.count()).toBe(0);
  expect(page.url()).toMatch(/^http:/);
});

test('exported file: dropped → opened without a cluster; two at once → neither opened', async () => {
  const before = host.runs();
  const events = readFileSync(join(host.folderOf('S1'), '..', '..', 'events.jsonl'), 'utf8');
  await drop('exam-on-monday.jsonl', events, 'other.jsonl');
  await page.getByTestId('banner-file').filter({ hasText: 'Several files were dropped (2)' }).waitFor();
  await drop('exam-on-monday.jsonl', events);
  const banner = page.getByTestId('banner-past').filter({ hasText: 'Recording from the file exam-on-monday.jsonl' });
  await banner.waitFor();
  expect([await page.getByTestId('banner-file').count(), host.runs()]).toEqual([0, before]);
  // The strip has one line. The name stays whole; the other texts of the strip are shortened.
  const name = banner.locator('.past-name');
  expect(await name.evaluate((one) => one.scrollWidth - one.clientWidth)).toBeLessThanOrEqual(0);
  const heights = await banner
    .locator('> *')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  expect(Math.max(...heights)).toBeLessThan(36);
  await page.getByTestId('server-S1').click();
  await page.getByRole('tab', { name: 'Disk' }).click();
  await page.getByText('exam-on-monday.jsonl holds the events of a run.').waitFor();
  await banner.getByRole('button', { name: 'Close the recording' }).click();
  await banner.waitFor({ state: 'detached' });
  // The page is informed of the closing before the files are removed.
  await expect.poll(() => readdirSync(join(host.dataFolder, 'opened'))).toEqual([]);
});
