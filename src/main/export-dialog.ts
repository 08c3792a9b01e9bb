/**
 * Exports from the window through the system's dialog. The dialog begins in the folder of the last export, which a file keeps for
 * the next start. The exported file can be shown in its folder. The page never names a path.
 */
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { App, BrowserWindow, Dialog, Shell } from 'electron';
import type { LabResult } from '../core/lab-api/index.ts';
import { EXPORT_FORMATS, EXPORTS, type Lab, makeFolderSync } from '../lab/index.ts';
import type { Translations } from '../translations/index.ts';
import { exportRun } from './export-run.ts';

const FILE = 'export-folder.json';

interface ExportParts {
  readonly app: Pick<App, 'getPath'>;
  readonly dialog: Pick<Dialog, 'showSaveDialog'>;
  readonly shell: Pick<Shell, 'showItemInFolder'>;
  readonly lab: Pick<Lab, 'exportRun'>;
  readonly window: BrowserWindow;
  readonly texts: () => Translations['menu'];
}

export interface Exports {
  /** Asks for a place, and saves the open run there. Never rejects. */
  save(): Promise<LabResult<{ readonly savedAs: string | null }>>;
  /** Shows the file that was saved last in the system's file manager; does nothing before the first. */
  show(): void;
}

export function createExports({ app, dialog, shell, lab, window, texts }: ExportParts): Exports {
  const settings = join(app.getPath('userData'), FILE);
  let last: string | null = null;
  /** Asks for a path. Resolves with null, without a dialog, when the window is closed: Electron refuses a destroyed window. */
  const choosePath = async (name: string): Promise<string | null> => {
    if (window.isDestroyed()) return null;
    const answer = await dialog.showSaveDialog(window, {
      title: texts().exportTitle,
      defaultPath: join(lastFolder(settings) ?? app.getPath('downloads'), name),
      filters: EXPORT_FORMATS.map((format) => ({
        name: EXPORTS[format].title,
        extensions: [EXPORTS[format].extension],
      })),
    });
    return answer.canceled || answer.filePath === '' ? null : answer.filePath;
  };
  return {
    async save() {
      const result = await exportRun(lab, choosePath);
      if (result.ok && result.value.savedAs !== null) {
        last = result.value.savedAs;
        rememberFolder(settings, dirname(last));
      }
      return result;
    },
    show() {
      if (last !== null) shell.showItemInFolder(last);
    },
  };
}

/** The folder of the last export, if it still exists. */
function lastFolder(settings: string): string | null {
  try {
    const { folder } = JSON.parse(readFileSync(settings, 'utf8')) as { readonly folder?: unknown };
    return typeof folder === 'string' && isAbsolute(folder) && statSync(folder).isDirectory() ? folder : null;
  } catch {
    // Without an earlier export, a readable file and an existing folder, the dialog begins in the downloads folder.
    return null;
  }
}

function rememberFolder(settings: string, folder: string): void {
  try {
    makeFolderSync(dirname(settings));
    writeFileSync(`${settings}.part`, JSON.stringify({ folder }), { mode: 0o600 });
    renameSync(`${settings}.part`, settings);
  } catch (problem) {
    console.error(`The folder of the export is not remembered: ${String(problem)}`);
  }
}
