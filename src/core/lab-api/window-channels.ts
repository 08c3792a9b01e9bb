/**
 * The names of the channels between the window's page and its main process, in one list: `src/preload` speaks them,
 * `src/main` listens, and nothing else crosses. Also what the preload puts on `window.raftLab`.
 */
import type { Answer, LabPush, LabResult, RequestName, Requests } from './api.ts';

/** Names of the window's IPC channels, the same in main and preload. */
export const CHANNELS = {
  /** invoke(name, ask) → LabResult */
  ask: 'raft-lab:ask',
  /** send(): begin pushing, `mode` first; a second time begins anew. */
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
} as const;

/** The languages the words exist in. */
export type Language = 'en' | 'zh-CN';

/** What a person may choose; `system` follows the system's own setting. */
export const WINDOW_THEMES = ['light', 'dark', 'system'] as const;
export type WindowTheme = (typeof WINDOW_THEMES)[number];

/** What the page finds as `window.raftLab`. Functions of plain data: no event, no channel, no Electron object. */
export interface WindowBridge {
  readonly kind: 'window';
  ask<Name extends RequestName>(name: Name, ask: Requests[Name]['ask']): Promise<LabResult<Answer<Name>>>;
  /** Calls back with pushes in order, `mode` first. Returns how to stop. */
  listen(onPush: (push: LabPush) => void): () => void;
  /** `savedAs` is null when the person cancelled the dialog. */
  exportRun(): Promise<LabResult<{ readonly savedAs: string | null }>>;
  setLanguage(language: Language): void;
  setTheme(theme: WindowTheme): void;
}
