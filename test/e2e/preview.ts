/**
 * The preview page (test/renderer/preview) in the tests' browser: the real dashboard over a lab in one thread, without
 * processes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import type { BrowserContext } from 'playwright-core';
import { build } from 'vite';

const ORIGIN = 'http://preview.test';
const source = join(import.meta.dirname, '../renderer/preview');

export interface Preview {
  /** Address of the page with these options; preview/main.tsx lists them. */
  address(options: Readonly<Record<string, string | number>>): string;
  /** Answers the requests of this context from the built page, without a listening port. */
  serveTo(context: BrowserContext): Promise<void>;
  remove(): void;
}

/** Builds the page into a folder of its own. */
export async function buildPreview(): Promise<Preview> {
  const folder = mkdtempSync(join(tmpdir(), 'raft-lab-preview-'));
  await build({
    root: source,
    configFile: false,
    logLevel: 'error',
    plugins: [react()],
    build: { outDir: folder, minify: false, reportCompressedSize: false, chunkSizeWarningLimit: 10_000 },
  });
  return {
    address: (options) =>
      `${ORIGIN}/?${new URLSearchParams(Object.entries(options).map(([name, value]) => [name, String(value)]))}`,
    serveTo: async (context) => {
      await context.route(`${ORIGIN}/**`, (route) => {
        const { pathname } = new URL(route.request().url());
        return route.fulfill({ path: join(folder, pathname === '/' ? 'index.html' : pathname) });
      });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
