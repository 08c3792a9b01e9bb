/**
 * Runs Electron on the built app until its window is closed, and distinguishes a closed window from one that never
 * opened.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/**
 * Signals with which Chromium ends when it cannot start: a library is missing, no sandbox is usable, or no display
 * answers.
 */
const NEVER_BEGAN = new Set(['SIGTRAP', 'SIGABRT', 'SIGSEGV', 'SIGILL', 'SIGBUS']);
/** The app's own exit code for a failed start. src/main/crash.ts has the same value, and a test compares them. */
const START_FAILED = 70;
const BEGINNING_MS = 15_000;

/**
 * How a window ended. `failed`: no window came up, and a sentence in the words files says why.
 *
 * @typedef {'windowNoSandbox' | 'windowStartFailed' | 'windowCrashed' | 'windowIncomplete' | 'windowNotStarted'} Failure
 * @typedef {{ code: number } | { failed: { key: Failure, params: Record<string, string | number> } }} WindowEnd
 */

/**
 * @param {string} binary
 * @param {string} root
 * @param {Record<string, string | undefined>} env
 * @param {string | null} file  absolute path of a file to begin with
 * @returns {Promise<WindowEnd>}
 */
export function runWindow(binary, root, env, file) {
  const began = performance.now();
  const args = file === null ? [root] : [root, file];
  const child = spawn(binary, args, { cwd: root, env: windowEnvironment(env, process.cwd()), stdio: 'inherit' });
  // Ignore Ctrl-C: the window is in the same process group and receives it directly.
  // A second SIGINT would kill the window instead of ending it in order.
  const ignore = () => undefined;
  /** @param {NodeJS.Signals} signal */
  const pass = (signal) => child.kill(signal);
  process.on('SIGINT', ignore);
  process.on('SIGTERM', pass);
  process.on('SIGHUP', pass);
  return new Promise((end) => {
    /** @param {WindowEnd} result */
    const done = (result) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', pass);
      process.off('SIGHUP', pass);
      end(result);
    };
    child.on('error', (problem) => done({ failed: { key: 'windowNotStarted', params: { reason: problem.message } } }));
    child.on('exit', (code, signal) => {
      const isEarly = performance.now() - began < BEGINNING_MS;
      done(judgeEnd(code, signal, isEarly));
    });
  });
}

/**
 * @param {Record<string, string | undefined>} env
 * @param {string} cwd  where the person started the lab; the window runs in the project's folder
 * @returns {Record<string, string | undefined>} environment of Electron
 */
export function windowEnvironment(env, cwd) {
  // Some editors' terminals set this variable; with it Electron runs as plain Node and opens no window.
  const { ELECTRON_RUN_AS_NODE: _, ...clean } = env;
  const folder = clean.RAFT_LAB_DATA_DIR;
  return folder ? { ...clean, RAFT_LAB_DATA_DIR: resolve(cwd, folder) } : clean;
}

/**
 * @param {number | null} code
 * @param {string | null} signal
 * @param {boolean} isEarly  true when it ended shortly after its start
 * @returns {WindowEnd}
 */
export function judgeEnd(code, signal, isEarly) {
  /** @type {(key: Failure, params?: Record<string, string | number>) => WindowEnd} */
  const failed = (key, params = {}) => ({ failed: { key, params } });
  // Chromium stops itself with SIGTRAP, mostly because no sandbox is usable.
  if (isEarly && signal === 'SIGTRAP') return failed('windowNoSandbox');
  if (isEarly && signal !== null && NEVER_BEGAN.has(signal)) return failed('windowCrashed', { how: signal });
  if (code === START_FAILED) return failed('windowStartFailed');
  // Windows ends a program that cannot start with a status above 255, for example 0xC0000135 for a missing library.
  if (isEarly && code !== null && code > 255) return failed('windowCrashed', { how: `0x${code.toString(16)}` });
  if (isEarly && code === 127) return failed('windowIncomplete');
  return { code: code ?? 1 };
}
