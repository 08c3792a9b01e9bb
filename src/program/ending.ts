/**
 * How every program ends on signals and on uncaught errors. The first signal begins an orderly end, a later one ends
 * the program at once. Used by servers, the network, the load generator, the reaper, the window, the terminal program
 * and the browser version.
 */

/**
 * The signals that ask a program to end. On Windows only Ctrl-C (SIGINT) and a closed console (SIGHUP) reach a program.
 */
export const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** One of the signals that ask a program to end. */
export type EndSignal = (typeof END_SIGNALS)[number];

/**
 * Signals within this time of the first one count as the same request, milliseconds. A program gets one Ctrl-C from the
 * terminal and again from npm, and a login session that ends sends SIGTERM and SIGHUP together.
 */
export const SAME_REQUEST_MS = 500;

/** The part of `process` that is used; a test passes an EventEmitter instead. */
export interface ProcessEvents {
  on(event: string, listener: (problem?: unknown) => void): unknown;
  off(event: string, listener: (problem?: unknown) => void): unknown;
}

/** The two ways in which a program ends on a signal. */
export interface SignalWays {
  /** Begins the orderly end; called once. */
  readonly inOrder: () => void;
  /** Ends the program at once, without returning. */
  readonly atOnce: () => void;
  /**
   * Signals that a terminal also sends to the parent, which decides when this program ends. They are ignored until the
   * orderly end has begun.
   */
  readonly leftToParent?: readonly EndSignal[];
  /** Monotonic milliseconds; absent: the machine's clock. */
  readonly nowMs?: () => number;
}

/** Handle of the installed signal handlers. */
export interface SignalWatch {
  /** Begins the orderly end without a signal; every later signal then ends the program at once. */
  begin(): void;
  /** Removes the signal handlers. */
  stop(): void;
}

/** Installs the handlers of all signals that ask a program to end. */
export function watchSignals(source: ProcessEvents, ways: SignalWays): SignalWatch {
  const { inOrder, atOnce, leftToParent = [], nowMs = () => performance.now() } = ways;
  let beganMs: number | null = null;
  const begin = (): void => {
    if (beganMs !== null) return;
    beganMs = nowMs();
    inOrder();
  };
  const listeners = END_SIGNALS.map((signal) => {
    const listener = (): void => {
      if (beganMs !== null) {
        if (nowMs() - beganMs > SAME_REQUEST_MS) atOnce();
      } else if (!leftToParent.includes(signal)) begin();
    };
    source.on(signal, listener);
    return { signal, listener };
  });
  return {
    begin,
    stop: () => {
      for (const { signal, listener } of listeners) source.off(signal, listener);
    },
  };
}

/**
 * Reports every uncaught error.
 *
 * @param onError  must end the program, because its state is unknown
 * @param onRejection  called for a rejected promise; absent: `onError` is called
 */
export function watchErrors(
  source: Pick<ProcessEvents, 'on'>,
  onError: (problem: unknown) => void,
  onRejection = onError,
): void {
  source.on('uncaughtException', onError);
  source.on('unhandledRejection', onRejection);
}
