#!/usr/bin/env node
/**
 * Runs one built program in this process, on a fresh clone too: `node scripts/run.mjs soak --minutes 1`. Sets up and
 * builds first when that is needed; its own lines go to stderr.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isNodeNewEnough, WANTED_NODE } from './node-version.mjs';
import { createWords } from './words.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { env } = process;
const words = createWords(root, env);
const [program = '', ...args] = process.argv.slice(2);

if (!isNodeNewEnough(process.versions.node)) {
  console.error(words('nodeTooOld', { wanted: WANTED_NODE, found: process.versions.node }));
  process.exit(2);
}

const { install, isInstalled } = await import('./install.mjs');
const { build, isBuilt } = await import('./build.mjs');

if (!isInstalled(root)) {
  console.error(words('installing'));
  const code = await install(root, env);
  if (code !== 0) {
    console.error(words('installFailed', { code }));
    process.exit(2);
  }
}
if (!isBuilt(root)) {
  console.error(words('building'));
  if (!(await build(root, { env }))) {
    console.error(words('buildFailed'));
    process.exit(2);
  }
}
const entry = join(root, 'out', 'main', `${program}.js`);
process.argv = [process.execPath, entry, ...args];
await import(pathToFileURL(entry).href);
