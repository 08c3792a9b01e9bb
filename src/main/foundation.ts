/**
 * Parts that exist before Electron is ready and before there is a lab: the log, the settings, and the folder of the recordings.
 */
import type { App } from 'electron';
import { recordingsFolder, type UnusableFolder, unusableFolderSentence } from '../lab/index.ts';
import { TRANSLATIONS } from '../translations/index.ts';
import { startLog } from './app-log.ts';
import type { ConsoleParts, Log } from './log-file.ts';
import { openSettings, type SettingsKeeper } from './settings.ts';

export interface Foundation {
  readonly log: Log;
  readonly settings: SettingsKeeper;
  /** Whether the window draws with the graphics card. */
  readonly isAccelerated: boolean;
  readonly folders: Folders;
}

/** The folders of the recordings. */
export interface Folders {
  /** The folder that this start uses. */
  readonly current: string;
  /** The folder without a choice in the settings. */
  readonly usual: string;
  /** The chosen folder, when this start cannot use it. */
  readonly unusable: UnusableFolder | null;
}

/** True when `RAFT_LAB_DATA_DIR` decides the folder, so that a chosen one is ignored. */
export function isFolderFixed(env: Readonly<Record<string, string | undefined>>): boolean {
  return Boolean(env.RAFT_LAB_DATA_DIR);
}

/** Opens these parts. Call this after `userData` is set and the instance lock is taken, and before the app is ready. */
export function openFoundation(
  app: Pick<App, 'on' | 'getPath' | 'getVersion' | 'setAppLogsPath' | 'disableHardwareAcceleration'>,
  around: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly platform: NodeJS.Platform;
    readonly console?: ConsoleParts;
  },
): Foundation {
  const { env, platform } = around;
  const log = startLog(app, around.console ?? null);
  const usual = app.getPath('userData');
  const settings = openSettings(usual);
  const chosen = isFolderFixed(env) ? null : settings.current.dataFolder;
  const { folder, unusable } = recordingsFolder(usual, chosen, 'write');
  const problem = unusable === null ? null : unusableFolderSentence(unusable, usual, TRANSLATIONS.en.chosenFolder);
  const { electron, chrome, node } = process.versions;
  log.write('info', `Raft Lab ${app.getVersion()} starts: Electron ${electron}, Chromium ${chrome}, Node.js ${node}.`);
  log.write('info', `${platform} ${process.arch}, recordings in ${folder}, ${JSON.stringify(settings.current)}`);
  for (const sentence of [settings.problem, problem]) if (sentence !== null) log.write('warn', sentence);
  // The variable helps when the window cannot open with the graphics card, so that the settings cannot be reached.
  const isAccelerated = settings.current.hardwareAcceleration && env.RAFT_LAB_NO_GPU !== '1';
  if (!isAccelerated) app.disableHardwareAcceleration();
  return { log, settings, isAccelerated, folders: { current: folder, usual, unusable } };
}
