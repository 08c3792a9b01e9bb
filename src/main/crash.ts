/**
 * Handles crashes. After a crash of the page the cluster runs on in this process, and a dialog offers to load the page again.
 * After an error of this process the servers are killed, a note is written and the app ends, since its state is unknown. A
 * start that fails ends the same way, with an exit code of its own.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App, BrowserWindow, Dialog } from 'electron';
import { type Lab, makeFolderSync, type ProcessEvents, watchErrors } from '../lab/index.ts';
import type { Translations } from '../translations/index.ts';

/**
 * Offers to reload a page that died or hangs, with one dialog at a time. `texts` is called at that moment, since the language
 * may have changed. The dialog about a hanging page closes when the page answers again.
 */
export function watchPage(
  window: BrowserWindow,
  desk: {
    readonly dialog: Pick<Dialog, 'showMessageBox'>;
    readonly quit: () => void;
    readonly texts: () => Translations['menu'];
  },
): void {
  /** The open dialog: a page may stop answering again, or die, while the first one is still there. */
  let open: { readonly about: 'gone' | 'hang'; readonly closer: AbortController } | null = null;
  let isReloadChosen = false;
  /** Resolves with null when the question no longer applies. */
  const ask = async (about: 'gone' | 'hang'): Promise<'reload' | 'other' | null> => {
    open?.closer.abort();
    if (window.isDestroyed()) return null;
    const mine = { about, closer: new AbortController() };
    const { signal } = mine.closer;
    open = mine;
    const { clusterRunsOn, pageGone, pageHangs, quit, reload, wait } = desk.texts();
    const [message, other] = about === 'gone' ? [pageGone, quit] : [pageHangs, wait];
    const answer = await desk.dialog.showMessageBox(window, {
      type: 'warning',
      message,
      detail: clusterRunsOn,
      buttons: [reload, other],
      cancelId: 1,
      signal,
    });
    if (open === mine) open = null;
    if (signal.aborted || window.isDestroyed()) return null;
    return answer.response === 0 ? 'reload' : 'other';
  };
  const report = (problem: unknown): void => console.error(`The dialog could not be shown: ${String(problem)}`);
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    if (isReloadChosen) {
      // The app ended the page itself, for a reload that begins when the page is gone.
      isReloadChosen = false;
      window.webContents.reload();
      return;
    }
    ask('gone').then((choice) => {
      if (choice === 'reload') window.webContents.reload();
      else if (choice === 'other') desk.quit();
    }, report);
  });
  window.on('unresponsive', () => {
    ask('hang').then((choice) => {
      if (choice !== 'reload') return;
      isReloadChosen = true;
      window.webContents.forcefullyCrashRenderer();
    }, report);
  });
  window.on('responsive', () => {
    if (open?.about === 'hang') open.closer.abort();
  });
}

/** The parts of the program that the forced end uses. */
interface CrashDesk {
  readonly app: Pick<App, 'exit' | 'getPath' | 'whenReady'>;
  readonly dialog: Pick<Dialog, 'showErrorBox'>;
  readonly lab: () => Pick<Lab, 'killNow'> | null;
  readonly texts: () => Translations['menu'];
}

/** Exit code of a start that failed: `npm start` then opens the browser. `EX_SOFTWARE` of sysexits.h. */
export const START_FAILED = 70;

/**
 * Ends the app after an uncaught exception: it kills the children, writes the note, shows the message and exits. An unhandled
 * rejection is only reported, since the cluster is sound and its end would lose more than it saves.
 */
export function watchMain(source: ProcessEvents, desk: CrashDesk): void {
  watchErrors(
    source,
    (problem) => endByForce(problem, desk, { message: desk.texts().crashed, code: 1 }),
    (problem) => console.error(`A promise was rejected: ${textOf(problem)}`),
  );
}

/** Shows why the app could not start, since an app that starts from an icon has no terminal. */
export async function failStart(problem: unknown, desk: CrashDesk): Promise<void> {
  // Electron has no dialogs and no languages before `ready`.
  await desk.app.whenReady();
  endByForce(problem, desk, { message: desk.texts().startFailed, code: START_FAILED });
}

function endByForce(problem: unknown, desk: CrashDesk, end: { readonly message: string; readonly code: number }): void {
  try {
    desk.lab()?.killNow();
    const text = textOf(problem);
    console.error(`${end.message}: ${text}`);
    const note = writeNote(desk.app, text);
    desk.dialog.showErrorBox(end.message, note === null ? text : `${text}\n\n${note}`);
  } finally {
    desk.app.exit(end.code);
  }
}

function textOf(problem: unknown): string {
  return problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
}

function writeNote(app: Pick<App, 'getPath'>, text: string): string | null {
  try {
    const folder = app.getPath('logs');
    makeFolderSync(folder);
    const path = join(folder, `crash-${new Date().toISOString().replaceAll(':', '-')}.json`);
    writeFileSync(path, JSON.stringify({ at: new Date().toISOString(), problem: text }, null, 2), { mode: 0o600 });
    return path;
  } catch (problem) {
    console.error(`The note of it could not be written: ${String(problem)}`);
    return null;
  }
}
