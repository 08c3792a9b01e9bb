#!/usr/bin/env node
/**
 * Collects the licences of the npm packages that may be inside the built programs and the page. Downloaded packages
 * contain this text. `node scripts/package-notices.mjs` writes resources/packaging/THIRD-PARTY-NOTICES.txt; commit the
 * result.
 *
 * Flow: package-lock.json → its runtime packages → their licence files in node_modules → one text. Electron's own
 * licence and Chromium's are not in the text: electron-builder puts them beside the program.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMain } from './is-main.mjs';

/** Path of the text from the repository's top. */
export const NOTICES = join('resources', 'packaging', 'THIRD-PARTY-NOTICES.txt');

const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i;

const HEAD = `Third-party notices of Raft Lab

Raft Lab contains code of the npm packages below, each under the licence that stands with it.
Electron, Chromium and Node.js have notices of their own: LICENSE.electron.txt and LICENSES.chromium.html.
`;

/**
 * Returns the packages that the running programs need, as the lockfile marks them: not those for development, optional
 * ones or types.
 *
 * @param {{ packages: Record<string, { version?: string, license?: string, dev?: boolean, devOptional?: boolean,
 *   optional?: boolean, peer?: boolean }> }} lock
 * @returns {readonly { path: string, name: string, version: string, license: string }[]} sorted by name
 * @throws Error when a package states no licence
 */
export function runtimePackages(lock) {
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional, optional, peer }]) => path !== '' && !dev && !devOptional && !optional && !peer)
    .map(([path, { version, license }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      if (version === undefined || license === undefined) throw new Error(`${path} states no version or no licence`);
      return { path, name, version, license };
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/**
 * @param {string} root  the repository's top, with its packages installed
 * @returns {string} the whole text of the notices
 */
export function noticesOf(root) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const packages = runtimePackages(lock);
  return [HEAD, ...packages.map((one) => noticeOf(one, licenceTexts(join(root, one.path))))].join(
    `\n${'-'.repeat(80)}\n\n`,
  );
}

/**
 * Returns one package's notice. For a package without a licence file it names the licence and the author.
 *
 * @param {{ name: string, version: string, license: string }} about
 * @param {{ texts: readonly string[], author: string }} found
 */
function noticeOf({ name, version, license }, { texts, author }) {
  const body =
    texts.length > 0 ? texts : [`Published under the ${license} licence${author === '' ? '' : ` by ${author}`}.\n`];
  return `${name} ${version}\nLicence: ${license}\n\n${body.join('\n')}`;
}

/**
 * @param {string} folder  folder of an installed package
 * @returns {{ texts: readonly string[], author: string }} `author`: '' when the package names no author
 * @throws Error when the package is not installed
 */
function licenceTexts(folder) {
  if (!existsSync(folder)) throw new Error(`${folder} is not installed: run npm ci`);
  const names = readdirSync(folder).filter((name) => LICENCE_FILE.test(name));
  const texts = names.sort().map((name) => tidy(readFileSync(join(folder, name), 'utf8')));
  const { author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { texts, author: typeof author === 'string' ? author : (author?.name ?? '') };
}

/**
 * Makes line ends equal and removes trailing spaces, so that the file is the same on every system.
 *
 * @param {string} text
 */
function tidy(text) {
  return `${text
    .replaceAll('\r\n', '\n')
    .replace(/[ \t]+$/gm, '')
    .trim()}\n`;
}

if (isMain(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  writeFileSync(join(root, NOTICES), noticesOf(root));
  console.log(`${NOTICES} is written.`);
}
