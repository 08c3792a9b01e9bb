/** The browser of the end-to-end tests: one real Chromium for all files, started by one-browser.ts. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Browser, type BrowserContext, type Download, chromium as playwright } from 'playwright-core';
import { inject } from 'vitest';

const require = createRequire(import.meta.url);

/**
 * Connects to the browser. Contexts and pages belong to this connection: they are invisible to other files and close
 * with the connection.
 */
export async function openBrowser(): Promise<Browser> {
  return await playwright.connect(inject('browser'));
}

/** Reads the text of a file that the page saved. */
export async function textOf(download: Download): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Gives the pages of this context a Chinese font, because the packaged Chromium has none. Used for screenshots only.
 * The page's policy forbids fonts from other places, so the context must be made with `bypassCSP`.
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
