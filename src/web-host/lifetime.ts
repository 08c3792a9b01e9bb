/**
 * The end of the browser door. A first signal closes the lab in order, and a second one kills it. A crash kills it and leaves a
 * note. No exit of this process may leave a server behind.
 */
import { type ProcessEvents, watchErrors, watchSignals } from '../lab/index.ts';

/** The actions with which the program ends. */
export interface Ending {
  /** Closes the lab in order, which takes a few seconds. */
  readonly close: () => Promise<void>;
  /** Kills every child before it returns. */
  readonly killNow: () => void;
  readonly exit: (code: number) => void;
  /** Called once with the error of a crash, before the exit. */
  readonly crashed: (problem: unknown) => void;
  /** A monotonic clock in milliseconds. */
  readonly nowMs: () => number;
}

/** Milliseconds for the orderly end; then everything is killed. */
const CLOSE_LIMIT_MS = 15_000;

/** Installs the handlers. @returns `leave`, which acts like a first signal */
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
    // The children are killed first, because writing the note may fail.
    ending.killNow();
    ending.crashed(problem);
    exitOnce(1);
  });
  return { leave: signals.begin };
}
