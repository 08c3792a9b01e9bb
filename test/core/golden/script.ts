/**
 * The language of the golden files. A line that begins with `> ` is a command; what it led to stands below it, indented
 * by two; everything else is for the reader and stays as it is.
 *
 *     > flags preVote checkQuorum      before the servers; paper when absent
 *     > server S1 term 7 log 1 1 4     its disk at the beginning, in the order S1, S2, …; the vote comes after the term:
 *     > server S2 term 3 vote S5 log 1
 *     > timeout S1                     ticks until it stands or steps down
 *     > tick S1 3
 *     > propose S1 5
 *     > deliver S1 S2 S3               what waits among them, until nothing does
 *     > deliver S1->S2 [last|again]    one message: the first, the newest, or the one just delivered once more
 *     > drop [S1]                      loses what waits: everywhere, or at one server
 *     > hang S1 / > write S1           its disk takes no write / the write comes to its end
 *     > restart S1                     kill -9 and start
 *     > show                           what each server is
 *
 * What happens again and again stands there once, and below it how often.
 */
import type { ProtocolFlags } from '../../../src/core/vocabulary/index.ts';
import { PAPER, proposeCommands, TICK } from '../raft/helpers.ts';
import { type Given, Table } from '../raft/table.ts';
import { linesOf, stateLines } from './wording.ts';

/** The file as it should be: the same commands with what they lead to now. */
export function play(file: string): string {
  const run = new Run();
  const lines: string[] = [];
  for (const [position, line] of file.split('\n').entries()) {
    if (line.startsWith('> ')) {
      lines.push(line, ...outputOf(run, line, position + 1).map((output) => `  ${output}`));
    } else if (!line.startsWith('  ')) {
      lines.push(line);
    }
  }
  return lines.join('\n');
}

function outputOf(run: Run, line: string, number: number): readonly string[] {
  try {
    return run.command(line.slice(2).trim().split(/\s+/));
  } catch (cause) {
    throw new Error(`line ${number}, "${line}": ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

class Run {
  private flags: ProtocolFlags = PAPER;
  private readonly given: Given[] = [];
  private table: Table | null = null;

  command([name = '', ...words]: readonly string[]): readonly string[] {
    switch (name) {
      case 'flags':
        this.flags = { ...PAPER, ...Object.fromEntries(words.map((flag) => [flagOf(flag), true])) };
        return [];
      case 'server':
        this.given.push(givenOf(words, this.given.length + 1));
        return [];
      case 'show':
        return stateLines(this.started());
      default: {
        const table = this.started();
        act(table, name, words);
        return withoutRepeats(table.seen.splice(0).flatMap(linesOf));
      }
    }
  }

  private started(): Table {
    this.table ??= new Table(this.given, { flags: this.flags });
    return this.table;
  }
}

/** Lines of a group that may be said once; the shortest that repeats is taken. */
const GROUP_SIZES = [1, 2, 3, 4];

/** A group of lines that comes again at once is said once, with how often it came. */
function withoutRepeats(lines: readonly string[]): readonly string[] {
  const said: string[] = [];
  let at = 0;
  while (at < lines.length) {
    const size = GROUP_SIZES.find((one) => timesAt(lines, at, one) > 1) ?? 1;
    const times = timesAt(lines, at, size);
    said.push(...lines.slice(at, at + size));
    if (times > 1) said.push(`… ${times} times`);
    at += size * times;
  }
  return said;
}

/** How often the group of `size` lines at `at` stands there, one after the other. */
function timesAt(lines: readonly string[], at: number, size: number): number {
  let end = at + size;
  while (end < lines.length && lines[end] === lines[end - size]) end += 1;
  return Math.floor((end - at) / size);
}

const ACTS: Readonly<Record<string, (table: Table, first: string, rest: readonly string[]) => unknown>> = {
  timeout: (table, id) => table.timeOut(id),
  tick: (table, id, [count]) => {
    for (let left = Number(count ?? 1); left > 0; left--) table.input(id, TICK);
  },
  propose: (table, id, commands) => table.input(id, proposeCommands(...commands.map(Number))),
  deliver: (table, first, rest) =>
    first.includes('->') ? table.deliver(first, whichOf(rest[0])) : table.settle([first, ...rest]),
  drop: (table, id) => table.drop(id === '' ? null : id),
  hang: (table, id) => {
    table.server(id).hangs = true;
  },
  write: (table, id) => table.finishWrite(id),
  restart: (table, id) => table.restart(id),
};

function act(table: Table, name: string, [first = '', ...rest]: readonly string[]): void {
  const how = ACTS[name];
  if (how === undefined) {
    throw new Error('no such command');
  }
  how(table, first, rest);
}

function flagOf(word: string): keyof ProtocolFlags {
  if (word === 'preVote' || word === 'checkQuorum' || word === 'noop') {
    return word;
  }
  throw new Error(`no flag ${word}`);
}

function whichOf(word: string | undefined): 'first' | 'last' | 'again' {
  if (word === undefined || word === 'last' || word === 'again') {
    return word ?? 'first';
  }
  throw new Error(`"${word}" should be last or again`);
}

/** `S1 term 7 log 1 1 4`, `S3 term 3 vote S5 log 1`; the log may be empty. */
function givenOf(words: readonly string[], number: number): Given {
  const found = /^(S\d) term (\d+)(?: vote (S\d))? log((?: \d+)*)$/.exec(words.join(' '));
  if (found === null || found[1] !== `S${number}`) {
    throw new Error(`should be: server S${number} term T [vote S] log T T …`);
  }
  const log = found[4]?.split(' ').filter((term) => term !== '') ?? [];
  return { term: Number(found[2]), votedFor: found[3] ?? null, log: log.map(Number) };
}
