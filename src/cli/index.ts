/**
 * The terminal door's program (`out/main/cli.js`): reads the command line, carries out one command, and ends with its
 * exit code. The first Ctrl-C or SIGTERM ends the command in order, the second one at once; either way no process
 * is left. Started by scripts/lab.mjs.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabError } from '../core/lab-api/index.ts';
import { type DataFolders, dataFolders, EXPORT_FORMATS, LabProblem, thisMachine } from '../lab/index.ts';
import { bench } from './bench/index.ts';
import { check } from './check.ts';
import { type CommandName, sentenceWhenInterrupted } from './commands.ts';
import { noteLine, printLine } from './console.ts';
import { doctor } from './doctor.ts';
import { EXIT, exitBecauseOf } from './exit.ts';
import { exportRun } from './export.ts';
import { helpText } from './help.ts';
import { lookAround } from './launcher.ts';
import { watchOutput } from './output.ts';
import { type Asked, readArgs } from './read-args.ts';
import { runs } from './runs.ts';
import { scenario } from './scenario.ts';
import { bringRuns, followChosen, LabRefusal, type Terminal } from './terminal.ts';
import { createSay, errorSentence, languageOf } from './words.ts';

/** Where the programs lie beside this one; this file is an entry, so it is never moved into a chunk. */
const here = import.meta.dirname;

/** Commands that only read what is recorded. */
const READERS: ReadonlySet<CommandName> = new Set(['runs', 'check', 'export']);
/** Commands that look among the recordings: those of earlier versions are brought there first. */
const READS_RUNS: readonly string[] = ['runs', 'scenario', 'check', 'export'];

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const launcher = await lookAround(join(here, '..', '..'), process.env);
  const language = languageOf(args, launcher.language);
  const say = createSay(language);
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
      return await carryOut(asked, { say, language, launcher });
  }
}

async function carryOut(
  asked: Extract<Asked, { readonly kind: 'command' }>,
  spoken: Pick<Terminal, 'say' | 'language' | 'launcher'>,
): Promise<number> {
  const { say } = spoken;
  const { options, operand, rest } = asked;
  // A folder to read from: to make it would hide that its name is wrong.
  if (typeof options.data === 'string' && READERS.has(asked.name) && !existsSync(options.data)) {
    noteLine(say('noFolder', { folder: options.data }));
    return EXIT.failed;
  }
  const interruption = watchSignals(say(sentenceWhenInterrupted(asked.name)));
  try {
    let chosen: string | null = null;
    const terminal: Terminal = {
      ...spoken,
      ...{ interrupted: interruption.signal, programFolder: here },
      print: printLine,
      note: noteLine,
      // Looked for when a command needs it: `check FILE` works without a home folder.
      get dataFolder() {
        const { folder } = foldersNamed(options.data);
        if (isNamed(options.data)) return folder;
        // Looked for once, so that its problem is reported once.
        chosen ??= followChosen(folder, READERS.has(asked.name) ? 'read' : 'write', terminal);
        return chosen;
      },
    };
    if (READS_RUNS.includes(asked.name)) await bringRuns(() => foldersNamed(options.data), terminal);
    const json = options.json === true;
    switch (asked.name) {
      case 'runs':
        return await runs(terminal, { verb: operand, words: rest, json, yes: options.yes === true });
      case 'bench':
        return await bench(terminal, options);
      case 'doctor':
        return await doctor(terminal, { json });
      case 'check': {
        const format = typeof options.format === 'string' ? options.format : null;
        return await check(terminal, { what: operand, format, json });
      }
      case 'scenario':
        return await scenario(terminal, { verb: operand, which: rest[0] ?? null, json, options });
      case 'export': {
        const out = typeof options.out === 'string' ? options.out : null;
        const format = EXPORT_FORMATS.find((one) => one === (options.format ?? 'jsonl'));
        if (format === undefined) throw new Error(`no export is called ${options.format}`);
        return await exportRun(terminal, { run: operand, format, out, force: options.force === true });
      }
      case 'serve':
      case 'view':
        // The launcher carries them out; here only their help is known.
        throw new Error(`${asked.name} is started by scripts/lab.mjs`);
    }
  } catch (problem) {
    const error = errorOf(problem);
    const sentence = error === null ? (problem as Error).message : errorSentence(spoken.language, error);
    noteLine(say('failed', { problem: sentence }));
    return error === null ? EXIT.lab : exitBecauseOf(error);
  } finally {
    interruption.stop();
  }
}

/** By `--data` or by the environment: then the folder that was chosen in the settings is not looked at. */
function isNamed(data: string | boolean | undefined): boolean {
  return typeof data === 'string' || Boolean(process.env.RAFT_LAB_DATA_DIR);
}

/** @throws Error with a sentence when no home folder is known */
function foldersNamed(data: string | boolean | undefined): DataFolders {
  return dataFolders(thisMachine(), typeof data === 'string' ? data : null);
}

/** Any other problem is the lab's own. */
function errorOf(problem: unknown): LabError | null {
  return problem instanceof LabRefusal || problem instanceof LabProblem ? problem.error : null;
}

/** The first signal asks for an end, the second one is an end. */
function watchSignals(sentence: string) {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    noteLine(sentence);
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onSignal);
  return {
    signal: controller.signal,
    stop: () => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(name, onSignal);
    },
  };
}

function versionOf(folder: string): string {
  const text = readFileSync(join(folder, '..', '..', 'package.json'), 'utf8');
  return String((JSON.parse(text) as { readonly version?: unknown }).version);
}
