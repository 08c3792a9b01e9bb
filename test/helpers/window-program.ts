/**
 * Chooses the program that the window tests start, and decides whether a test without one is skipped. A developer's
 * machine may lack the binary or a display, so the tests are skipped there. A hosted job exists only to run them, so it
 * sets RAFT_LAB_REQUIRE_WINDOW=1 and a skip becomes a failure.
 */

type Env = Readonly<Record<string, string | undefined>>;

/** An executable and the arguments that come before the test's own. */
export interface WindowProgram {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * @param env       RAFT_LAB_WINDOW_PROGRAM: absolute path of a packaged program, which contains the app
 * @param electron  path of Electron's binary; null when it is missing
 * @param app       folder of the built app, for Electron's binary
 * @returns null when no program is available
 */
export function windowProgram(env: Env, electron: string | null, app: string): WindowProgram | null {
  const packaged = env.RAFT_LAB_WINDOW_PROGRAM;
  if (packaged) return { file: packaged, args: [] };
  return electron === null ? null : { file: electron, args: [app] };
}

/**
 * Skips a window test, or fails it when the window is required.
 *
 * @param skip  the skip function of the test's context
 * @throws Error with the reason when RAFT_LAB_REQUIRE_WINDOW is 1
 */
export function skipWindow(skip: (reason: string) => void, reason: string, env: Env): void {
  if (env.RAFT_LAB_REQUIRE_WINDOW === '1')
    throw new Error(`the window is required here (RAFT_LAB_REQUIRE_WINDOW=1): ${reason}`);
  skip(reason);
}
