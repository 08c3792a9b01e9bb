/** Shared code of the programs beside `raft-lab` (soak, simulate, seed-tests, mutants): help, a wrong command line, Ctrl-C. */
import type { Lab } from '../lab/index.ts';
import { noteLine, printLine } from './console.ts';
import { EXIT } from './exit.ts';
import { watchOutput } from './output.ts';

/**
 * Reads the command line and runs. What `run` throws says nothing about Raft: EXIT.lab.
 *
 * @param read  @throws Error with a sentence: the usage follows it, and the program ends with EXIT.usage
 */
export async function program<Asked>(
  args: readonly string[],
  usage: string,
  read: (args: readonly string[]) => Asked | Promise<Asked>,
  run: (asked: Asked) => Promise<number>,
): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    printLine(usage);
    return 0;
  }
  watchOutput(process, (problem) => noteLine(problem));
  let asked: Asked;
  try {
    refuseTwice(args);
    asked = await read(args);
  } catch (problem) {
    noteLine(`${(problem as Error).message}\n\n${usage}`);
    return EXIT.usage;
  }
  try {
    return await run(asked);
  } catch (problem) {
    // Node would end with 1, which is the code of a broken promise.
    noteLine(`It could not be done: ${(problem as Error).message}`);
    return EXIT.lab;
  }
}

/** No option of these programs is a list, so the second one would silently win. @throws Error with a sentence */
function refuseTwice(args: readonly string[]): void {
  const names = args.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0] ?? word);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw new Error(`${twice} stands twice: say it once.`);
}

/** The first Ctrl-C or SIGTERM calls off with this line; the second one kills what runs and ends with 130. */
export function callOffBySignal(lab: Pick<Lab, 'killNow'>, line: string): AbortSignal {
  const calledOff = new AbortController();
  const callOff = (): void => {
    if (calledOff.signal.aborted) {
      lab.killNow();
      process.exit(EXIT.interrupted);
    }
    calledOff.abort();
    noteLine(line);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, callOff);
  return calledOff.signal;
}
