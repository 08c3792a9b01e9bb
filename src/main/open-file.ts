/**
 * The one door for files of one's own in the window: double click, argument, a second start and the menu all call `open`.
 * A file that comes before the page has said `ready` waits for it and is played in place of the usual run; a later one is
 * read here and given to the page, which plays it as if it had been dropped there.
 */
import type { WebContents } from 'electron';
import type { WindowAction } from '../core/lab-api/index.ts';
import { type Lab, openAtReady, readOpenedFile } from '../lab/index.ts';

export interface FileDoor {
  /** @param path  absolute */
  open(path: string): void;
  /** The lab's `ask` for the page: its `ready` takes the file that waits. */
  askOf(lab: Pick<Lab, 'ask'>): Lab['ask'];
  /** From now on files are given to this page, whenever it is ready. */
  connect(page: WebContents, act: (action: WindowAction) => void): void;
}

export function createFileDoor(): FileDoor {
  let waiting: string | null = null;
  let isReady = false;
  let act: (action: WindowAction) => void = () => undefined;
  const give = async (path: string): Promise<void> => {
    const opened = await readOpenedFile(path);
    if (!opened.ok) return act({ action: 'show-file-error', error: opened.error });
    const { file, text } = opened.value;
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
  };
}

/** The file that another instance hands over with its lock, or null: what comes from there is checked like any input. */
export function handedOver(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('file' in data)) return null;
  return typeof data.file === 'string' ? data.file : null;
}
