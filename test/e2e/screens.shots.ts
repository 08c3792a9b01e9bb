/**
 * Takes the screenshots of docs/screens from the real dashboard over a real cluster: four states of it, in both
 * languages, both themes and two sizes, and one sheet of all. Not a test: `npm run screens` runs it.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, lendChineseFont } from './browser.ts';
import { type Dashboard, dashboardOf } from './dashboard.ts';
import { type Host, startHost } from './host.ts';

const folder = join(import.meta.dirname, '../../docs/screens');
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;
const LANGUAGES = ['en', 'zh'] as const;
const THEMES = ['light', 'dark'] as const;

interface View {
  readonly name: string;
  readonly context: BrowserContext;
  readonly dashboard: Dashboard;
}

let host: Host;
let browser: Browser;
let views: View[] = [];
const taken: string[] = [];

beforeAll(async () => {
  [host, browser] = await Promise.all([startHost(), launchBrowser()]);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  views = await Promise.all(
    SIZES.flatMap((size) =>
      LANGUAGES.flatMap((language) =>
        THEMES.map(async (theme) => {
          const context = await browser.newContext({
            viewport: size,
            locale: language === 'zh' ? 'zh-CN' : 'en-US',
            colorScheme: theme,
            bypassCSP: true,
          });
          await lendChineseFont(context);
          const page = await context.newPage();
          await page.goto(host.address);
          return { name: `${language}-${theme}-${size.width}`, context, dashboard: dashboardOf(page) };
        }),
      ),
    ),
  );
});

afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

async function shoot(state: string): Promise<void> {
  for (const { name, dashboard } of views) {
    const file = `${state}-${name}.png`;
    await dashboard.page.evaluate(() => document.fonts.ready);
    await dashboard.page.screenshot({ path: join(folder, file) });
    taken.push(file);
  }
}

const everywhere = (what: (dashboard: Dashboard) => Promise<unknown>): Promise<unknown> =>
  Promise.all(views.map(({ dashboard }) => what(dashboard)));

test('healthy, leader dead, cut, nobody leads', { timeout: 600_000 }, async () => {
  const [first] = views;
  if (first === undefined) throw new Error('no view');
  const { dashboard } = first;
  const { page } = dashboard;
  await dashboard.leader();
  for (const command of ['set x 5', 'set city Lyon', 'append x 6', 'set y 1', 'get x']) {
    await dashboard.command(command, /done @\d+/);
  }
  await shoot('healthy');

  const dead = await dashboard.leader();
  await page.keyboard.press(dead.slice(1));
  await page.keyboard.press('k');
  await everywhere(async (one) => {
    await one.sentenceFits(/4 of 5 up|5 台中 4 台|4\s*\/\s*5|4 台/);
    await one.page.keyboard.press(dead.slice(1));
    await one.page.getByRole('tab').nth(1).click();
  });
  await dashboard.sentenceFits(new RegExp(`S(?!${dead.slice(1)})\\d leads`));
  await shoot('leader-dead');

  await page.keyboard.press('r');
  await dashboard.sentenceFits(/5 of 5 up/);
  await everywhere((one) => one.page.keyboard.press('Escape'));
  const old = await dashboard.leader();
  const other = ['S1', 'S2', 'S3'].find((id) => id !== old) ?? 'S1';
  await dashboard.server(old).click({ modifiers: ['Shift'] });
  await dashboard.server(other).click({ modifiers: ['Shift'] });
  await page.keyboard.press('p');
  await dashboard.sentenceFits(new RegExp(`S(?!${old.slice(1)})\\d leads`));
  await dashboard.command('set lost 1', /@\d+|index \d+/, old);
  await dashboard.command('set kept 2', /done @\d+/);
  await everywhere((one) => one.page.keyboard.press('Escape'));
  await shoot('cut');

  await page.keyboard.press('Shift+H');
  await page.getByTestId('fault-chip').waitFor({ state: 'detached' });
  const last = await dashboard.leader();
  for (const id of [last, ...['S1', 'S2', 'S3'].filter((one) => one !== last).slice(0, 2)]) {
    await page.keyboard.press('Escape');
    await page.keyboard.press(id.slice(1));
    await page.keyboard.press('k');
  }
  await dashboard.sentenceFits(/Nobody leads/);
  await everywhere((one) => one.page.keyboard.press('Escape'));
  await dashboard.sentenceFits(/Nobody leads for [4-9]/);
  await shoot('no-leader');

  expect(taken).toHaveLength(32);
  await contactSheet();
});

/** All of them on one page, small, each under its name. */
async function contactSheet(): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1640, height: 800 } });
  const figures = taken.map((file) => {
    const data = readFileSync(join(folder, file)).toString('base64');
    return `<figure><img src="data:image/png;base64,${data}"><figcaption>${file.replace('.png', '')}</figcaption></figure>`;
  });
  await page.setContent(`<style>body{display:grid;grid-template-columns:repeat(4,1fr);gap:12px;margin:12px;
    font:12px sans-serif;background:#888}figure{margin:0}img{width:100%;display:block}</style>${figures.join('')}`);
  const sheet = await page.screenshot({ fullPage: true });
  writeFileSync(join(folder, 'contact-sheet.png'), sheet);
}
