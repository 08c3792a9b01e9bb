/**
 * The quit sequence of the window. A request to quit closes the lab first; the app exits afterwards. While a scenario plays, the
 * person is asked first, except when the computer shuts down or a signal arrives. When Windows ends the session, there is no time
 * for that, and the servers are killed at once.
 */
import type { App, BrowserWindow } from 'electron';
import type { Lab, SignalWays } from '../lab/index.ts';

/** Longest time for an orderly end, in milliseconds; then the servers are killed. */
const CLOSE_LIMIT_MS = 15_000;
/** Longest time while the computer shuts down, in milliseconds. macOS cancels its shutdown if an app stays longer. */
const SHUTDOWN_LIMIT_MS = 1_000;

/** The parts of the app that the quit sequence uses. */
export interface QuitDesk {
  /** The lab; null before it is created, when nothing runs and the app may exit at once. */
  readonly lab: () => Pick<Lab, 'close' | 'killNow'> | null;
  /** Called once, when the lab begins to close. */
  readonly onClosing: () => void;
  /**
   * Returns a function that asks the person whether to leave; null when there is no reason to ask. An aborted signal closes the
   * question, and its answer no longer counts.
   */
  readonly question?: () => ((signal: AbortSignal) => Promise<boolean>) | null;
}

export interface QuitSequence {
  /**
   * Call this when the computer shuts down. It shortens the time limit and suppresses the question. macOS also reports a shutdown
   * for an ordinary quit from the Dock, so it does not quit by itself.
   */
  hurry(): void;
  /** A first signal quits in order without a question; a later one kills the servers. */
  readonly onSignals: SignalWays;
  /** Keeps the window open until the person has answered. */
  watchClose(window: Pick<BrowserWindow, 'on'>): void;
}

/** Installs the quit sequence. A cluster without a window would run unseen, so the last window ends the app. */
export function watchQuit(app: Pick<App, 'on' | 'quit' | 'exit'>, desk: QuitDesk): QuitSequence {
  const end = createEnd(app, desk);
  let isUnasked = false;
  /** The question that is open. */
  let asking: AbortController | null = null;
  const question = (): ReturnType<NonNullable<QuitDesk['question']>> =>
    isUnasked ? null : (desk.question?.() ?? null);
  const ask = async (put: (signal: AbortSignal) => Promise<boolean>): Promise<void> => {
    const mine = new AbortController();
    asking = mine;
    let isLeaving = true;
    try {
      isLeaving = await put(mine.signal);
    } catch (problem) {
      // The person wants to quit, so a question that cannot be shown must not prevent it.
      console.error(`The question could not be shown: ${String(problem)}`);
    }
    if (mine.signal.aborted) return;
    asking = null;
    if (isLeaving) end.inOrder();
  };
  /** Quits without a question, and closes one that is open. */
  const leaveUnasked = (): void => {
    isUnasked = true;
    asking?.abort();
    asking = null;
    if (end.state() === 'running') app.quit();
  };
  app.on('before-quit', (event) => {
    if (end.state() === 'over' || desk.lab() === null) return;
    event.preventDefault();
    if (end.state() === 'closing' || asking !== null) return;
    const put = question();
    if (put === null) end.inOrder();
    else void ask(put);
  });
  app.on('window-all-closed', () => app.quit());
  return {
    hurry() {
      end.hurry();
      leaveUnasked();
    },
    onSignals: { inOrder: leaveUnasked, atOnce: end.byForce },
    watchClose(window) {
      window.on('close', (event) => {
        if (end.state() !== 'running' || (asking === null && question() === null)) return;
        event.preventDefault();
        app.quit();
      });
    },
  };
}

/** The end of the app after the question. */
interface End {
  state(): 'running' | 'closing' | 'over';
  /** Closes the lab and exits; kills the servers when closing takes too long. */
  inOrder(): void;
  byForce(): void;
  /** Limits the rest of the end to one second. */
  hurry(): void;
}

function createEnd(app: Pick<App, 'exit'>, desk: QuitDesk): End {
  let limitMs = CLOSE_LIMIT_MS;
  let state: 'running' | 'closing' | 'over' = 'running';
  const leave = (code: number): void => {
    if (state === 'over') return;
    state = 'over';
    app.exit(code);
  };
  const byForce = (): void => {
    if (state === 'over') return;
    desk.lab()?.killNow();
    leave(1);
  };
  return {
    state: () => state,
    inOrder() {
      const lab = desk.lab();
      if (state !== 'running' || lab === null) return;
      state = 'closing';
      desk.onClosing();
      setTimeout(byForce, limitMs).unref();
      lab.close().then(
        () => leave(0),
        (problem: unknown) => {
          console.error(`The lab could not be closed in order: ${String(problem)}`);
          byForce();
        },
      );
    },
    byForce,
    hurry() {
      limitMs = SHUTDOWN_LIMIT_MS;
      if (state === 'closing') setTimeout(byForce, limitMs).unref();
    },
  };
}

/** Kills the servers when Windows ends the session, which leaves time for one synchronous call only. */
export function watchSessionEnd(window: Pick<BrowserWindow, 'on'>, lab: Pick<Lab, 'killNow'>): void {
  window.on('session-end', () => lab.killNow());
}
