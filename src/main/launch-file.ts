/**
 * The file a person started the window with: a double click or a command line gives it in argv (Linux, Windows); macOS
 * sends `open-file` instead. argv also holds Electron's and Chromium's own arguments, which are skipped here.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Arguments of Electron's command line that are followed by a value. */
const WITH_VALUE = new Set(['-r', '--require']);

/**
 * @param launch.argv        of the process, the program first
 * @param launch.isPackaged  otherwise argv has the app's folder first, and our arguments follow it
 * @param launch.appFolder   that folder
 * @param launch.cwd         relative paths count from here
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

/** File managers of Linux give an address (`%U` of the desktop file), a command line gives a path. */
function pathOf(word: string, cwd: string): string {
  if (!word.startsWith('file://')) return resolve(cwd, word);
  try {
    return fileURLToPath(word);
  } catch {
    // Another machine's file, or no address after all: reading it will say that it is not there.
    return resolve(cwd, word);
  }
}
