/**
 * A program that the bench starts: a host of a cluster, or the load generator. Its standard input is a pipe, and it
 * stops when the pipe ends, even when the bench was killed. Its stdout is read line by line.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { nodeCommand, programEnvironment } from '../../lab/index.ts';

/** The program to start. */
export interface HelperOrder {
  /** The built program. */
  readonly program: string;
  /** Arguments. Every user of the machine can see them, so they hold no secret. */
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

/** A started program. */
export interface Helper {
  readonly pid: number;
  /** Resolves when the process is gone and its output was read. Never rejects. */
  readonly exited: Promise<void>;
  /** The last line it wrote to stderr, or how it ended. */
  lastWords(): string;
  /** Writes a line to its standard input. */
  tell(line: string): void;
  /** Ends the standard input, waits, and kills a program that does not end. Resolves when the process is gone. */
  end(): Promise<void>;
  kill(): void;
}

/** Milliseconds that a program has to end. A lab may need long to close a large recording. */
const GO_WITHIN_MS = 60_000;

/** Starts a program. A program that cannot be started counts as exited. */
export function startHelper({ program, args = [], env, onLine }: HelperOrder): Helper {
  const command = nodeCommand(program, args);
  const child = spawn(command.file, command.args, {
    env: { ...programEnvironment(), ...command.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    // A process group of its own: Ctrl-C in the terminal reaches only the bench, which stops everything in order.
    detached: process.platform !== 'win32',
  });
  let said = '';
  const exited = new Promise<void>((resolve) => {
    child.once('error', (problem) => {
      said = problem.message;
      if (child.pid === undefined) resolve();
    });
    child.once('close', (code, signal) => {
      if (said === '') said = `it ended with ${signal ?? `exit code ${code}`}`;
      resolve();
    });
  });
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', onLine);
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.trim() !== '') said = line.trim();
  });
  return {
    pid: child.pid ?? 0,
    exited,
    lastWords: () => said,
    tell: (line) => void child.stdin.write(`${line}\n`),
    end: async () => {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), GO_WITHIN_MS);
      await exited;
      clearTimeout(timer);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
