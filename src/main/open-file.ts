/**
 * The one door for files of one's own in the window: double click, argument, a second start, the menu and files that are
 * dropped on the page all come here. A file that comes before the page has said `ready` waits for it and is opened in place of the
 * usual run. Of later ones a scenario is read here and given to the page, which plays it as if it had been dropped there. A recording
 * is named to the page, which asks for it back by `openNamed`: the page can then ask a person before a live run is closed.
 */
import type { WebContents } from 'electron';
import { kindOfFile, type LabMode, type LabResult, type WindowAction } from '../core/lab-api/index.ts';
import { type Lab, LabProblem, openAtReady, openRecording, readOpenedScenario } from '../lab/index.ts';

export interface FileDoor {
  /** @param path  absolute */
  open(path: string): void;
  /** The lab's `ask` for the page: its `ready` takes the file that waits. */
  askOf(lab: Pick<Lab, 'ask' | 'openPlace'>): Lab['ask'];
  /** From now on files are given to this page, whenever it is ready. */
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
      // The one that was opened last is meant.
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

/** The file that another instance hands over with its lock, or null: what comes from there is checked like any input. */
export function handedOver(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('file' in data)) return null;
  return typeof data.file === 'string' ? data.file : null;
}
