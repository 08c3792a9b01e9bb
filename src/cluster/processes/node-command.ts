/**
 * The command that starts one of our programs in Node: either the Node that runs the lab, or Electron's executable in
 * its Node mode. Only a short list of the lab's environment variables is passed on, because others change how the
 * program runs: NODE_ENV makes lowdb's presets stop writing, NODE_OPTIONS can open a debugger, ELECTRON_* changes what
 * runs.
 */

import { join } from 'node:path';
import type { ProgramFiles } from './program-files.ts';

/** Variables that a program needs to find Node's libraries, its folders and its language; all others are left out. */
const ALLOWED = [
  'PATH',
  'LANG',
  ...['HOME', 'TMPDIR', 'TEMP', 'TMP', 'USERPROFILE', 'SystemRoot'],
  // Conda and environment modules set these to the libraries that Node is linked with.
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
 * Returns the command that runs `entry` in Node.
 *
 * @param entry      the built program
 * @param args       its arguments. Every user of the machine can read them, so they hold no secret
 */
export function nodeCommand(
  entry: string,
  args: readonly string[],
): { readonly file: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  const inElectron = process.versions.electron !== undefined;
  // Electron sets this to the executable to use: on macOS a helper without an icon in the Dock, elsewhere itself.
  const helper = (process as { readonly helperExecPath?: string }).helperExecPath;
  return {
    file: (inElectron ? helper : undefined) ?? process.execPath,
    args: [entry, ...args],
    env: inElectron ? { ELECTRON_RUN_AS_NODE: '1' } : {},
  };
}

/**
 * Returns the paths of the built programs, which are all in one folder, and of the scenarios that come with them.
 *
 * @param folder  folder of the calling bundle, its `import.meta.dirname`
 */
export function programFiles(folder: string): Required<ProgramFiles> {
  return {
    peer: join(folder, 'peer.mjs'),
    network: join(folder, 'network.mjs'),
    reaper: join(folder, 'reaper.mjs'),
    scenarios: join(folder, '..', '..', 'resources', 'scenarios'),
  };
}
