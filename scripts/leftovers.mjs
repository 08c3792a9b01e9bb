/**
 * Finds processes of Raft Lab that are still running. Each program that a lab starts is one of four files and has
 * `--run <id>` on its command line. The search uses the command lines and not recorded pids, because a leaked process
 * may have no record.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const PROGRAMS = new Set(['peer', 'network', 'reaper', 'web-host'].flatMap((name) => [`${name}.js`, `${name}.mjs`]));

/** Programs that own a lab: Node or Electron, in which it runs, and the shell from which a person starts it. */
const OWNER = /^(node|electron|raft[ -]lab|(-?(ba|da|z|k|fi)?sh|cmd|powershell|pwsh)(\.exe)?$)/i;

/**
 * @typedef {{ pid: number, parent: number, startedAt: string, order?: number, words: readonly string[] }} Process
 *   `order`: Windows only, greater for a process that began later
 */

/**
 * @param {readonly string[]} words  a command line
 * @returns {boolean}
 */
export function isOurs(words) {
  const isProgram = words.some((word) => PROGRAMS.has(basename(word.replaceAll('\\', '/'))));
  return isProgram && (words.includes('--run') || words.some((word) => /[\\/]out[\\/]main[\\/]/.test(word)));
}

/**
 * Calls of the operating system; a test passes a stand-in. `run` returns the output of a program.
 *
 * @typedef {{ platform: string, run: (file: string, args: readonly string[]) => string }} System
 */

/** @type {System} */
const THIS_SYSTEM = {
  platform: process.platform,
  run: (file, args) => execFileSync(file, [...args], { encoding: 'utf8', maxBuffer: 64_000_000, windowsHide: true }),
};

/**
 * @param {System} [system]
 * @returns {readonly Process[]} processes of Raft Lab, without zombies
 * @throws {Error} when the system does not answer, so that a failed search never counts as "no process left"
 */
export function ourProcesses(system = THIS_SYSTEM) {
  return allProcesses(system).filter((one) => isOurs(one.words));
}

/**
 * Waits until the processes that started after `before` have ended by themselves. Only orphans count. A process whose
 * parent is a living lab or shell belongs to another run on this machine.
 *
 * @param {readonly Process[]} before
 * @param {number} withinMs
 * @param {System} [system]
 * @returns {Promise<readonly Process[]>} the remaining processes
 */
export async function leftAfter(before, withinMs, system = THIS_SYSTEM) {
  const known = new Set(before.map(keyOf));
  const deadline = performance.now() + withinMs;
  for (;;) {
    const left = orphansIn(allProcesses(system)).filter((one) => !known.has(keyOf(one)));
    if (left.length === 0 || performance.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/**
 * @param {readonly Process[]} all  every visible process
 * @returns {readonly Process[]} processes of Raft Lab without an owner
 */
export function orphansIn(all) {
  const byPid = new Map(all.map((one) => [one.pid, one]));
  return all.filter((one) => isOurs(one.words) && !hasOwner(one, byPid));
}

/**
 * Process 1 adopts every orphan, so it is no owner, even if it is a Node process (in a container, for example).
 *
 * @param {Process} one
 * @param {ReadonlyMap<number, Process>} byPid
 */
function hasOwner(one, byPid) {
  if (one.parent <= 1) return false;
  const parent = byPid.get(one.parent);
  // Windows keeps the pid of an ended parent and may give that pid to a new process.
  if (parent?.order !== undefined && one.order !== undefined && parent.order > one.order) return false;
  const program = parent?.words[0] ?? '';
  return OWNER.test(basename(program.replaceAll('\\', '/')));
}

/** @param {System} system @returns {readonly Process[]} */
function allProcesses({ platform, run }) {
  if (platform === 'linux') return fromProc();
  return platform === 'win32' ? fromCim(run) : fromPs(run);
}

/**
 * Identifies a process by pid and start time, because the system reuses pids.
 *
 * @param {Process} process
 */
function keyOf({ pid, startedAt }) {
  return `${pid} ${startedAt}`;
}

function fromProc() {
  const found = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // Field 2 is the name in brackets and may contain any character. The fields after its last bracket are regular.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z') continue;
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').filter(Boolean);
      found.push({ pid: Number(name), parent: Number(fields[1]), startedAt: fields[19] ?? '', words });
    } catch (problem) {
      // A process that has ended or belongs to another user does not count.
      if (!['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(problem.code)) throw problem;
    }
  }
  return found;
}

/** @param {System['run']} run @returns {readonly Process[]} */
function fromPs(run) {
  const lines = run('ps', ['-axo', 'pid=,ppid=,stat=,lstart=,command=']).split('\n');
  return lines.flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(line);
    if (match === null) return [];
    const [, pid, parent, state = '', startedAt = '', command = ''] = match;
    if (state.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), startedAt, words: command.split(' ') }];
  });
}

/** Only PowerShell prints command lines on Windows. UTF-8, because paths may contain any letter. */
const CIM = `[Console]::OutputEncoding = [Text.Encoding]::UTF8
Get-CimInstance Win32_Process | ForEach-Object {
  $started = if ($_.CreationDate) { ([DateTimeOffset]$_.CreationDate).ToUnixTimeMilliseconds() } else { 0 }
  [pscustomobject]@{ pid = $_.ProcessId; parent = $_.ParentProcessId; started = $started; name = $_.Name; line = $_.CommandLine }
} | ConvertTo-Json -Compress`;

/** @param {System['run']} run @returns {readonly Process[]} */
function fromCim(run) {
  const text = run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', CIM]);
  /** @type {readonly { pid: number, parent: number, started: number, name: string, line: string | null }[]} */
  const found = JSON.parse(text);
  return found.map(({ pid, parent, started, name, line }) => ({
    pid,
    parent,
    startedAt: String(started),
    order: started,
    // A protected process shows only its name.
    words: line === null ? [name] : splitWindowsLine(line),
  }));
}

/**
 * Splits a command line as Windows' own programs do. Quotes group; 2n backslashes before a quote mean n backslashes.
 *
 * @param {string} line
 * @returns {readonly string[]}
 */
function splitWindowsLine(line) {
  const words = [];
  let word = null;
  let isQuoted = false;
  for (const part of line.match(/\\*"|\\+|\s|[^\s"\\]+/g) ?? []) {
    if (part.endsWith('"')) {
      const slashes = part.length - 1;
      word = (word ?? '') + '\\'.repeat(Math.floor(slashes / 2));
      if (slashes % 2 === 1) word += '"';
      else isQuoted = !isQuoted;
    } else if (/^\s$/.test(part) && !isQuoted) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + part;
    }
  }
  return word === null ? words : [...words, word];
}
