#!/usr/bin/env node
/**
 * `npm run package`: creates the packages of this system (deb, rpm, tar.gz; dmg, zip; installer, zip) in out/packages.
 * Without Electron's binary it prints a sentence and ends with 1. Options are passed to electron-builder: `npm run
 * package -- --dir`.
 *
 * Flow: packages of the project → Electron's binary → build → electron-builder, fetched by npx, which reads
 * resources/packaging/electron-builder.yml.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isBuilt } from './build.mjs';
import { findElectron } from './electron-binary.mjs';
import { install, isInstalled } from './install.mjs';
import { isMain } from './is-main.mjs';
import { createWords } from './words.mjs';

/**
 * Fetched by npx and no dependency of the project, because it would add 280 packages for people who only run the lab.
 */
export const BUILDER = 'electron-builder@26.17.0';

export const CONFIGURATION = join('resources', 'packaging', 'electron-builder.yml');

/**
 * Returns the arguments of npx.
 *
 * @param {{ dist: string, arch: string, args: readonly string[] }} job  `dist`: folder of Electron's binary; `arch`:
 *   its architecture; `args`: the person's own arguments
 * @returns {readonly string[]}
 */
export function builderArgs({ dist, arch, args }) {
  const fixed = ['--yes', BUILDER, '--config', CONFIGURATION, '--publish', 'never'];
  const otherArch = args.some((word) => /^--(x64|arm64|universal|armv7l|ia32)$/.test(word) && word !== `--${arch}`);
  // The installed binary has one architecture. For another one electron-builder downloads its own.
  if (otherArch) return [...fixed, ...args];
  const hasArch = args.includes(`--${arch}`);
  return [...fixed, ...(hasArch ? [] : [`--${arch}`]), `-c.electronDist=${dist}`, ...args];
}

/**
 * @param {{ args: readonly string[], arch: string, say: (line: string) => void,
 *   words: (key: string, params?: Record<string, string | number>) => string,
 *   acts: { isInstalled(): boolean, install(): Promise<number>, findElectron(): string | null, isBuilt(): boolean,
 *     build(): Promise<boolean>, run(args: readonly string[]): Promise<number> } }} job
 * @returns {Promise<number>} the exit code
 */
export async function makePackages({ args, arch, say, words, acts }) {
  if (!acts.isInstalled()) {
    say(words('installing'));
    const code = await acts.install();
    if (code !== 0) return fail(say, words('installFailed', { code }));
  }
  const binary = acts.findElectron();
  if (binary === null) return fail(say, words('packageNeedsElectron'));
  if (!acts.isBuilt()) {
    say(words('building'));
    if (!(await acts.build())) return fail(say, words('buildFailed'));
  }
  const code = await acts.run(builderArgs({ dist: join('node_modules', 'electron', 'dist'), arch, args }));
  return code === 0 ? 0 : fail(say, words('packageFailed', { code }));
}

/** @param {(line: string) => void} say @param {string} sentence */
function fail(say, sentence) {
  say(sentence);
  return 1;
}

/**
 * Runs npx.
 *
 * @param {string} root
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code; 127 when it cannot be started
 */
function runNpx(root, args) {
  const onWindows = process.platform === 'win32';
  // Node starts a .cmd file only through the shell. Our arguments contain no spaces.
  const child = spawn(onWindows ? 'npx.cmd' : 'npx', args, { cwd: root, stdio: 'inherit', shell: onWindows });
  return new Promise((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', (code) => resolve(code ?? 1));
  });
}

if (isMain(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const { arch, env } = process;
  process.exitCode = await makePackages({
    args: process.argv.slice(2),
    arch,
    say: (line) => console.error(line),
    words: createWords(root, env),
    acts: {
      isInstalled: () => isInstalled(root),
      install: () => install(root, env),
      findElectron: () => findElectron(root, env),
      isBuilt: () => isBuilt(root),
      build: () => build(root, { env }),
      run: (args) => runNpx(root, args),
    },
  });
}
