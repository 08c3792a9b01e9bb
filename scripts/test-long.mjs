#!/usr/bin/env node
/**
 * `npm run test:long -- PART…`: the long tests, by name. `.long/` stores the finished units, so a stopped part
 * continues with the next unit. After a change of the sources it begins again. Without a name it lists the parts.
 *
 * Exit codes: 0 all passed; 1 a unit failed; 2 invalid arguments; 4 a part is not finished yet; 130 interrupted.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashFiles, SOURCES } from './build.mjs';
import { leftAfter, ourProcesses } from './leftovers.mjs';
import { PARTS } from './long-parts.mjs';
import * as state from './long-state.mjs';
import { addUp, lastLine } from './test-summary.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, '.long');
/** Milliseconds that processes may live on after their unit: the reaper of a killed lab still works for a moment. */
const LEFTOVER_LIMIT_MS = 10_000;
/** Lines of a failed unit that are shown. */
const LAST_LINES = 100;

/** @type {import('node:child_process').ChildProcess | null} */
let child = null;
let calledOff = false;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => {
    calledOff = true;
    // From a terminal the child has received the signal too, and handles a second one itself.
    if (signal === 'SIGTERM') child?.kill('SIGTERM');
  });
}

async function main() {
  const names = PARTS.map(({ name }) => name);
  const read = state.readLongArgs(process.argv.slice(2), names);
  if (!read.ok) {
    console.error(read.sentence);
    return 2;
  }
  if (read.parts.length === 0) return list();
  const ended = [];
  for (const part of PARTS.filter(({ name }) => read.parts.includes(name))) {
    if (!calledOff) ended.push(await runPart(part));
  }
  console.log('');
  for (const { kept, failures } of ended) {
    console.log(`${kept.part.padEnd(12)} ${state.statusLine(kept, kept.sources)}`);
    for (const line of failures) console.log(`    ${line}`);
  }
  const sum = addUp(ended.map(({ counts }) => counts));
  console.log(lastLine(sum));
  if (calledOff) return 130;
  if (sum.failed > 0) return 1;
  return sum.skipped > 0 ? 4 : 0;
}

function list() {
  for (const part of PARTS) {
    console.log(`${part.name.padEnd(12)} ${part.what}`);
    console.log(`${''.padEnd(12)} ${state.statusLine(readState(part), hashOf(part))}`);
  }
  console.log('\nnpm run test:long -- PART…   one part or several; all: each of them');
  return 0;
}

/**
 * Runs the remaining units of a part, and checks that they left no process.
 *
 * @param {import('./long-parts.mjs').Part} part
 */
async function runPart(part) {
  const sources = hashOf(part);
  const now = () => new Date().toISOString();
  const planned = state.planPart(readState(part), { part, sources, seed: Math.floor(Math.random() * 1e9), now: now() });
  let { kept } = planned;
  const done = kept.total - planned.left.length;
  console.log(`\n── ${part.name}: ${part.what} ──`);
  console.log(planned.goesOn ? `goes on: ${done} of ${kept.total} units are finished` : `seed ${kept.seed}`);
  const before = ourProcesses();
  const began = performance.now();
  for (const unit of planned.left) {
    if (calledOff) break;
    if (hashOf(part) !== sources) {
      console.log('The sources have changed: the part ends here and begins anew next time.');
      break;
    }
    if (!state.hasTimeLeft(kept, (performance.now() - began) / 1000)) {
      console.log(`${state.LIMIT_MINUTES} minutes are over; npm run test:long -- ${part.name} goes on here.`);
      break;
    }
    const { code, seconds } = await runUnit(unit);
    if (calledOff) break;
    kept = state.withUnit(kept, unit.name, { code, seconds, now: now() });
    writeState(part, kept);
  }
  const failures = part
    .units(kept.seed)
    .filter(({ name }) => kept.units[name]?.outcome === 'failed')
    .map(({ name, repeat }) => `✗ ${name}; repeat with: ${repeat}`);
  const left = await leftAfter(before, LEFTOVER_LIMIT_MS);
  for (const { pid, words } of left) failures.push(`✗ still running: ${pid} ${words.join(' ')}`);
  const counts = state.countUnits(kept);
  return { kept, failures, counts: { ...counts, failed: counts.failed + (left.length > 0 ? 1 : 0) } };
}

/**
 * Runs one unit in a process of its own. Shows its output and keeps its recordings only when it fails.
 *
 * @param {import('./long-parts.mjs').Unit} unit
 */
async function runUnit({ name, command, env = {}, repeat, records = false }) {
  const began = performance.now();
  const [script = '', ...args] = command;
  const data = join(folder, 'runs');
  rmSync(data, { recursive: true, force: true });
  const running = spawn(process.execPath, [join(root, 'scripts', script), ...args], {
    cwd: root,
    env: { ...process.env, ...env, ...(records ? { RAFT_LAB_DATA_DIR: data } : {}) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = running;
  /** @type {Buffer[]} */
  const chunks = [];
  running.stdout.on('data', (chunk) => chunks.push(chunk));
  running.stderr.on('data', (chunk) => chunks.push(chunk));
  /** @type {number} */
  const code = await new Promise((resolve) => {
    running.on('error', () => resolve(127));
    running.on('close', (given) => resolve(given ?? 1));
  });
  child = null;
  const seconds = (performance.now() - began) / 1000;
  if (calledOff) return { code, seconds };
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds.toFixed(0)} s)`);
  if (code !== 0) {
    console.log(Buffer.concat(chunks).toString('utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n'));
    console.log(`exit code ${code}; repeat with: ${repeat}`);
    if (records && existsSync(data)) {
      const failed = join(folder, `failed ${new Date().toISOString().replaceAll(':', '-')}`);
      renameSync(data, failed);
      console.log(`The recordings are kept: ${failed}`);
    }
  }
  rmSync(data, { recursive: true, force: true });
  return { code, seconds };
}

/**
 * Hashes the sources of a part: the programs, and also the tests when the part runs test files.
 *
 * @param {{ readsTests?: boolean }} part
 */
function hashOf({ readsTests = false }) {
  return hashFiles(root, readsTests ? [...SOURCES, 'test', 'scripts'] : SOURCES);
}

/** @param {{ name: string }} part */
function readState({ name }) {
  const file = join(folder, `${name}.json`);
  return existsSync(file) ? state.readKept(readFileSync(file, 'utf8')) : null;
}

/**
 * Replaces the file in one step, so it is complete whenever the part is stopped.
 *
 * @param {{ name: string }} part
 * @param {state.Kept} kept
 */
function writeState({ name }, kept) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.json`);
  writeFileSync(`${file}.tmp`, JSON.stringify(kept, null, 2));
  renameSync(`${file}.tmp`, file);
}

process.exitCode = await main();
