/** Boxes on the page, measured in a real browser with faults on and a long value shown: nothing is cut off or covered. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { dashboardOf } from './dashboard.ts';
import { type Host, startHost } from './host.ts';

let host: Host;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [host, browser] = await Promise.all([startHost(), openBrowser()]);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-US', reducedMotion: 'reduce' });
  await page.goto(host.address);
  const dashboard = dashboardOf(page);
  const leader = await dashboard.leader();
  await dashboard.command(`set long ${'x'.repeat(60_000)}`, /long = x+/);
  // The server at the top, next to the chips, unless it leads.
  const sick = leader === 'S1' ? 'S2' : 'S1';
  await dashboard.select(sick);
  for (const [key, chip] of [
    ['u', /unreliable/],
    ['i', /cut off/],
    ['f', /frozen/],
  ] as const) {
    await page.keyboard.press(key);
    await page.getByTestId('fault-chip').filter({ hasText: chip }).waitFor();
  }
});

afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

/** Returns texts that are cut off without a tooltip that holds them whole, or that lie outside the page. */
function lostTexts(of: Page): Promise<readonly string[]> {
  return of.evaluate(() => {
    const width = document.documentElement.clientWidth;
    return [...document.querySelectorAll<HTMLElement>('.app *')].flatMap((element) => {
      const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== '');
      const { visibility, overflowX } = getComputedStyle(element);
      const { left, right, width: own, height } = element.getBoundingClientRect();
      if (!hasText || visibility === 'hidden' || own < 2 || height < 2 || element.closest('.unseen') !== null)
        return [];
      const scrolls = (one: HTMLElement | null): boolean =>
        one !== null && (/auto|scroll/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
      const isCut = overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
      const isOff = (left < -1 || right > width + 1) && !scrolls(element.parentElement);
      const tooltip = element.closest<HTMLElement>('[title]')?.title ?? '';
      const isLost = (isCut && !tooltip.includes(element.textContent ?? '')) || isOff;
      return isLost ? [`${element.className} "${element.textContent?.slice(0, 40)}"`] : [];
    });
  });
}

/** Returns chips of faults that cover the circle of a server. */
function coveringChips(of: Page): Promise<readonly string[]> {
  return of.evaluate(() => {
    const circles = [...document.querySelectorAll('[data-server] .body')].map((body) => body.getBoundingClientRect());
    return [...document.querySelectorAll('.fault')].flatMap((chip) => {
      const { left, right, top, bottom } = chip.getBoundingClientRect();
      const covers = circles.some((circle) => {
        const x = circle.left + circle.width / 2;
        const y = circle.top + circle.height / 2;
        const dx = x - Math.min(right, Math.max(left, x));
        const dy = y - Math.min(bottom, Math.max(top, y));
        return Math.hypot(dx, dy) < circle.width / 2;
      });
      return covers ? [chip.textContent ?? ''] : [];
    });
  });
}

test.each([
  ['en', 960, 600],
  ['zh-CN', 1024, 640],
  ['en', 1280, 800],
  ['zh-CN', 1280, 720],
  ['zh-CN', 1440, 900],
  ['en', 1920, 1080],
] as const)(
  'layout in %s, page of %i × %i: measured → no text is cut or off the page',
  async (language, width, height) => {
    await page.setViewportSize({ width, height });
    const shown = await page.evaluate(() => document.documentElement.lang);
    if (shown !== language) await page.getByTestId('language').click();
    await page.waitForFunction((wanted) => document.documentElement.lang === wanted, language);
    expect(await lostTexts(page)).toEqual([]);
  },
);

test('scale, page of 1920 × 1080: everything is 125 % → a menu still ends below its button', async () => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  expect((await page.locator('.header').boundingBox())?.height).toBe(70);
  await page.getByTestId('pace').click();
  await page.getByRole('menuitem').first().waitFor();
  const [button, menu] = await Promise.all([
    page.getByTestId('pace').boundingBox(),
    page.locator('.mantine-Menu-dropdown').boundingBox(),
  ]);
  await page.keyboard.press('Escape');
  const right = (box: typeof menu): number => (box === null ? Number.NaN : box.x + box.width);
  expect(right(menu)).toBeCloseTo(right(button), 0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1920);
});

test.each([
  [1280, 800],
  [1440, 900],
  [1920, 1080],
])('chips, page of %i × %i: measured → cover no server', async (width, height) => {
  await page.setViewportSize({ width, height });
  await page.getByTestId('fault-chip').last().waitFor();
  expect(await coveringChips(page)).toEqual([]);
});
