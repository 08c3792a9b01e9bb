/** Runs Electron on the built app until its window is closed, and tells a window that closed from one that never was. */
import { spawn } from 'node:child_process';

/** How Chromium ends when it cannot even begin: a missing library, no usable sandbox, no display that answers. */
const NEVER_BEGAN = new Set(['SIGTRAP', 'SIGABRT', 'SIGSEGV', 'SIGILL', 'SIGBUS']);
const BEGINNING_MS = 15_000;

/**
 * @param {string} binary
 * @param {string} root
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<{ code: number } | { failed: string }>} `failed`: why no window came up
 */
export function runWindow(binary, root, env) {
  // Some editors' terminals set this; with it Electron is a plain Node and opens nothing.
  const { ELECTRON_RUN_AS_NODE: _, ...clean } = env;
  const began = performance.now();
  const child = spawn(binary, [root], { cwd: root, env: clean, stdio: 'inherit' });
  // A Ctrl-C reaches the window by itself, it is in the same group; given twice it would not end in order.
  const ignore = () => undefined;
  const pass = (signal) => child.kill(signal);
  process.on('SIGINT', ignore);
  process.on('SIGTERM', pass);
  process.on('SIGHUP', pass);
  return new Promise((resolve) => {
    const done = (result) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', pass);
      process.off('SIGHUP', pass);
      resolve(result);
    };
    child.on('error', (problem) => done({ failed: problem.message }));
    child.on('exit', (code, signal) => {
      const early = performance.now() - began < BEGINNING_MS;
      if (early && (code === 127 || (signal !== null && NEVER_BEGAN.has(signal))))
        done({ failed: signal ?? 'exit 127' });
      else done({ code: code ?? 1 });
    });
  });
}
