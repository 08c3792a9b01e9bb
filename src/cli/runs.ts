/**
 * `raft-lab runs`: lists the recordings, newest first. With a verb it names, notes or deletes one, or keeps only the
 * newest.
 */
import { createInterface } from 'node:readline/promises';
import { flawInWords, type RunSummary } from '../core/lab-api/index.ts';
import { EXIT } from './exit.ts';
import type { Terminal } from './terminal.ts';
import { asked, withLab } from './with-lab.ts';
import { inLanguage } from './words.ts';

/** Arguments of `raft-lab runs`. */
export interface RunsArgs {
  /** Null: list the recordings. */
  readonly verb: string | null;
  /** The arguments after the verb. */
  readonly args: readonly string[];
  readonly json: boolean;
  /** True: delete recordings without asking. */
  readonly yes: boolean;
}

export async function runs(terminal: Terminal, { verb, args, json, yes }: RunsArgs): Promise<number> {
  const [first, text] = args;
  if (verb === null) return await list(terminal, json);
  if (verb === 'delete' && first !== undefined && text === undefined) return await deleteOne(terminal, first);
  if (verb === 'rename' && first !== undefined && text !== undefined)
    return await label(terminal, first, { title: text });
  if (verb === 'note' && first !== undefined && text !== undefined) return await label(terminal, first, { note: text });
  if (verb === 'keep' && first !== undefined && text === undefined && /^\d{1,6}$/.test(first)) {
    return await keep(terminal, Number(first), yes);
  }
  terminal.note(terminal.say('runsVerb'));
  return EXIT.usage;
}

async function list(terminal: Terminal, json: boolean): Promise<number> {
  return await withLab(terminal, async (lab) => {
    const all = await asked(lab, 'listRuns', {});
    if (json) terminal.print(JSON.stringify(all));
    else if (all.length === 0) terminal.note(terminal.say('noRuns', { folder: terminal.dataFolder }));
    else for (const run of all) terminal.print(lineOf(terminal, run));
    return EXIT.ok;
  });
}

async function deleteOne(terminal: Terminal, runId: string): Promise<number> {
  return await withLab(terminal, async (lab) => {
    await asked(lab, 'deleteRun', { runId });
    terminal.print(terminal.say('runDeleted', { runId }));
    return EXIT.ok;
  });
}

/** Sets the name or the note of a run. An empty text removes it. */
async function label(
  terminal: Terminal,
  runId: string,
  change: { readonly title: string } | { readonly note: string },
): Promise<number> {
  return await withLab(terminal, async (lab) => {
    await asked(lab, 'labelRun', { runId, ...change });
    return EXIT.ok;
  });
}

/**
 * Lists the recordings to delete and asks, unless `--yes` is given. Without a terminal to ask in, it deletes nothing.
 */
async function keep(terminal: Terminal, newest: number, yes: boolean): Promise<number> {
  const { say, print, note, interrupted } = terminal;
  return await withLab(terminal, async (lab) => {
    const { count, bytes, first } = await asked(lab, 'keepRuns', { newest });
    if (count === 0) {
      print(say('runsKeepNothing'));
      return EXIT.ok;
    }
    const size = mibText(bytes);
    if (!yes && !process.stdin.isTTY) {
      note(say('runsKeepYes', { count, size }));
      return EXIT.failed;
    }
    if (!yes && !(await isAgreed(say('runsKeepAsk', { count, size }), interrupted))) {
      note(say('runsKeepNot'));
      return EXIT.failed;
    }
    const kept = await asked(lab, 'keepRuns', { newest, agreed: { count, first } });
    print(say('runsKeepDone', { count: kept.count, size }));
    return EXIT.ok;
  });
}

/** Asks on stderr. @returns true when the answer begins with y or 是 */
async function isAgreed(question: string, signal: AbortSignal): Promise<boolean> {
  // Ctrl-C stays a signal without raw mode, and ends this command like every other.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  const ended = new Promise<string>((resolve) => {
    lines.once('close', () => resolve(''));
  });
  try {
    return /^\s*(?:y|是)/i.test(await Promise.race([lines.question(`${question} `, { signal }), ended]));
  } finally {
    lines.close();
  }
}

function mibText(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** Returns one line: the run's id, its size, its verdict, and its title or settings. */
function lineOf(terminal: Terminal, run: RunSummary): string {
  const { say } = terminal;
  const size = mibText(run.bytes).padStart(10);
  const verdict = run.live ? say('runLive') : say(`outcome-${run.verdict}`);
  return [run.runId, size, verdict.padEnd(VERDICT_WIDTH), aboutRun(terminal, run)].join('  ');
}

const VERDICT_WIDTH = 11;

function aboutRun({ say, language }: Terminal, run: RunSummary): string {
  if (run.isUnfinished) return say('runUnfinished');
  if (!run.ok) return say('runDamaged', { problem: run.problem });
  const { servers, preset, durability, pace } = run.settings;
  const made = `${say('runServers', { count: servers.length })}, ${preset}, ${durability}, ${pace}`;
  const flaw = run.flaw === undefined ? '' : inLanguage(language, flawInWords(run.flaw));
  return [run.title, run.scenario ?? '', made, flaw].filter((part) => part !== '').join(' · ');
}
