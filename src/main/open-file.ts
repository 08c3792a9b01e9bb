/**
 * Opens a person's files in the window, from a double click, an argument, a second start, the menu or a drop on the page. A file
 * that arrives before the page has reported `ready` waits and is opened in place of the usual run. A later scenario is read here
 * and sent to the page, which plays it as if it had been dropped there. A later recording is only named to the page, which asks
 * for it by `openNamed`, so that the page can ask a person before a live run is closed.
 */
import type { WebContents } from 'electron';
import { kindOfFile, type LabMode, type LabResult, type WindowAction } from '../core/lab-api/index.ts';
import { type Lab, LabProblem, openAtReady, openRecording, readOpenedScenario } from '../lab/index.ts';

export interface FileDoor {
  /** @param path  absolute */
  open(path: string): void;
  /** The lab's `ask` for the page; the request `ready` opens the waiting file. */
  askOf(lab: Pick<Lab, 'ask' | 'openPlace'>): Lab['ask'];
  /** Sends files to this page from now on, once it is ready. */
  connect(page: WebContents, act: (action: WindowAction) => void): void;
  /** Opens the recording that was named to the page last. @param endLive  the person agreed that a live run is closed */
  openNamed(lab: Pick<Lab, 'openPlace'>, endLive: boolean): Promise<LabResult<LabMode>>;
}

export function createFileDoor(): FileDoor {
  let waiting: string | null = null;
  let isReady = false;
  let act: (action: WindowAction) => void = () => undefined;
  let named: string | null = null;
  const give = async (path: string): Promise<void> => {
    if (kindOfFile(path) !== 'scenario') {
      named = path;
      return act({ action: 'open-recording' });
    }
    const read = await readOpenedScenario(path);
    if (!read.ok) return act({ action: 'show-file-error', error: read.error });
    const { file, text } = read.value;
    act({ action: 'play-file', file, text });
  };
  const takeWaiting = (): string | null => {
    const path = waiting;
    [waiting, isReady] = [null, true];
    return path;
  };
  return {
    open(path) {
      // The file that was opened last counts.
      if (!isReady) waiting = path;
      else
        give(path).catch((problem: unknown) => console.error(`The file was not given to the page: ${String(problem)}`));
    },
    askOf: (lab) => openAtReady(lab, takeWaiting),
    connect(page, actOnPage) {
      act = actOnPage;
      // A page that is loaded anew, or died, says `ready` once more before it takes anything.
      page.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
        if (isMainFrame && !isSameDocument) isReady = false;
      });
      page.on('render-process-gone', () => {
        isReady = false;
      });
    },
    async openNamed(lab, endLive) {
      if (named !== null) return await openRecording(lab, named, endLive);
      const { error } = new LabProblem('bad-request', { detail: 'no recording was named to the page' });
      return { ok: false, error };
    },
  };
}

/** The file that another instance passes with its lock, or null; the value is checked like any input. */
export function handedOver(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('file' in data)) return null;
  return typeof data.file === 'string' ? data.file : null;
}
