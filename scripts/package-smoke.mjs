#!/usr/bin/env node
/**
 * Starts an installed or unpacked Raft Lab as a person does, without a debugger, and checks it from outside: `node
 * scripts/package-smoke.mjs PROGRAM`. A cluster must start, run for ten seconds, end on SIGTERM with code 0, and leave
 * no process. For Linux and macOS; a program on Windows cannot handle SIGTERM.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMain } from './is-main.mjs';
import { ourProcesses } from './leftovers.mjs';

/** Longest time in milliseconds until the servers run; a hosted machine is slow. */
const START_LIMIT_MS = 120_000;
const STAY_MS = 10_000;
const END_LIMIT_MS = 30_000;
const LEFT_LIMIT_MS = 10_000;

/**
 * @param {string} program
 * @param {{ args?: readonly string[], startMs?: number, stayMs?: number, endMs?: number, leftMs?: number }} [how]
 *   `args`: arguments in front, for a program that needs some; the others are limits in milliseconds
 * @returns {Promise<string | null>} null when every check passed, otherwise one sentence
 */
export async function smokeTest(program, how = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'raft-lab-smoke-'));
  const child = spawn(program, how.args ?? [], {
    env: { ...process.env, RAFT_LAB_DATA_DIR: folder },
    stdio: 'inherit',
  });
  const ended = new Promise((resolve) => {
    child.on('error', (problem) => resolve(problem.message));
    child.on('exit', (code, signal) => resolve(signal ?? code));
  });
  try {
    // Only servers of its own runs, because other labs may run on the same machine.
    const servers = () =>
      ourProcesses().filter(({ parent, words }) => parent === child.pid && words.includes('--server'));
    const started = await within(how.startMs ?? START_LIMIT_MS, ended, () => servers().length > 0);
    if (started !== true)
      return started === false ? 'no server was started' : `it ended with ${started} before a server ran`;
    const early = await within(how.stayMs ?? STAY_MS, ended, () => false);
    if (early !== false) return `it ended with ${early} by itself`;
    const runs = new Set(servers().map(runOf));
    if (runs.size === 0) return 'its servers are gone';
    child.kill('SIGTERM');
    let code = /** @type {unknown} */ (null);
    const exited = await within(
      how.endMs ?? END_LIMIT_MS,
      ended.then((given) => (code = given)),
      () => code !== null,
    );
    if (exited === false) return 'it did not end on SIGTERM';
    if (code !== 0) return `it ended with ${code} on SIGTERM`;
    const left = () => ourProcesses().filter((one) => runs.has(runOf(one)));
    await within(how.leftMs ?? LEFT_LIMIT_MS, new Promise(() => undefined), () => left().length === 0);
    return left().length === 0 ? null : `it left ${left().length} processes`;
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** @param {import('./leftovers.mjs').Process} process @returns {string | undefined} the run that the process belongs to */
function runOf({ words }) {
  return words[words.indexOf('--run') + 1];
}

/**
 * @param {number} limitMs
 * @param {Promise<unknown>} ended
 * @param {() => boolean} holds  called ten times a second
 * @returns {Promise<unknown>} true once `holds` returns true, false after `limitMs`, or the value of `ended`
 */
async function within(limitMs, ended, holds) {
  const deadline = performance.now() + limitMs;
  const pause = () => new Promise((resolve) => setTimeout(() => resolve(null), 100));
  while (performance.now() < deadline) {
    if (holds()) return true;
    const given = await Promise.race([ended, pause()]);
    if (given !== null) return given;
  }
  return false;
}

if (isMain(import.meta.url)) {
  const problem = await smokeTest(process.argv[2] ?? '');
  console.log(problem === null ? 'A cluster ran, ended on SIGTERM and left nothing.' : `Not well: ${problem}.`);
  process.exitCode = problem === null ? 0 : 1;
}
