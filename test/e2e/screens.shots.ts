/**
 * Takes the screenshots of docs/screens from the real dashboard over a real cluster: each state in both
 * languages, both themes and two sizes, and one sheet of all. `npm run screens` runs it; it is not a test.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lendChineseFont, openBrowser } from './browser.ts';
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
  [host, browser] = await Promise.all([startHost(), openBrowser()]);
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) if (file.endsWith('.png')) rmSync(join(folder, file));
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

/** Returns the page that carries out the actions; the other pages only show the run. */
function actor(): Dashboard {
  const [first] = views;
  if (first === undefined) throw new Error('no view');
  return first.dashboard;
}

const letGo = (): Promise<unknown> => everywhere((one) => one.page.keyboard.press('Escape'));

async function healed(): Promise<void> {
  const { page, sentenceFits } = actor();
  await page.keyboard.press('Shift+H');
  await page.getByTestId('fault-chip').first().waitFor({ state: 'detached', timeout: 90_000 });
  await sentenceFits(/5 of 5 up/);
}

test('screens: healthy, leader dead, cut, no leader → taken', { timeout: 600_000 }, async () => {
  const dashboard = actor();
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
  await letGo();
  const old = await dashboard.leader();
  const other = ['S1', 'S2', 'S3'].find((id) => id !== old) ?? 'S1';
  await dashboard.server(old).click({ modifiers: ['Shift'] });
  await dashboard.server(other).click({ modifiers: ['Shift'] });
  await page.keyboard.press('p');
  await dashboard.sentenceFits(new RegExp(`S(?!${old.slice(1)})\\d leads`));
  await dashboard.command('set lost 1', /@\d+|index \d+/, old);
  await dashboard.command('set kept 2', /done @\d+/);
  await letGo();
  await shoot('cut');
  await present();
  await shoot('cut-presented');
  await everywhere((one) => one.page.keyboard.press('b'));
  await healed();
  await everywhere((one) =>
    one.page
      .getByTestId('story')
      .filter({ hasText: /dropped|丢弃/ })
      .waitFor(),
  );
  await everywhere((one) => one.page.locator('.story-line[data-code=truncated] .why-button').click());
  await shoot('why-dropped');
  await everywhere((one) => one.page.getByTestId(`log-row-${old}`).locator('[data-term]').last().click());
  await shoot('index-life');
  for (const face of ['events', 'asked', 'graphs']) {
    await everywhere((one) => one.page.getByTestId(`show-${face}`).click());
    await shoot(face);
  }
  await letGo();
});

/** Shows all pages as in a lecture, with the pointer away from the tools, until the tools are gone. */
async function present(): Promise<void> {
  await everywhere(async ({ page }) => {
    await page.mouse.move(320, 320);
    await page.keyboard.press('b');
    await page.waitForFunction(
      () => getComputedStyle(document.querySelector('.header-tools') as Element).opacity === '0',
    );
  });
}

test('screens: one way, frozen, unreliable, nemesis → taken', { timeout: 600_000 }, async () => {
  const dashboard = actor();
  const { page } = dashboard;
  const leader = await dashboard.leader();
  const follower = ['S1', 'S2'].find((id) => id !== leader) ?? 'S1';
  const [a, b] = [leader, follower].sort();
  await everywhere((one) => one.page.getByTestId(`link-${a}-${b}`).dispatchEvent('click'));
  await page.getByTestId(`choice-${leader}>${follower}`).selectOption('cut');
  await page.getByTestId('fault-chip').waitFor();
  await shoot('one-way');
  await healed();
  await letGo();

  const frozen = await dashboard.leader();
  await everywhere((one) => one.page.keyboard.press(frozen.slice(1)));
  await page.keyboard.press('f');
  await dashboard.sentenceFits(new RegExp(`S(?!${frozen.slice(1)})\\d leads`));
  await shoot('frozen');
  await healed();
  await letGo();

  await page.keyboard.press('u');
  await page.getByTestId('fault-chip').waitFor();
  await dashboard.command('set y 2', /done @\d+/);
  await letGo();
  await shoot('unreliable');
  await healed();

  await page.getByTestId('nemesis-rate').selectOption('60');
  await page.keyboard.press('n');
  await page
    .getByTestId('fault-chip')
    .filter({ hasText: /: [3-9] acts/ })
    .waitFor({ timeout: 60_000 });
  await shoot('nemesis');
  await healed();
});

test('screens: no leader, the sheet of all → taken', { timeout: 600_000 }, async () => {
  const dashboard = actor();
  const { page } = dashboard;
  const last = await dashboard.leader();
  for (const id of [last, ...['S1', 'S2', 'S3'].filter((one) => one !== last).slice(0, 2)]) {
    await page.keyboard.press('Escape');
    await page.keyboard.press(id.slice(1));
    await page.keyboard.press('k');
  }
  await dashboard.sentenceFits(/2 of 5 up.* nobody (leads|has led)/);
  await letGo();
  await dashboard.sentenceFits(/nobody has led for ([4-9]|\d\d)/);
  await shoot('no-leader');
  await everywhere(async (one) => {
    await one.page.getByTestId('runs').click();
    await one.page.getByRole('menuitem').first().click();
    await one.page.getByRole('dialog').waitFor();
  });
  await shoot('new-run');

  expect(taken).toHaveLength(15 * views.length);
  await contactSheet();
});

/** Shows all screenshots on one page, small, each under its name. */
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
