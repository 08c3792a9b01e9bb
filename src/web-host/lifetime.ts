/**
 * The end of the browser door: a first signal closes the lab in order, a second one kills at once, a crash kills at once
 * and leaves a note. No exit of this process may leave a server behind.
 */
import { type ProcessEvents, watchErrors, watchSignals } from '../lab/index.ts';

/** The actions with which the program ends. */
export interface Ending {
  /** The orderly way; takes as long as the servers need, a few seconds. */
  readonly close: () => Promise<void>;
  /** The quick way: every child is killed before it returns. */
  readonly killNow: () => void;
  readonly exit: (code: number) => void;
  /** Called once with the error, before the exit. */
  readonly crashed: (problem: unknown) => void;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/** Milliseconds for the orderly end; then everything is killed. */
const CLOSE_LIMIT_MS = 15_000;

/** Installs the handlers. @returns how to leave as after a first signal */
export function watchLifetime(source: ProcessEvents, ending: Ending): { readonly leave: () => void } {
  let over = false;
  const exitOnce = (code: number): void => {
    if (over) return;
    over = true;
    ending.exit(code);
  };
  const kill = (code: number): void => {
    ending.killNow();
    exitOnce(code);
  };
  const signals = watchSignals(source, {
    inOrder: () => {
      setTimeout(() => kill(1), CLOSE_LIMIT_MS).unref();
      ending.close().then(
        () => exitOnce(0),
        (problem: unknown) => {
          ending.crashed(problem);
          kill(1);
        },
      );
    },
    atOnce: () => kill(1),
    nowMs: ending.nowMs,
  });
  watchErrors(source, (problem) => {
    // First the children: writing the note may fail too.
    ending.killNow();
    ending.crashed(problem);
    exitOnce(1);
  });
  return { leave: signals.begin };
}
