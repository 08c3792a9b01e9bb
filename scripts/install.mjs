/** Whether the packages are there, and putting them there: `npm ci`, never asking, only when needed. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Compares package-lock.json with the list npm keeps of what it installed. npm writes that list when it is done, so
 * an install that was broken off does not count; neither does one of an older lock, nor a package somebody removed.
 *
 * @param {string} root
 * @returns {boolean}
 */
export function isInstalled(root) {
  const done = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(done)) return false;
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const found = JSON.parse(readFileSync(done, 'utf8')).packages;
    return Object.entries(wanted).every(([folder, one]) => {
      if (folder === '') return true;
      const other = found[folder];
      // npm leaves out what is for other platforms.
      if (other === undefined) return one.optional === true;
      return other.version === one.version && other.integrity === one.integrity && existsSync(join(root, folder));
    });
  } catch {
    // A list that cannot be read is no proof of anything: install anew.
    return false;
  }
}

/**
 * Installs exactly what package-lock.json says, development packages included.
 *
 * @param {string} root
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<number>} npm's exit code
 */
export function install(root, env) {
  const words = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  // Started by npm, its own file is known; otherwise the one on the PATH, which is a script on Windows.
  const npm = env.npm_execpath;
  const isWindows = process.platform === 'win32';
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm, ...words]] : ['npm', words];
  const child = spawn(command, args, {
    cwd: root,
    env: { ...env, npm_config_yes: 'true' },
    // No stdin: nothing can ask.
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: command === 'npm' && isWindows,
  });
  return new Promise((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', (code) => resolve(code ?? 1));
  });
}
