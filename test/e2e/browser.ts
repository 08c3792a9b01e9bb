/**
 * A real Chromium for the end-to-end tests: it comes inside an npm package, so a bare machine needs no other
 * install. It unpacks itself into the temp folder; one of another version there would break it, so it gets a
 * folder named after its version.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Browser, type BrowserContext, chromium as playwright } from 'playwright-core';

const require = createRequire(import.meta.url);

/** Starts headless Chromium. The caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  const temp = join(tmpdir(), `raft-lab-chromium-${versionOf('@sparticuz/chromium')}`);
  mkdirSync(temp, { recursive: true });
  process.env.TMPDIR = temp;
  const { default: chromium } = await import('@sparticuz/chromium');
  // Not the package's own flags: they turn the web's security off, which is among the things tested here.
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none', ...quiet],
    headless: true,
  });
}

/**
 * Gives pages of this context a Chinese font, for screenshots only: the packaged Chromium has none. The page's
 * own policy forbids fonts from elsewhere, so the context must have been made with `bypassCSP`.
 */
export async function lendChineseFont(context: BrowserContext): Promise<void> {
  const folder = dirname(require.resolve('@fontsource/noto-sans-sc/400.css'));
  const styles = ['400.css', '700.css'].map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  await context.route('http://fonts.test/**', (route) =>
    route.fulfill({
      path: join(folder, 'files', new URL(route.request().url()).pathname.slice(1)),
      headers: { 'access-control-allow-origin': '*' },
    }),
  );
  const content = styles.replaceAll('./files/', 'http://fonts.test/');
  await context.addInitScript((text) => {
    addEventListener('DOMContentLoaded', () => {
      const style = document.createElement('style');
      style.textContent = text;
      document.head.append(style);
    });
  }, content);
}

function versionOf(name: string): string {
  const manifest = join(import.meta.dirname, '../../node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
