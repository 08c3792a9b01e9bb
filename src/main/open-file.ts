/**
 * Opens a person's files in the window, from a double click, an argument, a second start, the menu or a drop on the page. A file
 * that arrives before the page has reported `ready` waits and is opened in place of the usual run. A later scenario is read here
 * and sent to the page, which plays it like a dropped file. For a later recording the page gets `open-recording`; it can ask the
 * person before a live run is closed, and then calls `openNamed`.
 */
import type { WebContents } from 'electron';
import { kindOfFile, type LabMode, type LabResult, type WindowAction } from '../core/lab-api/index.ts';
import { type Lab, LabProblem, openAtReady, openRecording, readOpenedScenario } from '../lab/index.ts';

export interface FileDoor {
  /** @param path  absolute */
  open(path: string): void;
  /** The lab's `ask` for the page; the request `ready` opens the waiting file. */
  askOf(lab: Pick<Lab, 'ask' | 'openPlace'>): Lab['ask'];
  /** Sends later files to this page, once it is ready. */
  connect(page: WebContents, act: (action: WindowAction) => void): void;
  /** Opens the recording of the last `open-recording`. @param endLive  the person agreed that this closes a live run */
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
      // The newest file replaces an earlier one that waits.
      if (!isReady) waiting = path;
      else
        give(path).catch((problem: unknown) => console.error(`The file was not given to the page: ${String(problem)}`));
    },
    askOf: (lab) => openAtReady(lab, takeWaiting),
    connect(page, actOnPage) {
      act = actOnPage;
      // A reloaded page takes no file before it has sent `ready` again.
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

/** The file that another instance passes with its lock; null when the value is not a file's path. */
export function handedOver(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('file' in data)) return null;
  return typeof data.file === 'string' ? data.file : null;
}
