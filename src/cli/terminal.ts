/** The environment of a command: its output, its language, the folder of the runs, and its interruption. */
import type { Launcher } from './launcher.ts';
import type { Language, Say } from './words.ts';

export interface Terminal {
  readonly say: Say;
  readonly language: Language;
  /** Writes a line on stdout: a result. */
  readonly print: (line: string) => void;
  /** Writes a line on stderr: progress and problems. */
  readonly note: (line: string) => void;
  /** Absolute path. @throws Error with a sentence when no folder is named and no home folder is known */
  readonly dataFolder: string;
  readonly launcher: Launcher;
  /** Folder of the built programs. */
  readonly programFolder: string;
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  readonly interrupted: AbortSignal;
}
