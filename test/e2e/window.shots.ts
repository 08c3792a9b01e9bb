/**
 * Takes pictures of the window on a screen of 1920 × 1080 at 100 and 200 %, in both languages and both themes, into
 * docs/screens/window. The stand-in for Electron shows the window. `npm run screens` runs it; it is not a test.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'vitest';
import { unpackedChromium } from '../helpers/chromium.ts';
import { top } from '../scripts/scripts.ts';
import { startStandIn } from '../window/driver.ts';
import { pageOf, type WindowPage } from '../window/window-page.ts';

const folder = join(top, 'docs', 'screens', 'window');
const PANEL_HEIGHT = 40;
const PERCENTS = [100, 200] as const;
const LANGUAGES = ['en', 'zh-CN'] as const;
const THEMES = ['light', 'dark'] as const;

test('pictures of the window → taken', { timeout: 600_000 }, async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const percent of PERCENTS) {
    for (const language of LANGUAGES) {
      for (const theme of THEMES) {
        const picture = await take({ percent, language, isDark: theme === 'dark' });
        writeFileSync(join(folder, `${language.slice(0, 2)}-${theme}-${percent}.png`), picture);
      }
    }
  }
});

interface Look {
  readonly percent: (typeof PERCENTS)[number];
  readonly language: (typeof LANGUAGES)[number];
  readonly isDark: boolean;
}

async function take({ percent, language, isDark }: Look): Promise<Buffer> {
  const home = mkdtempSync(join(tmpdir(), 'raft-lab-window-'));
  const scale = percent / 100;
  const driver = startStandIn({
    ...{ home, isDark, app: top, languages: [language], dataFolder: join(home, 'data') },
    chromium: await unpackedChromium(),
    workArea: { width: 1920 / scale, height: 1080 / scale - PANEL_HEIGHT },
    args: [`--lang=${language}`, `--force-device-scale-factor=${scale}`],
  });
  try {
    const page = await pageOf(driver);
    await page.textFits('sentence', /S\d/);
    if (language === 'zh-CN') await lendChineseFont(page);
    const leader = /S\d/.exec(await page.textFits('sentence', /S\d/))?.[0] ?? 'S1';
    await page.send('set x 5', /@\d+/);
    await page.select(leader);
    await page.evaluate(() => document.fonts.ready.then(() => undefined), null);
    return await page.picture();
  } finally {
    await driver.kill();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/**
 * Gives the page a Chinese font: the Chromium of the tests has none, and the page's policy forbids fonts from other
 * places.
 */
async function lendChineseFont(page: WindowPage): Promise<void> {
  const fonts = dirname(createRequire(import.meta.url).resolve('@fontsource/noto-sans-sc/400.css'));
  const inlined = (_: string, file: string): string => {
    const data = readFileSync(join(fonts, 'files', file)).toString('base64');
    return `url(data:font/woff2;base64,${data})`;
  };
  const styles = ['400.css', '700.css'].map((name) => readFileSync(join(fonts, name), 'utf8')).join('\n');
  const css = styles
    .replace(/, url\([^)]*\.woff\) format\('woff'\)/g, '')
    .replace(/url\(\.\/files\/([^)]*\.woff2)\)/g, inlined);
  await page.command('Page.enable');
  await page.command('Page.setBypassCSP', { enabled: true });
  const source = `addEventListener('DOMContentLoaded', () => {
    const style = document.createElement('style');
    style.textContent = ${JSON.stringify(css)};
    document.head.append(style);
  });`;
  await page.command('Page.addScriptToEvaluateOnNewDocument', { source });
  await page.command('Page.reload');
}
