#!/usr/bin/env node
/**
 * `npm start`, in a fresh clone too. No package is installed yet, so this file and its imports are plain Node. It first
 * checks the version with syntax that an old Node can read, and only then loads the rest.
 */
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { env, platform } = process;
// Check the path before any import of our own, because Node finds no module in such a folder.
if (/[?]/.test(root) || (platform !== 'win32' && root.includes('\\'))) {
  console.error(`Raft Lab cannot be built in ${root}: move it to a folder without ? and \\ in its path.`);
  console.error(`Raft Lab 不能在 ${root} 中构建：请移到路径中没有 ? 和 \\ 的文件夹。`);
  process.exit(1);
}
const { isNodeNewEnough, WANTED_NODE } = await import('./node-version.mjs');
const { createWords } = await import('./words.mjs');
const words = createWords(root, env);

if (!isNodeNewEnough(process.versions.node)) {
  console.error(words('nodeTooOld', { wanted: WANTED_NODE, found: process.versions.node }));
  process.exit(1);
}

const { isRunName } = await import('./launch-plan.mjs');
const { startLab } = await import('./start-lab.mjs');
const { install, isInstalled } = await import('./install.mjs');
const { build, isBuilt } = await import('./build.mjs');
const { electronFolder, electronVersion, fetchElectron, findElectron } = await import('./electron-binary.mjs');
const { openAddress } = await import('./open-address.mjs');
const { runWindow } = await import('./run-window.mjs');
const { aloneInSetup } = await import('./setup-lock.mjs');
const { sandboxProblem } = await import('./sandbox-probe.mjs');

/** Shows the progress on one line of a terminal; otherwise prints a line every five seconds. */
function createProgress() {
  let shownAt = 0;
  let isOpen = false;
  return (/** @type {string | null} */ line) => {
    if (process.stderr.isTTY) {
      if (line !== null) process.stderr.write(`\r\x1b[K${line}`);
      else if (isOpen) process.stderr.write('\n');
      isOpen = line !== null;
    } else if (line !== null && performance.now() - shownAt > 5000) {
      shownAt = performance.now();
      console.error(line);
    }
  };
}

/**
 * Resolves a path from the folder in which the person started npm: npm runs this script in the project's folder and
 * sets INIT_CWD to the person's.
 *
 * @param {string} name
 * @returns {string | null} an absolute path, the unchanged name of a run, or null
 */
function findPlace(name) {
  const here = process.cwd();
  const path = resolve(here === root ? (env.INIT_CWD ?? here) : here, name);
  // Any existing file or folder is accepted here, because the lab reports better why one cannot be opened.
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return path;
  return isRunName(name) ? name : null;
}

/**
 * Starts the host in this process, not in a child, so that killing this process kills the lab. The host's entry reads
 * argv, as it does when it is started directly.
 *
 * @param {import('./launch-plan.mjs').StartOptions} options
 */
async function openHost({ port, isDetached, file, isView }) {
  const entry = join(root, 'out', 'main', 'web-host.js');
  process.argv = [process.execPath, entry, '--port', String(port), ...(isDetached ? ['--detach'] : [])];
  if (isView) process.argv.push('--view');
  if (file !== null) process.argv.push('--', file);
  return (await import(pathToFileURL(entry).href)).started;
}

const code = await startLab({
  args: process.argv.slice(2),
  env,
  platform,
  isRoot: process.getuid?.() === 0,
  // Our own lines go to stderr, so that stdout has exactly one line, the address.
  say: (line) => console.error(line),
  showProgress: createProgress(),
  words,
  acts: {
    alone: (onWait, act) => aloneInSetup(root, onWait, act),
    isInstalled: () => isInstalled(root),
    install: () => install(root, env),
    isBuilt: () => isBuilt(root),
    build: () => build(root, { env }),
    findElectron: () => findElectron(root, env),
    electronVersion: () => electronVersion(root),
    electronFolder: () => electronFolder(root, env),
    sandboxProblem: () => sandboxProblem({ platform, binary: join(electronFolder(root, env), 'electron') }),
    fetchElectron: (onBytes) => fetchElectron({ root, env, onBytes }),
    findPlace,
    runWindow: (binary, file) => runWindow(binary, root, env, file),
    openHost,
    openAddress: (address) => openAddress(address, { platform, env }),
  },
});
if (code !== null) process.exitCode = code;
