/**
 * The window's folders: the data folder of all doors, with Chromium's files in a folder of their own inside it. Recordings that
 * earlier versions kept elsewhere are moved there, and a box reports it once.
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
 * Sets the folders; to be called before the instance lock is taken, since that is one for each data folder.
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

/** Moves recordings of earlier versions. @returns shows the person where they are now, as soon as the window is seen */
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
    // On macOS the box is part of its window, so it would not be seen before.
    window.once('show', show);
  };
}
