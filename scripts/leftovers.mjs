/**
 * What of ours is still running: the programs a lab spawns carry `--run <id>` in their command line and are one of
 * four files. Found by that, not by remembered pids, since a forgotten process is exactly one nobody remembers.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const PROGRAMS = new Set(['peer', 'network', 'reaper', 'web-host'].flatMap((name) => [`${name}.js`, `${name}.mjs`]));

/**
 * @typedef {{ pid: number, startedAt: string, words: readonly string[] }} Process
 */

/**
 * @param {readonly string[]} words  a command line
 * @returns {boolean}
 */
export function isOurs(words) {
  const isProgram = words.some((word) => PROGRAMS.has(basename(word.replaceAll('\\', '/'))));
  return isProgram && (words.includes('--run') || words.some((word) => /[\\/]out[\\/]main[\\/]/.test(word)));
}

/** @returns {readonly Process[] | null} ours, zombies not counted; null where the system cannot be asked */
export function ourProcesses() {
  if (process.platform === 'linux') return fromProc().filter((one) => isOurs(one.words));
  if (process.platform === 'win32') return null;
  return fromPs().filter((one) => isOurs(one.words));
}

/**
 * Waits for what began after `before` to end by itself.
 *
 * @param {readonly Process[]} before
 * @param {number} withinMs
 * @returns {Promise<readonly Process[]>} what is still there
 */
export async function leftAfter(before, withinMs) {
  const known = new Set(before.map(keyOf));
  const deadline = performance.now() + withinMs;
  for (;;) {
    const left = (ourProcesses() ?? []).filter((one) => !known.has(keyOf(one)));
    if (left.length === 0 || performance.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** A pid may be used again; with its start it is one process. */
function keyOf({ pid, startedAt }) {
  return `${pid} ${startedAt}`;
}

function fromProc() {
  const found = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // Field 2 is the name in brackets and may hold anything; what follows its last bracket is regular.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z') continue;
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').filter(Boolean);
      found.push({ pid: Number(name), startedAt: fields[19] ?? '', words });
    } catch (problem) {
      // It ended while we looked, or is another user's: not ours to count.
      if (!['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(problem.code)) throw problem;
    }
  }
  return found;
}

function fromPs() {
  const lines = execFileSync('ps', ['-axo', 'pid=,stat=,lstart=,command=']).toString().split('\n');
  return lines.flatMap((line) => {
    const match = /^\s*(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(line);
    if (match === null || match[2].startsWith('Z')) return [];
    return [{ pid: Number(match[1]), startedAt: match[3], words: match[4].split(' ') }];
  });
}
