/** Runs Electron on the built app until its window is closed, and tells a window that closed from one that never was. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** How Chromium ends when it cannot even begin: a missing library, no usable sandbox, no display that answers. */
const NEVER_BEGAN = new Set(['SIGTRAP', 'SIGABRT', 'SIGSEGV', 'SIGILL', 'SIGBUS']);
/** The app's own exit code for a start that failed; src/main/crash.ts has the same, and a test compares them. */
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
  // A Ctrl-C reaches the window by itself, it is in the same group; given twice it would not end in order.
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
 * @returns {Record<string, string | undefined>} what Electron gets
 */
export function windowEnvironment(env, cwd) {
  // Some editors' terminals set this; with it Electron is a plain Node and opens nothing.
  const { ELECTRON_RUN_AS_NODE: _, ...clean } = env;
  const folder = clean.RAFT_LAB_DATA_DIR;
  return folder ? { ...clean, RAFT_LAB_DATA_DIR: resolve(cwd, folder) } : clean;
}

/**
 * @param {number | null} code
 * @param {string | null} signal
 * @param {boolean} isEarly  it ended before a window can have been up for long
 * @returns {WindowEnd}
 */
export function judgeEnd(code, signal, isEarly) {
  /** @type {(key: Failure, params?: Record<string, string | number>) => WindowEnd} */
  const failed = (key, params = {}) => ({ failed: { key, params } });
  // Chromium stops itself with SIGTRAP, mostly because it finds no usable sandbox.
  if (isEarly && signal === 'SIGTRAP') return failed('windowNoSandbox');
  if (isEarly && signal !== null && NEVER_BEGAN.has(signal)) return failed('windowCrashed', { how: signal });
  if (code === START_FAILED) return failed('windowStartFailed');
  // Windows ends a program that cannot begin with a status above 255, 0xC0000135 for a missing library, say.
  if (isEarly && code !== null && code > 255) return failed('windowCrashed', { how: `0x${code.toString(16)}` });
  if (isEarly && code === 127) return failed('windowIncomplete');
  return { code: code ?? 1 };
}
