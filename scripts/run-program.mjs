/** Runs one built program in this process, even in a fresh clone: installs and builds first when that is needed. */
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isNodeNewEnough, WANTED_NODE } from './node-version.mjs';
import { createWords } from './words.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Runs the program. Its own lines go to stderr. When it cannot install or build, the process ends with 3.
 *
 * @param {string} program  a name in `out/main`, without `.js`
 * @param {readonly string[]} args
 */
export async function runProgram(program, args) {
  const { env } = process;
  const words = createWords(root, env);
  /** @param {string} line */
  const stop = (line) => {
    console.error(line);
    process.exit(3);
  };
  if (!isNodeNewEnough(process.versions.node)) {
    stop(words('nodeTooOld', { wanted: WANTED_NODE, found: process.versions.node }));
  }
  // Import only after the version check: an old Node cannot parse these modules.
  const { build, isBuilt } = await import('./build.mjs');
  const { install, isInstalled } = await import('./install.mjs');
  if (!isInstalled(root)) {
    console.error(words('installing'));
    const code = await install(root, env);
    if (code !== 0) stop(words('installFailed', { code }));
  }
  if (!isBuilt(root)) {
    console.error(words('building'));
    if (!(await build(root, { env }))) stop(words('buildFailed'));
  }
  const entry = join(root, 'out', 'main', `${program}.js`);
  process.argv = [process.execPath, entry, ...args];
  await import(pathToFileURL(entry).href);
}
