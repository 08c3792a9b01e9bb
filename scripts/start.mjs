#!/usr/bin/env node
/**
 * `npm start`, on a fresh clone too: nothing is installed yet, so this and all it imports are plain Node. Checks the
 * version first, in words an old one understands, and only then loads the rest.
 */
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { env, platform } = process;
// Node finds no module in such a folder, so nothing of ours is imported before this.
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

/** On a terminal the progress stays on one line; elsewhere a line every five seconds is enough. */
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
 * Resolves a path from the person's folder: npm runs this script in the project's folder and puts the person's into INIT_CWD.
 *
 * @param {string} name
 * @returns {string | null} an absolute path, the name of a run as it is, or null
 */
function findPlace(name) {
  const here = process.cwd();
  const path = resolve(here === root ? (env.INIT_CWD ?? here) : here, name);
  // Whatever is there: what it is, and whether it can be opened, the lab says better.
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return path;
  return isRunName(name) ? name : null;
}

/**
 * The host runs in this process, not in a child: killing what the person started must be killing the lab. Its entry
 * reads argv, as it does when it is started by itself.
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
  // Our own lines go to stderr: stdout has exactly one, the address.
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
