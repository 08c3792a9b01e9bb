/**
 * Carries out one command in its terminal and turns any thrown error into a sentence and an exit code. It is loaded
 * only when a command runs, so that the help needs no lab. Flow: index.ts → here → the command's row.
 */
import { existsSync } from 'node:fs';
import type { LabError } from '../core/lab-api/index.ts';
import { givesNoVerdict, LabProblem } from '../lab/index.ts';
import { CalledOff } from './called-off.ts';
import { EXIT } from './exit.ts';
import { bringRuns, folderOfRuns } from './folders.ts';
import type { AskedCommand } from './read-args.ts';
import type { Terminal } from './terminal.ts';
import { LabRefusal } from './with-lab.ts';
import { errorSentence } from './words.ts';
import { WrongArgs } from './wrong-args.ts';

/** @returns the exit code. Rejects only for a bug in the program itself */
export async function carryOut(
  { of, operands, options }: AskedCommand,
  spoken: Omit<Terminal, 'dataFolder'>,
): Promise<number> {
  const { say, note } = spoken;
  const named = typeof options.data === 'string' ? options.data : null;
  const isReader = of.recordings === 'read';
  // A folder to read from is not created, because that would hide a mistake in its name.
  if (named !== null && isReader && !existsSync(named)) {
    note(say('noFolder', { folder: named }));
    return EXIT.failed;
  }
  if (of.run === null) throw new Error(`${of.name} is started by scripts/lab.mjs`);
  let known: string | null = null;
  const terminal: Terminal = {
    ...spoken,
    // The folder is determined only when a command needs it, so `check FILE` works without a home folder.
    get dataFolder() {
      known ??= folderOfRuns(named, isReader ? 'read' : 'write', spoken);
      return known;
    },
  };
  try {
    if (of.recordings !== null) await bringRuns(named, spoken);
    return await of.run(terminal, operands, options);
  } catch (problem) {
    return explain(problem, spoken);
  }
}

function explain(problem: unknown, { say, note, language }: Pick<Terminal, 'say' | 'note' | 'language'>): number {
  if (problem instanceof CalledOff) return EXIT.interrupted;
  if (problem instanceof WrongArgs) {
    note(say(problem.key, problem.params));
    return EXIT.usage;
  }
  const error = errorOf(problem);
  const sentence = error === null ? (problem as Error).message : errorSentence(language, error);
  note(say('failed', { problem: sentence }));
  return error === null ? EXIT.lab : exitBecauseOf(error);
}

/** Returns the error of a request; null for any other problem, which is the lab's own. */
function errorOf(problem: unknown): LabError | null {
  return problem instanceof LabRefusal || problem instanceof LabProblem ? problem.error : null;
}

/**
 * Returns the exit code for an error: no verdict for a recording that cannot be read, failed for any other refused
 * request.
 */
export function exitBecauseOf(error: LabError): number {
  return givesNoVerdict(error) ? EXIT.undecided : EXIT.failed;
}
