/**
 * One of our programs as an operating-system process: started, watched, signalled, awaited. Its standard input is a
 * pipe that stays open while the lab lives; the end of the pipe shows the child that the lab is gone. This file knows
 * nothing of Raft. Flow: server-process.ts and network-process.ts start one for each life; children.ts keeps the reaper
 * and the list on disk up to date.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { type ProcessIdentity, readProcess, signalProcess, whenStopped } from '../../program/process-info.ts';
import { atMost } from '../waiting.ts';
import { nodeCommand, programEnvironment } from './node-command.ts';
import { captureOutput, type Output } from './output.ts';
import { SpawnFailed } from './spawn-failed.ts';

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** The program to start. */
export interface ChildOrder {
  readonly program: string;
  /** Command-line arguments. Every user can see them in `ps`, so they hold ids only, among them the run's. */
  readonly args: readonly string[];
  /**
   * Name and JSON text of the program's start options. They are passed in the environment because they hold the secret.
   */
  readonly spec: { readonly name: string; readonly json: string };
  /** Working folder, which must exist. Output is appended to stdout.log and stderr.log there. */
  readonly folder: string;
  readonly onProblem: (message: string) => void;
}

/** A started process. */
export interface Child {
  readonly pid: number;
  readonly startedAt: number;
  readonly identity: ProcessIdentity;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Resolves when the process has ended and its output was read to the end, at most 250 ms after its exit. */
  readonly exited: Promise<Exit>;
  /** Returns how the process ended; null while it runs. */
  exit(): Exit | null;
  /** Checks pid and start time, then sends the signal. Returns false when the process is gone. */
  signal(signal: NodeJS.Signals): boolean;
  /** Waits at most `withinMs` for the system to show the process as stopped. Resolves with whether it does. */
  stopped(withinMs: number): Promise<boolean>;
}

const OUTPUT_WITHIN_MS = 250;

/**
 * Starts a program.
 *
 * @throws SpawnFailed when the process could not be spawned
 */
export async function spawnChild(order: ChildOrder): Promise<Child> {
  const command = nodeCommand(order.program, order.args);
  const child = spawn(command.file, command.args, {
    cwd: order.folder,
    env: { ...programEnvironment(), ...command.env, [order.spec.name]: order.spec.json },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const pid = child.pid;
  if (pid === undefined)
    throw new SpawnFailed(await spawnError(child), { program: command.file, folder: order.folder });
  // Later errors of the handle, such as a signal that cannot be sent, are handled where the signal is sent.
  child.on('error', (cause) => order.onProblem(`process ${pid}: ${cause.message}`));
  child.stdin.on('error', () => undefined);
  const identity = { pid, startTime: readProcess(pid)?.startTime ?? '' };
  const stdout = captureOutput(child.stdout, join(order.folder, 'stdout.log'), order.onProblem);
  const stderr = captureOutput(child.stderr, join(order.folder, 'stderr.log'), order.onProblem);
  let over: Exit | null = null;
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      const exit = { code, signal };
      over = exit;
      child.stdin.destroy();
      void atMost(OUTPUT_WITHIN_MS, Promise.all([stdout.ended, stderr.ended])).then(() => resolve(exit));
    });
  });
  return {
    pid,
    startedAt: performance.now(),
    identity,
    stdout,
    stderr,
    exited,
    exit: () => over,
    stopped: (withinMs) => whenStopped(identity, withinMs),
    signal: (signal) => {
      if (over !== null) return false;
      return process.platform === 'win32' ? child.kill(signal) : signalProcess(identity, signal);
    },
  };
}

async function spawnError(child: ChildProcess): Promise<NodeJS.ErrnoException> {
  return await new Promise((resolve) => child.once('error', resolve));
}
