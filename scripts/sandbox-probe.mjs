/**
 * Whether Electron's sandbox can work on this Linux, asked before anything is downloaded or started. Chromium confines
 * its renderers by user namespaces or, without them, by its setuid helper `chrome-sandbox`. Ubuntu 23.10 and later cut
 * user namespaces through AppArmor, and npm unpacks the helper without its rights: Chromium then aborts with SIGTRAP
 * (electron/electron#42510). A profile that grants `userns` to the binary, or the rights of the helper, mend that.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const APPARMOR_SWITCH = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns';
/** A switch of these that reads `0` forbids user namespaces to everybody but root. */
const NAMESPACE_SWITCHES = ['/proc/sys/kernel/unprivileged_userns_clone', '/proc/sys/user/max_user_namespaces'];
const PROFILES = '/etc/apparmor.d';

/**
 * Reads of the file system; a test gives stand-ins. Each returns null or [] for a path that cannot be read.
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
 *   window, there or not: profiles are attached to a path, and npm's program and the packaged one have different names
 * @returns {'becauseAppArmor' | 'becauseNoNamespaces' | null} key of a sentence in the words files; null: it can work
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
 * @param {string} text  a file of profiles
 * @returns {readonly string[]} paths in the heads of profiles (`profile NAME PATH flags=(…) {`); paths in their rules
 *   attach nothing
 */
function attachments(text) {
  const heads = [...text.matchAll(/^(.*?)\s\{(?=\s|$)/gm)].map((match) => match[1] ?? '');
  // A path with spaces stands in quotes.
  const words = heads.flatMap((head) =>
    [...head.matchAll(/"([^"]+)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? ''),
  );
  return words.filter((word) => /^[/@]/.test(word));
}

/**
 * Translates a pattern of AppArmor: `*` and `?` stay within a folder, `**` does not, `{a,b}` is one of them, `@{x}` is
 * any text.
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
    // Not there, or not ours to read: then it proves nothing.
    return otherwise;
  }
}
