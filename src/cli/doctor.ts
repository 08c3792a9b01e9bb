/**
 * `raft-lab doctor`: what of Raft Lab works on this machine, what does not, and how to mend it. Each check tries the
 * thing itself (a port is opened, a file is fsynced, a process is stopped) instead of guessing from names.
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nodeCommand, programEnvironment, readProcess } from '../lab/index.ts';
import { EXIT } from './exit.ts';
import type { Terminal } from './terminal.ts';
import type { SentenceKey } from './words.ts';

/** `missing`: something is left out, the rest works; `bad`: the lab cannot run. */
export interface Finding {
  readonly check: string;
  readonly state: 'good' | 'missing' | 'bad';
  readonly found: string;
  /** What to do; empty when it is good. */
  readonly remedy: string;
}

const FSYNCS = 21;
/** Slower than this and elections are disturbed by the disk: a heartbeat is 50 ms. */
const SLOW_FSYNC_MS = 20;
const LEAST_FREE_BYTES = 1024 ** 3;

type Check = (terminal: Terminal) => Promise<Omit<Finding, 'check'>>;

const CHECKS: Readonly<Record<string, Check>> = {
  node: async ({ say, launcher }) => {
    const { found, isNew, wanted } = launcher.node;
    return verdict(isNew ? 'good' : 'bad', found, say('remedyNode', { wanted }));
  },
  programs: async ({ say }) => {
    const problem = await startProblem();
    const remedy = say('remedyPrograms', { problem: problem ?? '' });
    return verdict(problem === null ? 'good' : 'bad', say(problem === null ? 'there' : 'notThere'), remedy);
  },
  electron: async ({ say, launcher }) => {
    const version = launcher.electron;
    return verdict(version === null ? 'missing' : 'good', version ?? say('notThere'), say('remedyElectron'));
  },
  display: async ({ say, launcher }) => {
    const isThere = launcher.hasDisplay;
    return verdict(isThere ? 'good' : 'missing', say(isThere ? 'there' : 'notThere'), say('remedyDisplay'));
  },
  ports: async ({ say }) => {
    const port = await freePort();
    return verdict(port !== null ? 'good' : 'bad', port === null ? say('notThere') : '127.0.0.1', say('remedyPorts'));
  },
  folder: async ({ say, dataFolder }) => {
    const problem = await writeProblem(dataFolder);
    const remedy = say('remedyFolder', { problem: problem ?? '' });
    return verdict(problem === null ? 'good' : 'bad', dataFolder, remedy);
  },
  space: async ({ say, dataFolder }) => {
    const { bavail, bsize } = await statfs(await existingParent(dataFolder));
    const free = bavail * bsize;
    const state = free >= LEAST_FREE_BYTES ? 'good' : 'bad';
    return verdict(state, `${(free / 1024 ** 3).toFixed(1)} GiB`, say('remedySpace'));
  },
  fsync: async ({ say, dataFolder }) => {
    const medianMs = await fsyncMedianMs(await existingParent(dataFolder));
    const found = `${medianMs.toFixed(2)} ms`;
    return verdict(medianMs < SLOW_FSYNC_MS ? 'good' : 'missing', found, say('remedyFsync'));
  },
  freeze: async ({ say }) => {
    const works = process.platform !== 'win32' && (await canStop());
    return verdict(works ? 'good' : 'missing', works ? 'SIGSTOP' : say('notThere'), say('remedyFreeze'));
  },
  fonts: async ({ say }) => {
    const has = hasChineseFont();
    return verdict(has ? 'good' : 'missing', say(has ? 'there' : 'notThere'), say('remedyFonts'));
  },
};

export async function doctor(terminal: Terminal, { json }: { readonly json: boolean }): Promise<number> {
  const findings: Finding[] = [];
  for (const [check, run] of Object.entries(CHECKS)) {
    const finding = { check, ...(await run(terminal)) };
    findings.push(finding);
    if (!json) terminal.print(lineOf(terminal, finding));
  }
  if (json) terminal.print(JSON.stringify(findings));
  return findings.some(({ state }) => state === 'bad') ? EXIT.failed : EXIT.ok;
}

function lineOf({ say }: Terminal, { check, state, found, remedy }: Finding): string {
  const sign = { good: '✓', missing: '–', bad: '✗' }[state];
  const head = `${sign} ${say(`check-${check}` as SentenceKey)}: ${found}`;
  return remedy === '' ? head : `${head}\n    ${remedy}`;
}

function verdict(state: Finding['state'], found: string, remedy: string): Omit<Finding, 'check'> {
  return { state, found, remedy: state === 'good' ? '' : remedy };
}

/** Starts Node just as servers are started. @returns what it said when it did not run */
async function startProblem(): Promise<string | null> {
  const { file, env } = nodeCommand('', []);
  const started = promisify(execFile)(file, ['-p', '1'], { env: { ...programEnvironment(), ...env } });
  return await started.then(
    () => null,
    (problem: Error & { readonly stderr?: string }) => problem.stderr?.trim().split('\n').at(0) || problem.message,
  );
}

async function freePort(): Promise<number | null> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}

async function writeProblem(folder: string): Promise<string | null> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const inside = await mkdtemp(join(folder, '.doctor-'));
    await rm(inside, { recursive: true });
    return null;
  } catch (problem) {
    return (problem as Error).message;
  }
}

/** The folder, or the nearest one above it that is there. */
async function existingParent(folder: string): Promise<string> {
  return existsSync(folder) ? folder : await existingParent(join(folder, '..'));
}

async function fsyncMedianMs(folder: string): Promise<number> {
  const inside = await mkdtemp(join(folder, '.doctor-'));
  const times: number[] = [];
  try {
    const file = await open(join(inside, 'log'), 'a');
    for (let at = 0; at < FSYNCS; at += 1) {
      const began = performance.now();
      await file.write('x'.repeat(200));
      await file.sync();
      times.push(performance.now() - began);
    }
    await file.close();
  } finally {
    await rm(inside, { recursive: true, force: true });
  }
  return times.sort((a, b) => a - b)[Math.floor(FSYNCS / 2)] ?? 0;
}

/** Stops a process of its own and looks whether it stands. */
async function canStop(): Promise<boolean> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    await new Promise((resolve) => child.once('spawn', resolve));
    child.kill('SIGSTOP');
    for (let look = 0; look < 100; look += 1) {
      if (readProcess(child.pid ?? 0)?.state === 'T') return true;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return false;
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

function hasChineseFont(): boolean {
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  try {
    return execFileSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' }).trim() !== '';
  } catch {
    return false;
  }
}
