#!/usr/bin/env node
/**
 * `npm test`, on a fresh clone too: packages, checks, build, then unit, process and end-to-end tests one after
 * another, and last whether any process of ours is left. Ends with one line, `N passed, M failed[, K skipped]`.
 *
 * `npm test -- unit` runs one stage (check, unit, process, e2e); any other word filters test files.
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
import { addUp, countReport, exitCodeOf, lastLine, readTestArgs } from './test-summary.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { env } = process;

/** Processes that are allowed to end after their test: a lab that was killed leaves its reaper at work for a moment. */
const LEFTOVER_LIMIT_MS = 10_000;

async function main() {
  const read = readTestArgs(process.argv.slice(2));
  if (!read.ok) {
    console.error(
      `Unknown option ${read.option}.\nUsage: npm test -- [check] [unit] [process] [e2e] [part of a file name…]`,
    );
    return 2;
  }
  if (!isInstalled(root)) {
    console.log('Installing the packages (once)…');
    if ((await install(root, env)) !== 0) return stop('The packages could not be installed.');
  }
  const counts = [];
  if (read.stages.includes('check')) counts.push({ ...(await runChecks(root, CHECKS)), skipped: 0 });
  if (!isBuilt(root)) {
    console.log('Building…');
    if (!(await build(root, { env }))) return stop('The build failed.');
  }
  const before = ourProcesses();
  const folder = mkdtempSync(join(tmpdir(), 'raft-lab-test-'));
  for (const stage of ['unit', 'process', 'e2e'].filter((name) => read.stages.includes(name))) {
    counts.push(await runVitest(stage, read.filters, join(folder, `${stage}.json`)));
  }
  rmSync(folder, { recursive: true, force: true });
  counts.push(await checkLeftovers(before));
  const sum = addUp(counts);
  console.log(lastLine(sum));
  // The leftover check alone is no test run.
  return exitCodeOf({ ...sum, passed: addUp(counts.slice(0, -1)).passed });
}

/** One vitest project; files that start processes or a browser run one at a time. */
async function runVitest(stage, filters, file) {
  console.log(`\n── ${stage} ──`);
  const oneByOne = stage === 'unit' ? [] : ['--no-file-parallelism'];
  const reports = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const fixed = ['run', '--config', 'test/vitest.config.ts', '--project', stage, '--passWithNoTests'];
  const child = spawn(process.execPath, [vitest, ...fixed, ...oneByOne, ...reports, ...filters], {
    cwd: root,
    // A test must never open something on the screen of who runs it.
    env: { ...env, RAFT_LAB_NO_OPEN: '1' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', (given) => resolve(given ?? 1));
  });
  return countReport(readReport(file), code);
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (problem) {
    // Vitest ended before it could write one; its exit code then counts as the failure.
    console.error(`No report of this stage: ${problem.message}`);
    return null;
  }
}

async function checkLeftovers(before) {
  if (before === null) {
    console.log('– no process left behind: this system cannot be asked');
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const left = await leftAfter(before, LEFTOVER_LIMIT_MS);
  console.log(`${left.length === 0 ? '✓' : '✗'} no process left behind`);
  for (const { pid, words } of left) console.log(`    ${pid} ${words.join(' ')}`);
  return { passed: left.length === 0 ? 1 : 0, failed: left.length === 0 ? 0 : 1, skipped: 0 };
}

function stop(sentence) {
  console.error(sentence);
  console.log(lastLine({ passed: 0, failed: 1, skipped: 0 }));
  return 1;
}

process.exitCode = await main();
