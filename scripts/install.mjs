/** Checks whether the packages are installed, and installs them with `npm ci`, without questions, only when needed. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Compares package-lock.json with npm's own list of the installed packages. npm writes that list at the end, so an
 * interrupted install does not count. An install of an older lock, or with a deleted package, does not count either.
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
      // npm leaves out packages for other platforms.
      if (other === undefined) return one.optional === true;
      const isSame = one.integrity === undefined || other.integrity === one.integrity;
      return isSame && other.version === one.version && existsSync(join(root, folder));
    });
  } catch {
    // An unreadable list proves nothing, so install again.
    return false;
  }
}

const QUIET = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Installs the packages of package-lock.json, including those for development. `npm ci` is strict: another version of
 * npm may find the lock incomplete, mostly because of packages for other systems. It then fails with EUSAGE before it
 * changes anything. In that case `npm install --no-save` installs by the same lock without changing it.
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
 * Runs npm and collects its stderr instead of showing it.
 *
 * @param {readonly string[]} args
 * @param {string} root
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<{ code: number, complaint: string }>} `complaint`: the end of its stderr
 */
function runNpm(args, root, env) {
  // A script that npm started knows npm's file; otherwise use the npm on the PATH, which is a script on Windows.
  const npm = env.npm_execpath;
  const isFile = npm?.endsWith('.js');
  const command = isFile ? process.execPath : 'npm';
  const child = spawn(command, npm !== undefined && isFile ? [npm, ...args] : args, {
    cwd: root,
    env: { ...env, npm_config_yes: 'true' },
    // Without stdin npm cannot ask a question.
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
