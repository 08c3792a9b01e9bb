/**
 * The end of the browser door: a first signal closes the lab in order, a second one kills at once, a crash kills at once
 * and leaves a note. No exit of this process may leave a server behind.
 */

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

/** The part of `process` that is used; a test passes an EventEmitter. */
export interface SignalSource {
  on(event: string, listener: (problem?: unknown) => void): unknown;
}

/**
 * One Ctrl-C in a terminal arrives more than once: from the terminal, and again from npm, which passes on what it
 * gets. Signals this close together are one key press.
 */
export const SAME_KEY_PRESS_MS = 500;
const CLOSE_LIMIT_MS = 15_000;

/** Installs the handlers. @returns how to leave as after a first signal */
export function watchLifetime(source: SignalSource, ending: Ending): { readonly leave: () => void } {
  let firstAt: number | null = null;
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
  const leave = (): void => {
    if (firstAt !== null) return;
    firstAt = ending.nowMs();
    setTimeout(() => kill(1), CLOSE_LIMIT_MS).unref();
    ending.close().then(
      () => exitOnce(0),
      (problem: unknown) => {
        ending.crashed(problem);
        kill(1);
      },
    );
  };
  const onSignal = (): void => {
    if (firstAt !== null && ending.nowMs() - firstAt > SAME_KEY_PRESS_MS) kill(1);
    else leave();
  };
  const onCrash = (problem: unknown): void => {
    // First the children: writing the note may fail too.
    ending.killNow();
    ending.crashed(problem);
    exitOnce(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) source.on(signal, onSignal);
  source.on('uncaughtException', onCrash);
  source.on('unhandledRejection', onCrash);
  return { leave };
}
