/**
 * Detects that the owner, the process that started this program, has ended. Without its owner a lab would run unseen until the
 * machine stops. A killed `npm` sends no signal, so the parent's pid is polled.
 */

const LOOK_EVERY_MS = 1_000;

/** The system calls that the watch uses; a test replaces them. */
export interface OwnerSigns {
  readonly platform: NodeJS.Platform;
  /** The current parent pid: after the parent's death a different one on POSIX, the same one on Windows. */
  readonly parentPid: () => number;
  readonly hasProcess: (pid: number) => boolean;
  readonly every: (ms: number, look: () => void) => { readonly stop: () => void };
}

/** Calls back once, about a second after the parent has ended at the latest. A program whose parent is 1 has no owner. */
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

/** The system calls for this process. */
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
