/**
 * How one of our programs is started as a Node program: by the Node that runs the lab, or by Electron's own
 * executable told to be Node. Nothing of the lab's environment is inherited but a short list of names: NODE_ENV
 * would make lowdb's presets forget to write, NODE_OPTIONS could open a debugger, ELECTRON_* changes what runs.
 */

import { join } from 'node:path';
import type { ProgramFiles } from './program-files.ts';

/** Names a program needs to find Node's libraries, its folders and its language; everything else is left out. */
const ALLOWED = [
  'PATH',
  'LANG',
  ...['HOME', 'TMPDIR', 'TEMP', 'TMP', 'USERPROFILE', 'SystemRoot'],
  // Where conda's and a module's Node have the libraries they are linked with.
  ...['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'DYLD_FALLBACK_LIBRARY_PATH'],
] as const;

/** The allow-listed part of the lab's own environment. */
export function programEnvironment(): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of ALLOWED) {
    const value = process.env[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

/**
 * The command that runs `entry` as a Node program.
 *
 * @param entry      the built program
 * @param words      its own arguments; readable by every user of the machine, so never a secret
 */
export function nodeCommand(
  entry: string,
  words: readonly string[],
): { readonly file: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  const inElectron = process.versions.electron !== undefined;
  // Electron names a program for this: on macOS a helper that shows no icon in the Dock, elsewhere itself.
  const helper = (process as { readonly helperExecPath?: string }).helperExecPath;
  return {
    file: (inElectron ? helper : undefined) ?? process.execPath,
    args: [entry, ...words],
    env: inElectron ? { ELECTRON_RUN_AS_NODE: '1' } : {},
  };
}

/**
 * The built programs, which lie side by side in one folder, and the scenarios that come with them.
 *
 * @param folder  the folder of the built bundle that asks, `import.meta.dirname` there
 */
export function programFiles(folder: string): Required<ProgramFiles> {
  return {
    peer: join(folder, 'peer.mjs'),
    network: join(folder, 'network.mjs'),
    reaper: join(folder, 'reaper.mjs'),
    scenarios: join(folder, '..', '..', 'resources', 'scenarios'),
  };
}
