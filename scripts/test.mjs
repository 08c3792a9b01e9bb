#!/usr/bin/env node
/**
 * `npm test`, in a fresh clone too: installs packages, runs checks and build at the same time, and then the stages of
 * unit, process and end-to-end tests one after another. Last it checks that no process of ours is left. It ends with
 * the slowest files and one line, `N passed, M failed[, K skipped]`. docs/testing.md explains which stages run at the
 * same time.
 *
 * `npm test -- unit` runs one stage (check, unit, process, e2e); any other word filters test files. Each run draws a
 * new order of the files; `--seed N` repeats one.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isBuilt } from './build.mjs';
import { CHECKS, runChecks } from './check.mjs';
import { install, isInstalled } from './install.mjs';
import { leftAfter, ourProcesses } from './leftovers.mjs';
import { testEnvironment } from './test-environment.mjs';
import { addUp, countReport, exitCodeOf, lastLine, readTestArgs, slowestFiles } from './test-summary.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { env } = process;

/** Milliseconds that processes may live on after their test: the reaper of a killed lab still works for a moment. */
const LEFTOVER_LIMIT_MS = 10_000;

/** Vitest's projects of each stage (test/vitest.config.ts). */
const PROJECTS = {
  unit: ['unit', 'unit-core', 'unit-mocks'],
  process: ['process', 'process-alone'],
  e2e: ['e2e', 'window', 'e2e-alone'],
};
const TEST_STAGES = /** @type {readonly (keyof typeof PROJECTS)[]} */ (Object.keys(PROJECTS));

/** @type {import('node:child_process').ChildProcess | null} vitest of the current stage */
let child = null;
let calledOff = false;

/**
 * Ctrl-C from a terminal also reaches Vitest; SIGTERM is passed on to it. After either one, no further stage begins.
 */
function listenForSignals() {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.on(signal, () => {
      calledOff = true;
      if (signal === 'SIGTERM') child?.kill(signal);
    });
  }
}

async function main() {
  const read = readTestArgs(process.argv.slice(2));
  if (!read.ok) {
    console.error(read.sentence);
    return 2;
  }
  if (!isInstalled(root)) {
    console.log('Installing the packages (once)…');
    if ((await install(root, env)) !== 0) return stop('The packages could not be installed.');
  }
  /** @type {string[]} */
  const times = [];
  /** @template Result @param {string} name @param {() => Promise<Result>} work @returns {Promise<Result>} */
  const timed = async (name, work) => {
    const began = performance.now();
    const result = await work();
    times.push(`${name} ${Math.round((performance.now() - began) / 1000)} s`);
    return result;
  };
  const prepared = await timed('check and build', () => prepare(read.stages.includes('check')));
  if (!prepared.isBuilt) return stop('The build failed.');
  const before = ourProcesses();
  const folder = mkdtempSync(join(tmpdir(), 'raft-lab-test-'));
  const seed = read.seed ?? Math.floor(Math.random() * 1e9);
  const files = [];
  const counts = [...prepared.counts];
  listenForSignals();
  for (const stage of TEST_STAGES.filter((name) => read.stages.includes(name))) {
    if (calledOff) break;
    const ran = await timed(stage, () => runVitest(stage, read.filters, { seed, folder: join(folder, stage) }));
    counts.push(ran.counts);
    files.push(...ran.files);
  }
  rmSync(folder, { recursive: true, force: true });
  counts.push(await checkLeftovers(before));
  const sum = addUp(counts);
  console.log(`\n${slowestFiles(files).join('\n')}\n\n${times.join(' · ')}`);
  console.log(
    `Order of the files: npm test -- ${[...process.argv.slice(2).filter(isNoSeed), '--seed', seed].join(' ')}`,
  );
  console.log(lastLine(sum));
  if (calledOff) return 130;
  // A run counts as failed when only the leftover check ran.
  return exitCodeOf({ ...sum, passed: addUp(counts.slice(0, -1)).passed });
}

/** @type {(word: string, at: number, all: readonly string[]) => boolean} false for `--seed` and for its number */
const isNoSeed = (word, at, all) => word !== '--seed' && all[at - 1] !== '--seed';

/**
 * Runs the checks (when they are requested) and the build (when it is needed) at the same time.
 *
 * @param {boolean} withChecks
 */
async function prepare(withChecks) {
  const checking = withChecks ? runChecks(root, CHECKS) : null;
  if (!isBuilt(root)) console.log('Building…');
  const building = isBuilt(root) ? true : build(root, { env });
  const [checked, built] = await Promise.all([checking, building]);
  return { isBuilt: built, counts: checked === null ? [] : [{ ...checked, skipped: 0 }] };
}

/**
 * Runs one stage with Vitest.
 *
 * @param {keyof typeof PROJECTS} stage
 * @param {readonly string[]} filters  parts of file names; all files without one
 * @param {{ seed: number, folder: string }} how  `folder`: vitest writes its reports there
 */
async function runVitest(stage, filters, { seed, folder }) {
  console.log(`\n── ${stage} ──`);
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const projects = PROJECTS[stage].flatMap((name) => ['--project', name]);
  const fixed = ['run', '--config', 'test/vitest.config.ts', '--passWithNoTests', `--sequence.seed=${seed}`];
  const running = spawn(process.execPath, [vitest, ...fixed, ...projects, ...filters], {
    cwd: root,
    env: testEnvironment(env, folder),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  child = running;
  /** @type {number} */
  const code = await new Promise((resolve) => {
    running.on('error', () => resolve(127));
    running.on('close', (given) => resolve(given ?? 1));
  });
  child = null;
  const report = readReport(join(folder, 'report.json'));
  return { counts: countReport(report, code), files: readReport(join(folder, 'durations.json')) ?? [] };
}

/** @param {string} file @returns {any} the parsed file, null when it is missing */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (problem) {
    // Vitest ended before it could write the report; its exit code then counts as the failure.
    console.error(`No report of this stage: ${problem.message}`);
    return null;
  }
}

/** @param {readonly import('./leftovers.mjs').Process[]} before */
async function checkLeftovers(before) {
  const left = await leftAfter(before, LEFTOVER_LIMIT_MS);
  console.log(`${left.length === 0 ? '✓' : '✗'} no process left behind`);
  for (const { pid, words } of left) console.log(`    ${pid} ${words.join(' ')}`);
  return { passed: left.length === 0 ? 1 : 0, failed: left.length === 0 ? 0 : 1, skipped: 0 };
}

/** @param {string} sentence */
function stop(sentence) {
  console.error(sentence);
  console.log(lastLine({ passed: 0, failed: 1, skipped: 0 }));
  return 1;
}

process.exitCode = await main();
