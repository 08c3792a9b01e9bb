/**
 * Small and scaled screens (1080p at 200 and 300 %, 1366 × 768 at 150 %): every control of the dashboard can be
 * reached.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { dashboardOf } from './dashboard.ts';
import { type Host, startHost } from './host.ts';

let host: Host;
let browser: Browser;

beforeAll(async () => {
  [host, browser] = await Promise.all([startHost(), openBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

/** Returns controls that cannot be scrolled into view or are covered by another element. */
function unreachable(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const controls = [...document.querySelectorAll<HTMLElement>('button, input, select, textarea')];
    return controls.flatMap((control) => {
      control.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      const { left, top, width, height } = control.getBoundingClientRect();
      const { pointerEvents, visibility } = getComputedStyle(control);
      // A server's quick actions can be used only while the pointer is on it.
      if (width < 2 || height < 2 || pointerEvents === 'none' || visibility === 'hidden') return [];
      const at = document.elementFromPoint(left + width / 2, top + height / 2);
      const isReached = at !== null && (control.contains(at) || at.contains(control));
      return isReached ? [] : [control.dataset.testid || control.ariaLabel || control.outerHTML.slice(0, 120)];
    });
  });
}

/** Returns servers of which a part (arc, role, term) is cut off by the edge of the picture. */
async function cutServers(page: Page): Promise<readonly string[]> {
  return await page.evaluate(() => {
    const ring = document.querySelector('.ring')?.getBoundingClientRect();
    if (ring === undefined) return ['there is no picture'];
    return [...document.querySelectorAll<HTMLElement>('.ring .server')].flatMap((server) => {
      const parts = [...server.querySelectorAll('*')].map((part) => part.getBoundingClientRect());
      const shown = parts.filter(({ width, height }) => width > 0 && height > 0);
      const isCut = shown.some(({ top, bottom }) => top < ring.top - 1 || bottom > ring.bottom + 1);
      return isCut ? [server.dataset.testid ?? server.outerHTML.slice(0, 80)] : [];
    });
  });
}

test.each([
  [1280, 800],
  [960, 500],
  [960, 540],
  [911, 512],
  [640, 360],
])('screen of %i × %i: scrolled → every control can be reached, no server is cut', async (width, height) => {
  const page = await browser.newPage({ viewport: { width, height }, locale: 'en-US', reducedMotion: 'reduce' });
  await page.goto(host.address);
  await dashboardOf(page).leader();
  expect(await unreachable(page)).toEqual([]);
  expect(await cutServers(page)).toEqual([]);
  await page.close();
});
