/** The environment of a command: its output, its language, the folder of the runs, and its cancellation. */

import type { Answer, LabError, RequestName, Requests } from '../core/lab-api/index.ts';
import {
  bringEarlierRuns,
  chosenRecordingsFolder,
  createLab,
  type DataFolders,
  earlierRunsSentences,
  type Lab,
  programFiles,
  unusableFolderSentence,
} from '../lab/index.ts';
import { TRANSLATIONS } from '../translations/index.ts';
import { EXIT } from './exit.ts';
import type { Launcher } from './launcher.ts';
import type { Language, Say } from './words.ts';

export interface Terminal {
  readonly say: Say;
  readonly language: Language;
  /** A line on stdout: what was asked for. */
  readonly print: (line: string) => void;
  /** A line on stderr: progress and problems. */
  readonly note: (line: string) => void;
  /** Absolute. @throws Error with a sentence when nothing is named and no home folder is known */
  readonly dataFolder: string;
  readonly launcher: Launcher;
  /** Where the built programs lie. */
  readonly programFolder: string;
  /** The first Ctrl-C or SIGTERM. */
  readonly interrupted: AbortSignal;
}

/** An error of the lab after which a command cannot continue. */
export class LabRefusal extends Error {
  readonly error: LabError;

  constructor(error: LabError) {
    super(error.message);
    this.error = error;
  }
}

/** Asks and gives the answer. @throws LabRefusal */
export async function asked<Name extends RequestName>(
  lab: Lab,
  name: Name,
  ask: Requests[Name]['ask'],
): Promise<Answer<Name>> {
  const result = await lab.ask(name, ask);
  if (!result.ok) throw new LabRefusal(result.error);
  return result.value;
}

/**
 * A lab for one command, closed whatever comes of it. The first interruption closes it in order and ends the command
 * with 130; the second one, heard by index.ts, kills at once.
 *
 * @param folder  absolute; the terminal's data folder unless given
 */
export async function withLab(
  terminal: Terminal,
  use: (lab: Lab) => Promise<number>,
  folder = terminal.dataFolder,
): Promise<number> {
  const lab = await createLab({ dataFolder: folder, programs: programFiles(terminal.programFolder) });
  process.once('exit', () => lab.killNow());
  const { interrupted } = terminal;
  const calledOff = new Promise<number>((resolve) => {
    interrupted.addEventListener('abort', () => resolve(EXIT.interrupted), { once: true });
    if (interrupted.aborted) resolve(EXIT.interrupted);
  });
  const work = use(lab);
  // What fails because the lab closes under it was called off, not broken.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, calledOff]);
  } finally {
    await lab.close();
  }
}

/**
 * Moves the recordings of earlier versions into the data folder, and tells the person where they are. Does nothing where no
 * data folder is known: the command may not need one.
 */
export async function bringRuns(
  folders: () => DataFolders,
  { note, language }: Pick<Terminal, 'note' | 'language'>,
): Promise<void> {
  let known: DataFolders;
  try {
    known = folders();
  } catch {
    return;
  }
  for (const sentence of earlierRunsSentences(await bringEarlierRuns(known), TRANSLATIONS[language].earlierRuns))
    note(sentence);
}

/** @returns the folder that was chosen in the settings, or the usual one; a line says so when the chosen one cannot be used */
export function followChosen(
  usual: string,
  use: 'read' | 'write',
  { language, note }: Pick<Terminal, 'language' | 'note'>,
): string {
  const { folder, unusable } = chosenRecordingsFolder(usual, use);
  if (unusable !== null) {
    note(unusableFolderSentence(unusable, usual, TRANSLATIONS[language].chosenFolder));
  }
  return folder;
}
