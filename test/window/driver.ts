/**
 * Starts the window's program for the window tests and runs functions in its main process. One interface has two
 * implementations: the stand-in for Electron, and the real Electron where it is available. window-page.ts carries out a
 * person's actions on the page.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type * as Electron from 'electron';
import { _electron } from 'playwright-core';
import { processesOf } from '../helpers/processes-of.ts';
import { until } from '../helpers/until.ts';
import type { WindowProgram } from '../helpers/window-program.ts';

/** The parts of Electron that a test may touch in the main process. */
export type ElectronMain = Pick<
  typeof Electron,
  'app' | 'BrowserWindow' | 'clipboard' | 'dialog' | 'ipcMain' | 'Menu' | 'nativeTheme' | 'powerMonitor' | 'shell'
>;

/** Exit code or signal with which a program ended. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One running program with a window. */
export interface WindowDriver {
  /** Pid of the main process. */
  readonly pid: number;
  readonly ended: Promise<End>;
  /** Runs a function in the main process. The function is sent as text, so it can use nothing from its surroundings. */
  main<Given, Result>(
    act: (electron: ElectronMain, given: Given) => Result | Promise<Result>,
    given: Given,
  ): Promise<Result>;
  /** Text that the program has written to stdout and stderr. */
  printed(): string;
  /** Starts the same program a second time, as a second click on its icon does. */
  again(args: readonly string[]): Promise<End>;
  /** Kills the program if it still runs. */
  kill(): Promise<void>;
}

/** Options of both drivers. */
export interface Start {
  /** Behind the stand-in it may be relative to `home`. */
  readonly dataFolder: string;
  /** Arguments after the program's own. */
  readonly args?: readonly string[];
}

const register = join(import.meta.dirname, 'stand-in', 'register.mjs');

/** Further options of the stand-in. */
export interface StandInStart extends Start {
  /** Folder for everything except the lab's data; the caller removes it. */
  readonly home: string;
  readonly chromium: string;
  /** Folder of the built app: the project's, or an extracted archive's. */
  readonly app: string;
  readonly languages?: readonly string[];
  readonly isDark?: boolean;
  /** The screen's work area, in logical pixels. */
  readonly workArea?: { readonly width: number; readonly height: number };
  /** `never`: the event `ready-to-show` is not sent while the window is hidden. */
  readonly readyToShow?: 'never';
}

/** Starts the built program behind the stand-in. */
export function startStandIn({ dataFolder, args = [], app, ...standIn }: StandInStart): WindowDriver {
  const begin = (more: readonly string[]): ChildProcess =>
    spawn(process.execPath, ['--import', register, join(app, 'out', 'main', 'index.js'), ...args, ...more], {
      env: {
        ...{ PATH: process.env.PATH, HOME: standIn.home, TMPDIR: standIn.home },
        RAFT_LAB_DATA_DIR: dataFolder,
        RAFT_LAB_STAND_IN: JSON.stringify(standIn),
      },
      cwd: standIn.home,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
  const child = begin([]);
  const calls = new Map<number, (answer: { readonly value?: unknown; readonly error?: string }) => void>();
  const ended = endOf(child);
  child.on(
    'message',
    ({ id, ...answer }: { readonly id: number; readonly value?: unknown; readonly error?: string }) => {
      calls.get(id)?.(answer);
      calls.delete(id);
    },
  );
  void ended.then(({ code, signal }) => {
    for (const answer of calls.values()) answer({ error: `the program ended with ${signal ?? code}` });
    calls.clear();
  });
  let next = 1;
  return {
    pid: child.pid ?? 0,
    ended,
    main: (act, given) =>
      new Promise((resolve, reject) => {
        const id = next++;
        calls.set(id, ({ value, error }) => (error === undefined ? resolve(value as never) : reject(new Error(error))));
        if (child.connected) child.send({ id, source: String(act), given });
        else calls.get(id)?.({ error: 'the program has ended' });
      }),
    printed: printedBy(child),
    again: (more) => endOf(begin(more)),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
      // Its browser ends a moment later and writes into its folder until then.
      await until('the browser to be gone', () => processesOf(standIn.home).length === 0);
    },
  };
}

/** Longest start in milliseconds; the first start on a hosted machine is slow. */
const LAUNCH_LIMIT_MS = 120_000;

/** Starts the real Electron, or a packaged program. */
export async function startElectron(start: Start & { readonly program: WindowProgram }): Promise<WindowDriver> {
  const { file, args: own } = start.program;
  // The real start must not inherit the variables with which tests keep an import of electron from downloading.
  const { ELECTRON_OVERRIDE_DIST_PATH: _, ELECTRON_RUN_AS_NODE: __, ...rest } = process.env;
  const env = { ...rest, RAFT_LAB_DATA_DIR: start.dataFolder } as Record<string, string>;
  const args = [...own, ...(start.args ?? [])];
  const app = await _electron.launch({
    executablePath: file,
    args,
    // Otherwise Playwright adds `--no-sandbox`. `app.enableSandbox()` removes it again, and then the launch hangs.
    chromiumSandbox: true,
    timeout: LAUNCH_LIMIT_MS,
    env,
  });
  const child = app.process();
  const ended = endOf(child);
  // On Windows Playwright starts the program through a shell, so the child process is the shell.
  const pid = await app.evaluate(() => process.pid);
  return {
    pid,
    ended,
    main: (act, given) => app.evaluate(act as never, given),
    printed: printedBy(child),
    again: (more) => endOf(spawn(file, [...args, ...more], { env, stdio: 'ignore' })),
    kill: async () => {
      if (child.exitCode === null && child.signalCode === null) process.kill(pid, 'SIGKILL');
      await ended;
    },
  };
}

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
}

function printedBy(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
  }
  return () => text;
}
