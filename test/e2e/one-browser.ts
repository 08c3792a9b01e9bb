/** Vitest's global setup of the end-to-end tests: one real Chromium for all files. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { unpackedChromium } from '../helpers/chromium.ts';
import { onceForAll, type Shared } from '../helpers/once-for-all.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address at which the browser accepts connections. */
    readonly browser: string;
  }
}

export const setup = onceForAll('browser', startBrowser, (project, address) => project.provide('browser', address));

async function startBrowser(): Promise<Shared<string>> {
  const executablePath = await unpackedChromium();
  const scratch = mkdtempSync(join(tmpdir(), 'raft-lab-browser-'));
  // Leave out the flags of @sparticuz/chromium: they turn off the web's security, which these tests check.
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  const server = await playwright.launchServer({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none', ...quiet],
    headless: true,
    host: '127.0.0.1',
    // Files that the browser leaves in its temp folder are removed after the run.
    env: { ...stringsOf(process.env), TMPDIR: scratch },
  });
  return {
    value: server.wsEndpoint(),
    stop: async () => {
      await server.close();
      rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function stringsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
