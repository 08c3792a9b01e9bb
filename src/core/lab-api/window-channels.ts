/**
 * The channels between the window's page and its main process. `src/preload` sends on them and `src/main` answers; there are no
 * others. Also the type of `window.raftLab`, which the preload provides.
 */
import type { Answer, GivenFile, LabError, LabMode, LabPush, LabResult, RequestName, Requests } from './api.ts';
import type { Language, Settings, SettingsChange, WindowTheme } from './settings.ts';

/** Names of the window's IPC channels, the same in main and preload. */
export const CHANNELS = {
  /** invoke(name, ask) → LabResult */
  ask: 'raft-lab:ask',
  /** send(): begin pushing, `mode` first. Sending it again restarts the pushes. */
  listen: 'raft-lab:listen',
  /** send(): stop pushing. */
  unlisten: 'raft-lab:unlisten',
  /** main → page: a LabPush. */
  push: 'raft-lab:push',
  /** send(): the page has taken one push, so main knows how far behind it is. */
  taken: 'raft-lab:taken',
  /** invoke() → LabResult<{ savedAs }>; shows the save dialog. */
  exportRun: 'raft-lab:export-run',
  /** send(language): the menu follows the page's language. */
  language: 'raft-lab:language',
  /** send(theme): frame, menus and dialogs follow the page's theme. */
  theme: 'raft-lab:theme',
  /** main → page: a WindowAction, chosen in the menu. */
  action: 'raft-lab:action',
  /** send(): the system's file manager shows the file that was exported last. */
  showExported: 'raft-lab:show-exported',
  /** invoke(path, endLive) → LabResult<LabMode>: opens a file that was dropped on the page or chosen there. */
  openRecording: 'raft-lab:open-recording',
  /** invoke(endLive) → LabResult<LabMode>: opens the recording that main named last with `open-recording`. */
  openNamed: 'raft-lab:open-named',
  /** invoke() → SettingsState */
  readSettings: 'raft-lab:read-settings',
  /** invoke(SettingsChange) → LabResult<SettingsState> */
  changeSettings: 'raft-lab:change-settings',
  /** invoke(SettingsAct) → LabResult<SettingsState> */
  actOnSettings: 'raft-lab:act-on-settings',
} as const;

/**
 * Actions that the main process sends to the page for a menu item or an opened file. The page carries them out as it does for its
 * own buttons and keys. The menu has no other way to the lab.
 */
export type WindowAction =
  | { readonly action: 'show-dialog'; readonly dialog: 'new-run' | 'runs' | 'scenarios' | 'settings' }
  | { readonly action: 'open-run'; readonly runId: string }
  | { readonly action: 'play-scenario'; readonly name: string }
  | { readonly action: 'play-file'; readonly file: string; readonly text: string }
  | { readonly action: 'show-file-error'; readonly error: LabError }
  /** Asks the page to open the recording that main names; see `CHANNELS.openNamed`. */
  | { readonly action: 'open-recording' }
  | { readonly action: 'set-language'; readonly language: Language }
  | { readonly action: 'set-theme'; readonly theme: WindowTheme }
  | { readonly action: 'stop-scenario' | 'kill-leader' | 'export-run' };

/** Actions of the settings page besides changing a value. */
export const SETTINGS_ACTS = [
  'open-data-folder',
  'choose-data-folder',
  'use-usual-data-folder',
  'open-logs',
  'copy-report',
] as const;
export type SettingsAct = (typeof SETTINGS_ACTS)[number];

/** The settings with what the page shows beside them. */
export interface SettingsState {
  readonly settings: Settings;
  /** Folder of the recordings in this start. */
  readonly dataFolder: string;
  /** Folder from the next start on; the same as `dataFolder` when no other was chosen. */
  readonly nextDataFolder: string;
  /** The chosen folder, when this start could not use it, for example because its disk is not plugged in. */
  readonly unusableFolder: { readonly path: string; readonly errno: string } | null;
  /** `RAFT_LAB_DATA_DIR` decides the folder, so none can be chosen. */
  readonly isFolderFixed: boolean;
  /** The window draws with the graphics card in this start. */
  readonly isAccelerated: boolean;
  /** The language that `system` means. */
  readonly systemLanguage: Language;
}

/** The object `window.raftLab` of the page. Its functions take and return plain data, never an object of Electron. */
export interface WindowBridge {
  readonly kind: 'window';
  ask<Name extends RequestName>(name: Name, ask: Requests[Name]['ask']): Promise<LabResult<Answer<Name>>>;
  /** Calls back with pushes in order, `mode` first. Returns a function that ends the subscription. */
  listen(onPush: (push: LabPush) => void): () => void;
  /** `savedAs` is null when the person cancelled the dialog. */
  exportRun(): Promise<LabResult<{ readonly savedAs: string | null }>>;
  setLanguage(language: Language): void;
  setTheme(theme: WindowTheme): void;
  /** Calls back with each action of the menu. Returns a function that ends the subscription. */
  onAction(act: (action: WindowAction) => void): () => void;
  /** Shows the file that was exported last in the system's file manager; does nothing before an export. */
  showExported(): void;
  /** Opens a recording that was dropped on the page or chosen there. The page never learns its path. */
  openRecording(file: GivenFile, endLive: boolean): Promise<LabResult<LabMode>>;
  /** Opens the recording that main named with its last `open-recording`. */
  openNamed(endLive: boolean): Promise<LabResult<LabMode>>;
  readSettings(): Promise<SettingsState>;
  /** Saves at once; `cannot-write` when the disk refuses. */
  changeSettings(change: SettingsChange): Promise<LabResult<SettingsState>>;
  actOnSettings(act: SettingsAct): Promise<LabResult<SettingsState>>;
}
