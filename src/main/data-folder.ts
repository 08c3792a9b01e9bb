/**
 * The window's folders. The window uses the data folder of all doors; Chromium's files have a folder of their own inside it.
 * Recordings that earlier versions kept elsewhere are moved into the data folder, and a box reports it once.
 */
import { join } from 'node:path';
import type { App, BrowserWindow, Dialog } from 'electron';
import type { Language } from '../core/lab-api/index.ts';
import {
  bringEarlierRuns,
  type DataFolders,
  dataFolders,
  earlierRunsSentences,
  type Machine,
  makeFolderSync,
  thisMachine,
} from '../lab/index.ts';
import { TRANSLATIONS } from '../translations/index.ts';

/** Folder of Chromium's cache, cookies and storage, apart from the recordings. */
const SESSION_FOLDER = 'window';

/**
 * Sets the folders. Call this before the instance lock is taken, since each data folder has its own lock.
 *
 * @throws Error with a sentence when no folder is known, or the file system's error when it cannot be made
 */
export function placeData(app: Pick<App, 'setPath'>, { env, home }: Pick<Machine, 'env' | 'home'>): DataFolders {
  const folders = dataFolders({ ...thisMachine(), env, home });
  const session = join(folders.folder, SESSION_FOLDER);
  makeFolderSync(session);
  app.setPath('userData', folders.folder);
  app.setPath('sessionData', session);
  return folders;
}

/** Moves recordings of earlier versions. @returns a function that shows their new place once the window is visible */
export async function bringRuns(
  folders: DataFolders,
): Promise<(dialog: Pick<Dialog, 'showMessageBox'>, window: BrowserWindow, language: Language) => void> {
  const brought = await bringEarlierRuns(folders);
  return (dialog, window, language) => {
    if (brought.length === 0) return;
    const [message = '', ...more] = earlierRunsSentences(brought, TRANSLATIONS[language].earlierRuns);
    const show = (): void =>
      void dialog
        .showMessageBox(window, { type: 'info', message, detail: more.join('\n\n') })
        .catch((problem: unknown) => console.error(`${message} (${String(problem)})`));
    // On macOS the box is part of the window, so it is visible only once the window is.
    window.once('show', show);
  };
}
