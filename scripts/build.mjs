/**
 * Builds the programs, and decides whether that is needed: `out/` contains a hash of the sources it was built from.
 * `npm run build` runs this.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMain } from './is-main.mjs';

/**
 * Files and folders that the build reads. Their contents are compared, not their times, because a fresh clone has the
 * times of its checkout.
 */
export const SOURCES = [
  'src',
  'resources',
  'package-lock.json',
  'package.json',
  'electron.vite.config.ts',
  'tsconfig.json',
];
/** File in `out/` with the hash of the sources. `built-files` lists the products, one a line. */
const STAMP = 'built-from';
const PRODUCTS = 'built-files';
/** Folders of `out/` that the build creates. */
const BUILT = ['main', 'preload', 'renderer'];

/**
 * @param {string} root
 * @returns {string} a hash of every path and content the build reads
 */
export function hashSources(root) {
  return hashFiles(root, SOURCES);
}

/**
 * @param {string} root
 * @param {readonly string[]} names  files and folders below it
 * @returns {string} a hash of every path and content in them
 */
export function hashFiles(root, names) {
  const hash = createHash('sha256');
  for (const path of names.flatMap((name) => filesIn(join(root, name)))) {
    const content = readFileSync(path);
    hash.update(`${relative(root, path).replaceAll('\\', '/')}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @returns {boolean} true when `out/` is complete and was built from the current sources
 */
export function isBuilt(root) {
  const out = join(root, 'out');
  if (!existsSync(join(out, STAMP)) || !existsSync(join(out, PRODUCTS))) return false;
  const products = readFileSync(join(out, PRODUCTS), 'utf8').split('\n');
  if (!products.every((name) => existsSync(join(out, name)))) return false;
  return readFileSync(join(out, STAMP), 'utf8') === hashSources(root);
}

/**
 * Builds everything. Needs no Electron binary.
 *
 * @param {string} root
 * @param {{ env: Record<string, string | undefined>, loud?: boolean }} how  `loud`: show the builder's output;
 *   otherwise it is shown only when the build fails
 * @returns {Promise<boolean>} false when the build failed
 */
export async function build(root, { env, loud = false }) {
  const out = join(root, 'out');
  rmSync(join(out, STAMP), { force: true });
  // Hash before the build: a source that changes during the build then makes the result stale.
  const hash = hashSources(root);
  const builder = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const child = spawn(process.execPath, [builder, 'build'], {
    cwd: root,
    env: { ...env, NODE_ENV: 'production' },
    stdio: ['ignore', loud ? 'inherit' : 'pipe', loud ? 'inherit' : 'pipe'],
  });
  /** @type {Buffer[]} */
  const lines = [];
  child.stdout?.on('data', (chunk) => lines.push(chunk));
  child.stderr?.on('data', (chunk) => lines.push(chunk));
  const code = await new Promise((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', resolve);
  });
  if (code !== 0) {
    process.stderr.write(Buffer.concat(lines));
    return false;
  }
  const products = BUILT.flatMap((name) => filesIn(join(out, name)));
  writeFileSync(join(out, PRODUCTS), products.map((path) => relative(out, path).replaceAll('\\', '/')).join('\n'));
  writeFileSync(join(out, STAMP), hash);
  return true;
}

/** @param {string} path @returns {string[]} */
function filesIn(path) {
  if (!existsSync(path)) return [];
  // Sort, because the order of the listing differs between systems.
  const entries = readdirEntries(path);
  if (entries === null) return [path];
  return entries.flatMap((entry) => filesIn(join(path, entry)));
}

/** @param {string} path @returns {string[] | null} null for a file */
function readdirEntries(path) {
  try {
    return readdirSync(path).sort();
  } catch (problem) {
    if (problem.code === 'ENOTDIR') return null;
    throw problem;
  }
}

if (isMain(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  process.exitCode = (await build(root, { env: process.env, loud: true })) ? 0 : 1;
}
