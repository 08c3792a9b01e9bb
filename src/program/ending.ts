/**
 * How every program ends on signals and on uncaught errors. The first signal begins an orderly end, a later one ends the
 * program at once. Used by servers, the network, the load generator, the reaper, and the three doors.
 */

/** The signals that ask a program to end. On Windows only Ctrl-C (SIGINT) and a closed console (SIGHUP) can be heard. */
export const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** One of the signals that ask a program to end. */
export type EndSignal = (typeof END_SIGNALS)[number];

/**
 * Signals within this time of the first one are the same request, milliseconds. One Ctrl-C reaches a program from the
 * terminal and again from npm, and a session that ends sends SIGTERM and SIGHUP together.
 */
export const SAME_REQUEST_MS = 500;

/** The part of `process` that is used; a test passes an EventEmitter. */
export interface ProcessEvents {
  on(event: string, listener: (problem?: unknown) => void): unknown;
  off(event: string, listener: (problem?: unknown) => void): unknown;
}

/** The two ways in which a program ends on a signal. */
export interface SignalWays {
  /** Begins the orderly end; called once. */
  readonly inOrder: () => void;
  /** Ends the program before it returns. */
  readonly atOnce: () => void;
  /**
   * Signals that a terminal sends to a parent as well, which then decides when this program ends. They count only once the
   * orderly end has begun.
   */
  readonly leftToParent?: readonly EndSignal[];
  /** Monotonic milliseconds; absent: the machine's clock. */
  readonly nowMs?: () => number;
}

/** The watch over the signals. */
export interface SignalWatch {
  /** Begins the orderly end for another reason than a signal; each later signal then ends the program at once. */
  begin(): void;
  /** Listens to no signal any more. */
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
 * Reports every error that no code caught.
 *
 * @param onError  must end the program: its state is unknown
 * @param onRejection  called instead for a promise that was rejected; absent: `onError`
 */
export function watchErrors(
  source: Pick<ProcessEvents, 'on'>,
  onError: (problem: unknown) => void,
  onRejection = onError,
): void {
  source.on('uncaughtException', onError);
  source.on('unhandledRejection', onRejection);
}
