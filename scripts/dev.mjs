#!/usr/bin/env node
/**
 * `npm run dev`: the real product, rebuilt and restarted after each change. It watches the files that the build reads.
 * A change of the page or its texts needs only a reload in the browser; any other change restarts the lab on the same
 * port. `npm run dev -- --window` does the same with Electron, when its binary is installed.
 */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isBuilt } from './build.mjs';
import { findElectron } from './electron-binary.mjs';
import { install, isInstalled } from './install.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { env } = process;
/** Files below these folders are read at each load of the page, so a change needs no restart of the lab. */
const PAGE_ONLY = /^(src[\\/]renderer|resources[\\/]words)[\\/]/;
const QUIET_MS = 150;
const PORT = '4321';

/** @type {import('node:child_process').ChildProcess | null} */
let child = null;
let isEnding = false;
const changed = new Set();
/** @type {NodeJS.Timeout | undefined} */
let timer;
let work = Promise.resolve();

function startProgram() {
  const binary = process.argv.includes('--window') ? findElectron(root, env) : null;
  if (process.argv.includes('--window') && binary === null) {
    console.error('Electron is not there yet; npm start fetches it. Going on in the browser.');
  }
  const [command, args] =
    binary === null
      ? [process.execPath, ['--enable-source-maps', join(root, 'out', 'main', 'web-host.js'), '--port', PORT]]
      : [binary, [root]];
  const started = spawn(command, args, { cwd: root, env, stdio: 'inherit' });
  child = started;
  started.on('error', (problem) => console.error(problem.message));
  started.on('exit', (code) => {
    if (child === started) child = null;
    if (!isEnding && code !== 0) console.error(`It ended with ${code}; the next change starts it again.`);
  });
}

async function stopProgram() {
  const stopped = child;
  if (stopped === null) return;
  const ended = new Promise((resolve) => stopped.once('exit', resolve));
  stopped.kill('SIGTERM');
  await ended;
}

async function rebuild() {
  const paths = [...changed];
  changed.clear();
  if (paths.length === 0 || isBuilt(root)) return;
  const began = performance.now();
  if (!(await build(root, { env }))) return;
  const isPageOnly = paths.every((path) => PAGE_ONLY.test(path));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`Built in ${seconds} s. ${isPageOnly ? 'Reload the page.' : 'Starting again.'}`);
  if (isPageOnly && child !== null) return;
  await stopProgram();
  if (!isEnding) startProgram();
}

/** @param {string} path */
function noteChange(path) {
  changed.add(path);
  clearTimeout(timer);
  // `work` is a queue, so that two builds never run at the same time.
  timer = setTimeout(() => {
    work = work.then(rebuild).catch((problem) => console.error(problem));
  }, QUIET_MS);
}

async function end() {
  if (isEnding) return;
  isEnding = true;
  await stopProgram();
  process.exit(0);
}

if (!isInstalled(root) && (await install(root, env)) !== 0) process.exit(1);
if (!isBuilt(root) && !(await build(root, { env, loud: true }))) process.exit(1);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end());
for (const folder of ['src', 'resources']) {
  watch(join(root, folder), { recursive: true }, (_event, name) => {
    if (name !== null) noteChange(join(folder, String(name)));
  });
}
startProgram();
