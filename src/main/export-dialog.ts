/**
 * Exporting from the window: the system's dialog begins in the folder that was used last, and afterwards the file can be
 * shown there. The folder is kept in a file, for the next start. The page never names a path.
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
  /** Resolves with null without a dialog when the window is closed already: the system's dialogs refuse a destroyed window. */
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
    // Nothing was exported yet, the file is damaged, or the folder is gone: the downloads folder serves as well.
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
