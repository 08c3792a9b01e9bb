/** Opens an address in the person's browser with the platform's own command. */
import { spawn } from 'node:child_process';

/**
 * Milliseconds after which a running opener counts as successful. `xdg-open` and similar programs either start the
 * browser and end at once, or report an error.
 */
const LONG_ENOUGH_MS = 3000;

/**
 * @param {string} address
 * @param {{ platform: string, env: Record<string, string | undefined> }} machine
 * @returns {Promise<string | null>} null when the address was opened, otherwise the reason
 */
export async function openAddress(address, { platform, env }) {
  let reason = '';
  for (const [command, args] of openers(address, platform, env)) {
    const problem = await tryOpener(command, args, env);
    if (problem === null) return null;
    reason = problem;
  }
  return reason;
}

/**
 * @typedef {readonly [command: string, args: readonly string[]]} Opener
 *
 * @param {string} address
 * @param {string} platform
 * @param {Record<string, string | undefined>} env
 * @returns {readonly Opener[]} in the order in which they are tried
 */
function openers(address, platform, env) {
  if (platform === 'darwin') return [['open', [address]]];
  if (platform === 'win32') return [['cmd', ['/d', '/c', 'start', '', address]]];
  /** @type {readonly Opener[]} */
  const named = env.BROWSER && !env.BROWSER.includes(':') ? [[env.BROWSER, [address]]] : [];
  return [['xdg-open', [address]], ...named];
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<string | null>} null when the command opened the address, otherwise the reason
 */
function tryOpener(command, args, env) {
  return new Promise((resolve) => {
    // A process group of its own, so that Ctrl-C for the lab does not close the person's browser.
    const child = spawn(command, args, { env, stdio: 'ignore', detached: true });
    child.unref();
    const enough = setTimeout(() => resolve(null), LONG_ENOUGH_MS);
    child.on('error', (/** @type {NodeJS.ErrnoException} */ problem) => {
      clearTimeout(enough);
      resolve(`${command}: ${problem.code ?? problem.message}`);
    });
    child.on('exit', (code, signal) => {
      clearTimeout(enough);
      resolve(code === 0 ? null : `${command}: ${code ?? signal}`);
    });
  });
}
