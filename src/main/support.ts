/**
 * Actions of the settings page, Help and About in the window: change settings, choose and open folders, copy the diagnostic
 * report. The page names one of `SETTINGS_ACTS` and never a path; the system's dialog chooses a folder.
 */

import type * as Electron from 'electron';
import {
  type LabError,
  type LabResult,
  parseSettingsChange,
  SETTINGS_ACTS,
  type SettingsAct,
  type SettingsState,
} from '../core/lab-api/index.ts';
import { labError } from '../core/lab-api/lab-problem.ts';
import { recordingsFolder } from '../lab/index.ts';
import { languageFor, TRANSLATIONS, type Translations } from '../translations/index.ts';
import { type Folders, isFolderFixed } from './foundation.ts';
import type { Log } from './log-file.ts';
import { diagnosticReport } from './report.ts';
import type { SettingsKeeper } from './settings.ts';
import type { SupportActions } from './support-menu.ts';
import { resetWindow } from './window.ts';

type Parts = Pick<typeof Electron, 'app' | 'BrowserWindow' | 'clipboard' | 'dialog' | 'screen' | 'shell'>;

interface SupportParts {
  readonly electron: Parts;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly window: Electron.BrowserWindow;
  readonly language: () => 'en' | 'zh-CN';
  readonly settings: SettingsKeeper;
  readonly folders: Folders;
  readonly isAccelerated: boolean;
  readonly log: Log;
}

/** The window's answers to the settings page. Values are checked here, since they come from a page. */
export interface Support {
  state(): SettingsState;
  change(value: unknown): LabResult<SettingsState>;
  act(act: unknown): Promise<LabResult<SettingsState>>;
  /** The same for the menu. */
  readonly menu: SupportActions & { readonly openDataFolder: () => void };
}

export function createSupport(parts: SupportParts): Support {
  const { electron, env, settings, folders, log, window } = parts;
  const texts = (): Translations['menu'] => TRANSLATIONS[parts.language()].menu;
  const state = (): SettingsState => ({
    settings: settings.current,
    dataFolder: folders.current,
    nextDataFolder: nextFolder(parts),
    unusableFolder: folders.unusable,
    isFolderFixed: isFolderFixed(env),
    isAccelerated: parts.isAccelerated,
    systemLanguage: languageFor(electron.app.getPreferredSystemLanguages()),
  });
  const answer = (result: LabResult<null>): LabResult<SettingsState> =>
    result.ok ? { ok: true, value: state() } : result;
  const copyReport = async (): Promise<LabResult<null>> => {
    electron.clipboard.writeText(await reportOf(parts));
    return DONE;
  };
  /** Copies the report and shows the result in a box, since the menu has no other place for it. */
  const copyReportFromMenu = async (): Promise<void> => {
    await copyReport();
    if (window.isDestroyed()) return;
    const { reportCopied: message, reportDetail: detail } = texts();
    await electron.dialog.showMessageBox(window, { type: 'info', message, detail });
  };
  const acts: Readonly<Record<SettingsAct, () => Promise<LabResult<null>>>> = {
    'open-data-folder': () => open(electron.shell, folders.current),
    'open-logs': () => open(electron.shell, log.folder),
    'choose-data-folder': () => chooseFolder(parts, texts().chooseFolder),
    'use-usual-data-folder': async () => settings.change({ dataFolder: null }),
    'copy-report': copyReport,
  };
  return {
    state,
    change(value) {
      const change = parseSettingsChange(value);
      return change === null ? badRequest('not a change of the settings') : answer(settings.change(change));
    },
    async act(act) {
      const known = SETTINGS_ACTS.find((one) => one === act);
      return known === undefined ? badRequest('not an act of the settings page') : answer(await acts[known]());
    },
    menu: {
      openLogs: () => void acts['open-logs']().catch(report),
      openDataFolder: () => void acts['open-data-folder']().catch(report),
      copyReport: () => void copyReportFromMenu().catch(report),
      resetWindow: () => resetWindow(electron, window),
    },
  };
}

const DONE: LabResult<null> = { ok: true, value: null };

function report(problem: unknown): void {
  console.error(`A menu item failed: ${String(problem)}`);
}

function nextFolder({ env, folders, settings }: SupportParts): string {
  return isFolderFixed(env) ? folders.current : (settings.current.dataFolder ?? folders.usual);
}

async function reportOf(parts: SupportParts): Promise<string> {
  const { electron, env, platform, window, settings, log } = parts;
  return await diagnosticReport({
    app: electron.app,
    screen: electron.screen,
    window,
    env,
    platform,
    log,
    language: parts.language(),
    settings: settings.current,
    dataFolder: parts.folders.current,
    isAccelerated: parts.isAccelerated,
  });
}

async function open(shell: Parts['shell'], folder: string): Promise<LabResult<null>> {
  const problem = await shell.openPath(folder);
  if (problem === '') return DONE;
  const error = labError('cannot-open', { path: folder, problem });
  console.error(error.message);
  return { ok: false, error };
}

/** Asks for a data folder. A folder that is not writable is refused now, not at the next start. */
async function chooseFolder(parts: SupportParts, title: string): Promise<LabResult<null>> {
  const { electron, settings, folders, window } = parts;
  if (window.isDestroyed() || isFolderFixed(parts.env)) return DONE;
  const answer = await electron.dialog.showOpenDialog(window, {
    title,
    defaultPath: nextFolder(parts),
    properties: ['openDirectory', 'createDirectory'],
  });
  const [chosen] = answer.filePaths;
  if (answer.canceled || chosen === undefined) return DONE;
  const { unusable } = recordingsFolder(folders.usual, chosen, 'write');
  if (unusable !== null) return { ok: false, error: labError('cannot-write', { ...unusable }) };
  return settings.change({ dataFolder: chosen === folders.usual ? null : chosen });
}

function badRequest(detail: string): { readonly ok: false; readonly error: LabError } {
  return { ok: false, error: labError('bad-request', { detail }) };
}
