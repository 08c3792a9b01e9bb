/**
 * The lab's side of the reaper: keeps one running, reports the living processes to it, and starts it again when it
 * dies. A child may be frozen only after the reaper has acknowledged its pid (`guards`). Flow: children.ts adds and
 * removes children; when the lab dies, the pipe closes and the reaper kills them.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ProcessIdentity } from '../../program/process-info.ts';
import { nodeCommand, programEnvironment } from './node-command.ts';

/** A running reaper, as the lab uses it. */
export interface Reaper {
  readonly pid: () => number | null;
  add(identity: ProcessIdentity): void;
  remove(pid: number): void;
  /** Whether the reaper has acknowledged this pid and would therefore kill it even if it were frozen. */
  guards(pid: number): boolean;
  /** Ends the reaper after sending it the pids of all processes that still live. Resolves when the reaper is gone. */
  close(): Promise<void>;
}

/** Options of a reaper. `onTrouble` is called with a sentence when the reaper died and was started again. */
export interface ReaperOptions {
  readonly program: string;
  readonly runId: string;
  readonly onTrouble: (message: string) => void;
}

const RESTART_DELAY_MS = 100;
const CLOSE_WITHIN_MS = 3_000;

/**
 * Windows needs no reaper: no process can be frozen there, and the system ends the children with the lab. A reaper
 * could not work there either, because without start times it may not kill a process.
 */
const NO_REAPER: Reaper = {
  pid: () => null,
  add: () => undefined,
  remove: () => undefined,
  guards: () => false,
  close: async () => undefined,
};

/** Starts a reaper for one run and keeps it running until it is closed. */
export function startReaper(options: ReaperOptions): Reaper {
  if (process.platform === 'win32') return NO_REAPER;
  const living = new Map<number, ProcessIdentity>();
  const acknowledged = new Set<number>();
  let child: ChildProcess | null = null;
  let closing = false;

  function tell(line: string): void {
    // A write into a pipe whose reader just died fails silently. The exit event that follows reports the death.
    if (child?.stdin?.writable === true) child.stdin.write(`${line}\n`);
  }

  function start(): void {
    acknowledged.clear();
    const { file, args, env } = nodeCommand(options.program, ['--run', options.runId]);
    const started: ChildProcess = spawn(file, args, {
      // A process session of its own keeps the signals of the lab's terminal from the reaper.
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...programEnvironment(), ...env },
      windowsHide: true,
    });
    child = started;
    started.stdin?.on('error', () => undefined);
    // Without free file descriptors the child has no pipes. An error event with that reason follows.
    if (started.stdout) {
      createInterface({ input: started.stdout }).on('line', (line) => {
        const match = /^(added|deleted) (\d+)$/.exec(line);
        if (match?.[1] === 'added') acknowledged.add(Number(match[2]));
        if (match?.[1] === 'deleted') acknowledged.delete(Number(match[2]));
      });
    }
    let over = false;
    const onEnd = (how: string): void => {
      if (over || closing) return;
      over = true;
      acknowledged.clear();
      options.onTrouble(`the reaper ended (${how}) and is started again`);
      setTimeout(() => {
        if (!closing) start();
      }, RESTART_DELAY_MS).unref();
    };
    started.on('error', (cause) => onEnd(cause.message));
    started.on('exit', (code, signal) => onEnd(`${signal ?? `code ${code}`}`));
    for (const identity of living.values()) tell(addLine(identity));
  }

  start();
  return {
    pid: () => child?.pid ?? null,
    add: (identity) => {
      living.set(identity.pid, identity);
      tell(addLine(identity));
    },
    remove: (pid) => {
      living.delete(pid);
      tell(`del ${pid}`);
    },
    guards: (pid) => acknowledged.has(pid),
    close: async () => {
      closing = true;
      if (child !== null) await ended(child);
    },
  };
}

function addLine(identity: ProcessIdentity): string {
  return `add ${identity.pid} ${identity.startTime}`;
}

/** Ends a reaper by closing its input. A reaper that does not end, because it is frozen, is killed. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_WITHIN_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.stdin?.end();
  });
}
