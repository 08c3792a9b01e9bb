/**
 * What of ours is still running: the programs a lab spawns carry `--run <id>` in their command line and are one of
 * four files. Found by that, not by remembered pids, since a forgotten process is exactly one nobody remembers.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const PROGRAMS = new Set(['peer', 'network', 'reaper', 'web-host'].flatMap((name) => [`${name}.js`, `${name}.mjs`]));

/** What a lab runs in, Node or Electron, and the shell a person starts one from. */
const OWNER = /^(node|electron|raft lab|-?(ba|da|z|k|fi)?sh$)/i;

/**
 * @typedef {{ pid: number, parent: number, startedAt: string, words: readonly string[] }} Process
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
  const all = allProcesses();
  return all === null ? null : all.filter((one) => isOurs(one.words));
}

/**
 * Waits for what began after `before` to end by itself. Only orphans count: a process whose parent is a living lab
 * or shell belongs to somebody else's run on this machine, and when that lab is forgotten itself, it is the orphan.
 *
 * @param {readonly Process[]} before
 * @param {number} withinMs
 * @returns {Promise<readonly Process[]>} what is still there
 */
export async function leftAfter(before, withinMs) {
  const known = new Set(before.map(keyOf));
  const deadline = performance.now() + withinMs;
  for (;;) {
    const left = orphansIn(allProcesses() ?? []).filter((one) => !known.has(keyOf(one)));
    if (left.length === 0 || performance.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/**
 * @param {readonly Process[]} all  every process that can be seen
 * @returns {readonly Process[]} ours without an owner
 */
export function orphansIn(all) {
  const byPid = new Map(all.map((one) => [one.pid, one]));
  return all.filter((one) => isOurs(one.words) && !hasOwner(one, byPid));
}

/** Process 1 takes in every orphan; it owns none, even where it is a Node (in a container, say). */
function hasOwner(one, byPid) {
  if (one.parent <= 1) return false;
  const program = byPid.get(one.parent)?.words[0] ?? '';
  return OWNER.test(basename(program.replaceAll('\\', '/')));
}

function allProcesses() {
  if (process.platform === 'linux') return fromProc();
  return process.platform === 'win32' ? null : fromPs();
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
      found.push({ pid: Number(name), parent: Number(fields[1]), startedAt: fields[19] ?? '', words });
    } catch (problem) {
      // It ended while we looked, or is another user's: not ours to count.
      if (!['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(problem.code)) throw problem;
    }
  }
  return found;
}

function fromPs() {
  const lines = execFileSync('ps', ['-axo', 'pid=,ppid=,stat=,lstart=,command=']).toString().split('\n');
  return lines.flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(line);
    if (match === null || match[3].startsWith('Z')) return [];
    const [, pid, parent, , startedAt, command] = match;
    return [{ pid: Number(pid), parent: Number(parent), startedAt, words: command.split(' ') }];
  });
}
