/**
 * A scenario from the dashboard in a real browser: chosen from the menu by keyboard, watched while its steps are
 * ticked, judged, played again.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { type Host, startHost } from './host.ts';

let host: Host;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [host, browser] = await Promise.all([startHost(), openBrowser()]);
  page = await (
    await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', reducedMotion: 'reduce' })
  ).newPage();
  await page.goto(host.address);
});

afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

const states = () =>
  page.locator('.scenario-steps li').evaluateAll((items) => items.map((item) => item.getAttribute('data-state')));

test('scenario: chosen by keyboard → its steps are ticked in order, it passes', async () => {
  await page.getByTestId('runs').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Play a scenario…' }).focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('play-TestReElection').focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('scenario').waitFor();
  await page.waitForFunction(() => {
    const found = [...document.querySelectorAll('.scenario-steps li')].map((item) => item.getAttribute('data-state'));
    return found[0] === 'done' && found.includes('now') && found.at(-1) === 'ahead';
  });
  await page.getByTestId('scenario-verdict').waitFor();
  expect(await page.getByTestId('scenario-verdict').textContent()).toBe('Valid');
  expect(new Set(await states())).toEqual(new Set(['done']));
  expect(await page.getByTestId('scenario').textContent()).toContain('report: 4.51 s');
});

test('scenario: again with the same seed, stopped → not judged, the cluster is usable', async () => {
  const seed = (await page.getByTestId('scenario').textContent())?.match(/seed (\d+)/)?.[1];
  await page.getByTestId('scenario-again').click();
  await page.locator('.scenario-steps li[data-state="now"]').waitFor();
  await page.getByTestId('scenario-stop').click();
  await page.getByTestId('scenario-verdict').filter({ hasText: 'Unknown' }).waitFor();
  const text = await page.getByTestId('scenario').textContent();
  expect(text).toContain(`seed ${seed}`);
  expect(text).toContain('it was called off');
  expect(await states()).toContain('stopped');
  await page.getByTestId('server-S1').waitFor();
});
