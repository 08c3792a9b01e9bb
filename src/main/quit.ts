/**
 * How the window ends: whoever asks it to quit, the lab is closed first and the app leaves only then. Where the
 * system does not ask (log-out on Windows), the servers are killed at once.
 */
import type { App, BrowserWindow } from 'electron';
import type { Lab } from '../lab/types.ts';

/** Beyond this the servers are killed: a lab that cannot end in order must not keep the app. Milliseconds. */
const CLOSE_LIMIT_MS = 15_000;
/** The same while the computer shuts down: macOS gives up its own shutdown for an app that stays. Milliseconds. */
const SHUTDOWN_LIMIT_MS = 1_000;

/**
 * Installs the quit sequence. A cluster without a window would run unseen, so the last window ends the app.
 *
 * @param desk.lab        null while there is none yet: then nothing runs and the app may leave at once
 * @param desk.onClosing  called once, when the lab begins to close
 * @returns `hurry`: the computer shuts down. On macOS that is also reported for an ordinary quit from the Dock, so it
 *   only shortens the time, and skips nothing
 */
export function watchQuit(
  app: Pick<App, 'on' | 'quit' | 'exit'>,
  desk: { readonly lab: () => Pick<Lab, 'close' | 'killNow'> | null; readonly onClosing: () => void },
): { hurry(): void } {
  let limitMs = CLOSE_LIMIT_MS;
  let state: 'running' | 'closing' | 'over' = 'running';
  const leave = (code: number): void => {
    if (state === 'over') return;
    state = 'over';
    app.exit(code);
  };
  const leaveByForce = (): void => {
    if (state === 'over') return;
    desk.lab()?.killNow();
    leave(1);
  };
  app.on('before-quit', (event) => {
    const lab = desk.lab();
    if (state === 'over' || lab === null) return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    desk.onClosing();
    setTimeout(leaveByForce, limitMs).unref();
    lab.close().then(
      () => leave(0),
      (problem: unknown) => {
        console.error(`The lab could not be closed in order: ${String(problem)}`);
        leaveByForce();
      },
    );
  });
  app.on('window-all-closed', () => app.quit());
  return {
    hurry() {
      limitMs = SHUTDOWN_LIMIT_MS;
      if (state === 'closing') setTimeout(leaveByForce, limitMs).unref();
      else if (state === 'running') app.quit();
    },
  };
}

/** Windows ends the session without asking the app: there is time for one synchronous act. */
export function watchSessionEnd(window: Pick<BrowserWindow, 'on'>, lab: Pick<Lab, 'killNow'>): void {
  window.on('session-end', () => lab.killNow());
}
