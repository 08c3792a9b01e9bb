/**
 * Finds the file with which a person started the window. On Linux and Windows argv holds it, after a double click or on a command
 * line; macOS sends `open-file` instead. Arguments of Electron and Chromium in argv are skipped.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Arguments of Electron's command line that are followed by a value. */
const WITH_VALUE = new Set(['-r', '--require']);

/**
 * @param launch.argv        argv of the process, beginning with the program
 * @param launch.isPackaged  false when argv names the app's folder before our arguments
 * @param launch.appFolder   the app's folder
 * @param launch.cwd         base of relative paths
 * @returns the absolute path of the first file, or null
 */
export function launchFile(launch: {
  readonly argv: readonly string[];
  readonly isPackaged: boolean;
  readonly appFolder: string;
  readonly cwd: string;
}): string | null {
  const { argv, isPackaged, appFolder, cwd } = launch;
  const names: string[] = [];
  for (let at = 1; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (WITH_VALUE.has(word)) at += 1;
    else if (!word.startsWith('-') && word !== '') names.push(pathOf(word, cwd));
  }
  if (isPackaged) return names[0] ?? null;
  const app = names.indexOf(resolve(appFolder));
  return app === -1 ? null : (names[app + 1] ?? null);
}

/** Path of an argument: file managers of Linux pass an address (`%U` of the desktop file), a command line passes a path. */
function pathOf(word: string, cwd: string): string {
  if (!word.startsWith('file://')) return resolve(cwd, word);
  try {
    return fileURLToPath(word);
  } catch {
    // An address of another machine, or not an address at all: reading the file reports that it is missing.
    return resolve(cwd, word);
  }
}
