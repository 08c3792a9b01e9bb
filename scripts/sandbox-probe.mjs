/**
 * Checks whether Electron's sandbox can work on this Linux, before anything is downloaded or started. Chromium isolates
 * its renderers with user namespaces or, without them, with its setuid helper `chrome-sandbox`. Ubuntu 23.10 and later
 * restrict user namespaces through AppArmor, and npm unpacks the helper without its rights. Chromium then aborts with
 * SIGTRAP (electron/electron#42510). Two things help: a profile that grants `userns` to the binary, or the rights of
 * the helper.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const APPARMOR_SWITCH = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns';
/** Kernel switches. The value `0` in one of these files forbids user namespaces to all users but root. */
const NAMESPACE_SWITCHES = ['/proc/sys/kernel/unprivileged_userns_clone', '/proc/sys/user/max_user_namespaces'];
const PROFILES = '/etc/apparmor.d';

/**
 * Reads of the file system; a test passes stand-ins. Each returns null or [] for a path that cannot be read.
 *
 * @typedef {{ read: (path: string) => string | null, names: (folder: string) => readonly string[],
 *   owner: (path: string) => { uid: number, mode: number } | null }} Files
 */

/** @type {Files} */
const REAL_FILES = {
  read: (path) => orElse(null, () => readFileSync(path, 'utf8')),
  names: (folder) => orElse([], () => readdirSync(folder)),
  owner: (path) => orElse(null, () => statSync(path)),
};

/**
 * @param {{ platform: string, binary: string, files?: Files }} machine  `binary`: path of the program that opens the
 *   window, which need not exist yet. A profile applies to a path, and npm's program and the packaged one have
 *   different names.
 * @returns {'becauseAppArmor' | 'becauseNoNamespaces' | null} key of a sentence in the words files; null when the
 *   sandbox can work
 */
export function sandboxProblem({ platform, binary, files = REAL_FILES }) {
  if (platform !== 'linux') return null;
  /** @param {string} path @param {string} value */
  const reads = (path, value) => files.read(path)?.trim() === value;
  const isOff = NAMESPACE_SWITCHES.some((path) => reads(path, '0'));
  const isCut = reads(APPARMOR_SWITCH, '1') && !hasProfile(binary, files);
  if (!isOff && !isCut) return null;
  if (hasSetuidHelper(join(dirname(binary), 'chrome-sandbox'), files)) return null;
  return isOff ? 'becauseNoNamespaces' : 'becauseAppArmor';
}

/**
 * Chromium accepts the helper only when root owns it and its mode is exactly 4755.
 *
 * @param {string} path
 * @param {Files} files
 */
function hasSetuidHelper(path, files) {
  const owner = files.owner(path);
  return owner !== null && owner.uid === 0 && (owner.mode & 0o7777) === 0o4755;
}

/**
 * @param {string} binary
 * @param {Files} files
 * @returns {boolean} true when a profile is attached to this binary and grants it user namespaces
 */
function hasProfile(binary, files) {
  return files.names(PROFILES).some((name) => {
    const text = (files.read(join(PROFILES, name)) ?? '').replace(/^\s*#.*$/gm, '');
    if (!/(^|[\s{,])userns\b/.test(text)) return false;
    return attachments(text).some((glob) => globToRegExp(glob).test(binary));
  });
}

/**
 * @param {string} text  content of a file with profiles
 * @returns {readonly string[]} paths in the heads of profiles (`profile NAME PATH flags=(…) {`); paths in their rules
 *   are left out
 */
function attachments(text) {
  const heads = [...text.matchAll(/^(.*?)\s\{(?=\s|$)/gm)].map((match) => match[1] ?? '');
  // A path with spaces is in quotes.
  const words = heads.flatMap((head) =>
    [...head.matchAll(/"([^"]+)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? ''),
  );
  return words.filter((word) => /^[/@]/.test(word));
}

/**
 * Translates a pattern of AppArmor. `*` and `?` match within a folder, `**` matches across folders, `{a,b}` matches one
 * of the two, and `@{x}` matches any text.
 *
 * @param {string} glob
 */
function globToRegExp(glob) {
  const parts = glob.match(/@\{\w+\}|\*\*|[*?{},]|[^@*?{},]+|@/g) ?? [];
  const source = parts.map((part) => GLOB[part] ?? (/^@\{/.test(part) ? '.*' : quoted(part)));
  return new RegExp(`^${source.join('')}$`);
}

/** @type {Record<string, string>} */
const GLOB = { '**': '.*', '*': '[^/]*', '?': '[^/]', '{': '(?:', '}': ')', ',': '|' };

/** @param {string} text */
function quoted(text) {
  return text.replace(/[.+^$()|[\]\\]/g, '\\$&');
}

/**
 * @template Value
 * @param {Value} otherwise
 * @param {() => Value} act
 * @returns {Value}
 */
function orElse(otherwise, act) {
  try {
    return act();
  } catch {
    // A path that is missing or cannot be read proves nothing.
    return otherwise;
  }
}
