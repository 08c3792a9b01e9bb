/**
 * When something breaks. The page: the cluster runs on in this process, and the person is offered to load the page
 * anew. This process: the servers are killed, a note is written, and the app ends, since nobody knows its state.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App, BrowserWindow, Dialog } from 'electron';
import type { Lab } from '../lab/types.ts';
import type { MenuWords } from './words.ts';

/** Offers to reload a page that died or hangs. `words` is asked at that moment: the language may have changed. */
export function watchPage(
  window: BrowserWindow,
  desk: { readonly dialog: Pick<Dialog, 'showMessageBox'>; readonly quit: () => void; readonly words: () => MenuWords },
): void {
  const ask = async (message: string, detail: string, other: string): Promise<boolean> => {
    const words = desk.words();
    const buttons = [words.reload, other];
    const answer = await desk.dialog.showMessageBox(window, { type: 'warning', message, detail, buttons, cancelId: 1 });
    return answer.response === 0;
  };
  const logged = (problem: unknown): void => console.error(`The dialog could not be shown: ${String(problem)}`);
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    const words = desk.words();
    ask(words.pageGone, words.clusterRunsOn, words.quit).then((reload) => {
      if (reload) window.webContents.reload();
      else desk.quit();
    }, logged);
  });
  window.on('unresponsive', () => {
    const words = desk.words();
    ask(words.pageHangs, words.clusterRunsOn, words.wait).then((reload) => {
      if (!reload) return;
      window.webContents.forcefullyCrashRenderer();
      window.webContents.reload();
    }, logged);
  });
}

/** What is used of `process`; a test gives an EventEmitter. */
export interface CrashSource {
  on(event: string, listener: (problem: unknown) => void): unknown;
}

/** Exceptions of the main process are fatal: children first, then the note, then the message, then the exit. */
export function watchMain(
  source: CrashSource,
  desk: {
    readonly app: Pick<App, 'exit' | 'getPath'>;
    readonly dialog: Pick<Dialog, 'showErrorBox'>;
    readonly lab: () => Pick<Lab, 'killNow'> | null;
    readonly words: () => MenuWords;
  },
): void {
  const onCrash = (problem: unknown): void => {
    desk.lab()?.killNow();
    const text = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
    console.error(`Raft Lab failed and stopped its servers: ${text}`);
    const note = writeNote(desk.app, text);
    desk.dialog.showErrorBox(desk.words().crashed, note === null ? text : `${text}\n\n${note}`);
    desk.app.exit(1);
  };
  source.on('uncaughtException', onCrash);
  source.on('unhandledRejection', onCrash);
}

function writeNote(app: Pick<App, 'getPath'>, text: string): string | null {
  try {
    const folder = app.getPath('logs');
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `crash-${new Date().toISOString().replaceAll(':', '-')}.json`);
    writeFileSync(path, JSON.stringify({ at: new Date().toISOString(), problem: text }, null, 2), { mode: 0o600 });
    return path;
  } catch (problem) {
    console.error(`The note of it could not be written: ${String(problem)}`);
    return null;
  }
}
