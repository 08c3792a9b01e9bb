/**
 * Two guards of a live run. One notices that another lab took over its data folder, the other that this process is
 * about to run out of memory. Both report that in the recording and end the run. Flow: workspace → here → workspace's
 * `giveUp`.
 */
import type { Lock, Recorder } from '../recording/index.ts';
import { heapInWords, watchHeap } from './heap-watch.ts';

const LOST_LOCK = 'Another Raft Lab took this data folder over, because this one did not answer for 30 seconds';

/** The objects that a guard acts on. */
export interface Guarded {
  readonly recorder: Recorder;
  readonly locks: readonly Lock[];
  /** Kills every child with SIGKILL, synchronously. */
  readonly killNow: () => void;
  /** Ends the run as failed. */
  readonly giveUp: () => void;
}

/**
 * Guards a live run.
 *
 * @returns a function that stops watching the memory; the locks are watched until they are released
 */
export function guardRun({ recorder, locks, killNow, giveUp }: Guarded): () => void {
  for (const lock of locks) {
    lock.onLost(() => {
      // Another lab continues with these files, so these servers must stop writing to them at once.
      killNow();
      recorder.note({ event: 'LabFailed', message: LOST_LOCK });
      giveUp();
    });
  }
  return watchHeap((heap) => {
    recorder.note({ event: 'LabFailed', message: heapInWords(heap) });
    giveUp();
  });
}
