/**
 * Handles errors of stdout. A reader that has ended (as `head` does) is no failure. A full disk is one, because the
 * requested output is incomplete.
 */
import { EXIT } from './exit.ts';

/** The part of `process` that is used here; a test passes its own. */
export interface OutputProcess {
  readonly stdout: { on(event: 'error', listener: (problem: NodeJS.ErrnoException) => void): unknown };
  once(event: 'exit', listener: () => void): unknown;
  exitCode?: number | string | null | undefined;
}

/** @param note  writes a line on stderr */
export function watchOutput(of: OutputProcess, note: (problem: string) => void): void {
  let isLost = false;
  of.stdout.on('error', ({ code, message }) => {
    if (code === 'EPIPE' || isLost) return;
    isLost = true;
    note(message);
    // The command may still end later and set exit code 0.
    of.once('exit', () => {
      if (of.exitCode === undefined || of.exitCode === null || of.exitCode === EXIT.ok) of.exitCode = EXIT.failed;
    });
  });
}
