/**
 * Finds Electron's binary, and downloads it once. The npm package contains no binary and no install step, only the
 * program `install-electron`, which downloads and unpacks it (and uses ELECTRON_MIRROR).
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * @param {string} root
 * @param {Record<string, string | undefined>} env
 * @returns {string} the folder of the binary, whether it was fetched or not
 */
export function electronFolder(root, env) {
  return env.ELECTRON_OVERRIDE_DIST_PATH || join(root, 'node_modules', 'electron', 'dist');
}

/**
 * @param {string} root
 * @param {Record<string, string | undefined>} env
 * @returns {string | null} path of the binary of the wanted version, or null. Reads files only: requiring the package
 *   would start a download.
 */
export function findElectron(root, env) {
  const folder = join(root, 'node_modules', 'electron');
  try {
    const name = readFileSync(join(folder, 'path.txt'), 'utf8').trim();
    const dist = electronFolder(root, env);
    const wanted = electronVersion(root);
    const isRight = Boolean(env.ELECTRON_OVERRIDE_DIST_PATH) || versionIn(dist) === wanted;
    const path = join(dist, name);
    return isRight && existsSync(path) ? path : null;
  } catch (problem) {
    if (problem.code === 'ENOENT' || problem.code === 'ENOTDIR') return null;
    throw problem;
  }
}

/**
 * @param {string} root
 * @returns {string} version that package-lock.json names
 */
export function electronVersion(root) {
  return JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8')).version;
}

/**
 * @typedef {{ outcome: 'fetched' } | { outcome: 'stalled', seconds: number } | { outcome: 'cancelled' }
 *   | { outcome: 'failed', reason: string }} Fetched
 */

/**
 * Runs `install-electron` and counts the bytes it writes, because its own progress bar starts only after 30 s. It
 * downloads into the temp folder and unpacks into `dist`. The temp folder is a new one, so no other file is counted.
 * While one of the two folders grows, the download makes progress.
 *
 * @param {{ root: string, env: Record<string, string | undefined>, stallMs?: number, sampleMs?: number,
 *   onBytes: (bytes: number) => void, signals?: NodeJS.EventEmitter }} job  `signals`: where Ctrl-C comes from
 * @returns {Promise<Fetched>}
 */
export async function fetchElectron({ root, env, stallMs = 20_000, sampleMs = 250, onBytes, signals = process }) {
  const temp = mkdtempSync(join(tmpdir(), 'raft-lab-electron-'));
  const folders = [temp, join(root, 'node_modules', 'electron', 'dist')];
  const child = spawn(process.execPath, [join(root, 'node_modules', 'electron', 'install.js')], {
    cwd: root,
    env: { ...env, TMPDIR: temp, TEMP: temp, TMP: temp },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint = `${complaint}${chunk}`.slice(0, 4000);
  });
  let verdict = /** @type {Fetched | null} */ (null);
  /** @param {Fetched} given */
  const end = (given) => {
    verdict ??= given;
    child.kill('SIGKILL');
  };
  const onInterrupt = () => end({ outcome: 'cancelled' });
  // A signal that ends this script must end the download as well.
  const onEnd = () => {
    child.kill('SIGKILL');
    process.exit(1);
  };
  signals.on('SIGINT', onInterrupt);
  signals.on('SIGTERM', onEnd);
  signals.on('SIGHUP', onEnd);
  let before = bytesIn(folders);
  const start = before;
  let grewAt = performance.now();
  const watch = setInterval(() => {
    const now = bytesIn(folders);
    if (now > before) {
      grewAt = performance.now();
      onBytes(now - Math.min(start, now));
    }
    // The size shrinks when the finished download moves to the cache, which is neither a stall nor progress.
    before = now;
    if (performance.now() - grewAt > stallMs) end({ outcome: 'stalled', seconds: Math.round(stallMs / 1000) });
  }, sampleMs);
  const ended = await new Promise((resolve) => {
    child.on('error', (problem) => resolve(problem.message));
    child.on('close', (code, signal) => resolve(code === 0 ? null : `install-electron ended with ${code ?? signal}`));
  });
  clearInterval(watch);
  // Ctrl-C arrives twice, from the terminal and from npm. Ignore the second one too.
  if (verdict?.outcome === 'cancelled') await new Promise((resolve) => setTimeout(resolve, 500));
  signals.off('SIGINT', onInterrupt);
  signals.off('SIGTERM', onEnd);
  signals.off('SIGHUP', onEnd);
  rmSync(temp, { recursive: true, force: true });
  if (verdict !== null) return verdict;
  if (ended === null && findElectron(root, env) !== null) return { outcome: 'fetched' };
  return { outcome: 'failed', reason: sentenceIn(complaint) ?? ended ?? 'install-electron left no binary' };
}

/**
 * Finds the useful line in an error's output: Node prints a source line and carets in front of it.
 *
 * @param {string} complaint  stderr of a program
 * @returns {string | null} the error's line, otherwise the first line with text; null without text
 */
function sentenceIn(complaint) {
  const lines = complaint.split('\n').map((line) => line.trim());
  const line = lines.find((one) => /^\w*(Error|Exception)\b/.test(one)) ?? lines.find((one) => one !== '');
  return line === undefined ? null : line.slice(0, 200);
}

/** @param {string} dist  folder of the unpacked binary */
function versionIn(dist) {
  return readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '');
}

/** @param {readonly string[]} folders @returns {number} */
function bytesIn(folders) {
  let bytes = 0;
  for (const folder of folders) {
    for (const name of namesIn(folder)) {
      // A file that is renamed between the listing and this call counts as empty this time.
      const entry = statSync(join(folder, name), { throwIfNoEntry: false });
      if (entry?.isFile()) bytes += entry.size;
    }
  }
  return bytes;
}

/** @param {string} folder @returns {readonly string[]} names of all files below it; none when the folder is missing */
function namesIn(folder) {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (problem) {
    if (problem.code === 'ENOENT') return [];
    throw problem;
  }
}
