/**
 * Notices that whoever started this program is gone: a lab without its owner would run on unseen, with nothing to end it.
 * A killed `npm` tells nobody; what changes is the parent's pid.
 */

const LOOK_EVERY_MS = 1_000;

/** What is used of the system; a test gives its own. */
export interface OwnerSigns {
  readonly platform: NodeJS.Platform;
  /** As it is now: after the parent's death another one on POSIX, the same on Windows. */
  readonly parentPid: () => number;
  readonly hasProcess: (pid: number) => boolean;
  readonly every: (ms: number, look: () => void) => { readonly stop: () => void };
}

/** Calls back once, within a second or so, when the parent is gone. A program of the system itself (parent 1) has no owner. */
export function watchOwner({ platform, parentPid, hasProcess, every }: OwnerSigns, onGone: () => void): void {
  const owner = parentPid();
  if (owner <= 1) return;
  const looking = every(LOOK_EVERY_MS, () => {
    const isThere = platform === 'win32' ? hasProcess(owner) : parentPid() === owner;
    if (isThere) return;
    looking.stop();
    onGone();
  });
}

/** The signs of this process. */
export function ownSigns(): OwnerSigns {
  return {
    platform: process.platform,
    parentPid: () => process.ppid,
    hasProcess: (pid) => {
      try {
        process.kill(pid, 0);
        return true;
      } catch (problem) {
        return (problem as NodeJS.ErrnoException).code === 'EPERM';
      }
    },
    every: (ms, look) => {
      const timer = setInterval(look, ms);
      timer.unref();
      return { stop: () => clearInterval(timer) };
    },
  };
}
