/**
 * `raft-lab doctor`: reports which parts of Raft Lab work on this machine, and the remedies for the others. Each check
 * tries the thing itself (opens a port, flushes a file, stops a process) instead of inferring it from names.
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { nodeCommand, programEnvironment, readProcess } from '../lab/index.ts';
import { type Check, type Finding, verdict } from './doctor-finding.ts';
import { FOLDER_CHECKS } from './doctor-folder.ts';
import { EXIT } from './exit.ts';
import type { Terminal } from './terminal.ts';
import type { SentenceKey } from './words.ts';

/** Number of open files of a network process with nine servers and 64 clients, rounded up. */
const LEAST_OPEN_FILES = 256;

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
  files: async ({ say }) => {
    const limit = openFilesLimit();
    const found = limit === null ? say('unlimited') : String(limit);
    return verdict(
      limit === null || limit >= LEAST_OPEN_FILES ? 'good' : 'bad',
      found,
      say('remedyFiles', { least: LEAST_OPEN_FILES }),
    );
  },
  ports: async ({ say }) => {
    const port = await freePort();
    return verdict(port !== null ? 'good' : 'bad', port === null ? say('notThere') : '127.0.0.1', say('remedyPorts'));
  },
  ...FOLDER_CHECKS,
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

/** Returns the number of files that a process may have open; null when the system sets or reports no limit. */
function openFilesLimit(): number | null {
  const report = process.report?.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft?: unknown } };
  };
  const soft = report?.userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : null;
}

/** Starts Node in the way servers are started. @returns its first line of error; null when it ran */
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

/** Sends SIGSTOP to a process started for this check, and returns whether it stopped. */
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
