/**
 * The terminal program (`out/main/cli.js`): reads the command line, carries out one command, and ends with its exit
 * code. The first SIGINT, SIGTERM or SIGHUP ends the command in order, the second one at once; in both cases no process
 * is left. An uncaught error ends it with exit code 3. The help and the error for a wrong command line load no command. Started by scripts/lab.mjs.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { watchErrors, watchSignals } from '../program/ending.ts';
import { noteLine, printLine } from './console.ts';
import { EXIT } from './exit.ts';
import { helpText } from './help.ts';
import { lookAround } from './launcher.ts';
import { watchOutput } from './output.ts';
import { type AskedCommand, readArgs } from './read-args.ts';
import type { Terminal } from './terminal.ts';
import { createSay, languageOf } from './words.ts';

/** Folder of the built programs. This file is an entry, so the build never moves it into a chunk. */
const here = import.meta.dirname;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const launcher = await lookAround(join(here, '..', '..'), process.env);
  const language = languageOf(args, launcher.language);
  const say = createSay(language);
  watchErrors(process, (problem) => {
    // The state of the program is unknown. On exit the lab kills its processes.
    noteLine(problem instanceof Error ? (problem.stack ?? problem.message) : String(problem));
    noteLine(say('failed', { problem: problem instanceof Error ? problem.message : String(problem) }));
    process.exit(EXIT.lab);
  });
  watchOutput(process, (problem) => noteLine(say('failed', { problem })));
  const asked = readArgs(args);
  switch (asked.kind) {
    case 'help':
      printLine(helpText(say, asked.of));
      return EXIT.ok;
    case 'version':
      printLine(versionOf(here));
      return EXIT.ok;
    case 'wrong':
      noteLine(`${say(asked.key, asked.params)}\n\n${helpText(say, asked.of)}`);
      return EXIT.usage;
    case 'command':
      return await untilInterrupted(asked, { say, language, launcher });
  }
}

async function untilInterrupted(
  asked: AskedCommand,
  spoken: Pick<Terminal, 'say' | 'language' | 'launcher'>,
): Promise<number> {
  const interruption = new AbortController();
  const watch = watchSignals(process, {
    inOrder: () => {
      noteLine(spoken.say(asked.of.interrupted));
      interruption.abort();
    },
    atOnce: () => process.exit(EXIT.interrupted),
  });
  try {
    const { carryOut } = await import('./carry-out.ts');
    const { signal: interrupted } = interruption;
    return await carryOut(asked, { ...spoken, interrupted, programFolder: here, print: printLine, note: noteLine });
  } finally {
    watch.stop();
  }
}

function versionOf(folder: string): string {
  const text = readFileSync(join(folder, '..', '..', 'package.json'), 'utf8');
  return String((JSON.parse(text) as { readonly version?: unknown }).version);
}
