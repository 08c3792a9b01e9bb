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
      const isSame = one.integrity === undefined || other.integrity === one.integrity;
      return isSame && other.version === one.version && existsSync(join(root, folder));
    });
  } catch {
    // A list that cannot be read is no proof of anything: install anew.
    return false;
  }
}

const QUIET = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Installs what package-lock.json says, development packages included. `npm ci` is strict about the lock: another
 * version of npm may find it incomplete (packages for other systems, mostly) and refuse, with EUSAGE and before it
 * touched anything. Then `npm install --no-save` takes the lock as it is and leaves it as it is.
 *
 * @param {string} root
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<number>} npm's exit code
 */
export async function install(root, env) {
  const strict = await runNpm(['ci', ...QUIET], root, env);
  if (strict.code === 0 || !strict.complaint.includes('EUSAGE')) {
    process.stderr.write(strict.complaint);
    return strict.code;
  }
  const lenient = await runNpm(['install', '--no-save', ...QUIET], root, env);
  process.stderr.write(lenient.complaint);
  return lenient.code;
}

/**
 * Runs npm and keeps its stderr instead of showing it.
 *
 * @param {readonly string[]} args
 * @param {string} root
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<{ code: number, complaint: string }>} `complaint`: the end of its stderr
 */
function runNpm(args, root, env) {
  // Started by npm, its own file is known; otherwise the one on the PATH, which is a script on Windows.
  const npm = env.npm_execpath;
  const isFile = npm?.endsWith('.js');
  const command = isFile ? process.execPath : 'npm';
  const child = spawn(command, npm !== undefined && isFile ? [npm, ...args] : args, {
    cwd: root,
    env: { ...env, npm_config_yes: 'true' },
    // No stdin: nothing can ask.
    stdio: ['ignore', 2, 'pipe'],
    shell: command === 'npm' && process.platform === 'win32',
  });
  let complaint = '';
  child.stderr?.on('data', (chunk) => {
    complaint = (complaint + chunk).slice(-20_000);
  });
  return new Promise((resolve) => {
    child.on('error', (problem) => resolve({ code: 127, complaint: `${problem.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 1, complaint }));
  });
}
