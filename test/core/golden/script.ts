/**
 * The language of the golden files. A line that begins with `> ` is a command. The lines below it, indented by two, show
 * its effects. All other lines are for the reader and stay unchanged.
 *
 *     > flags preVote checkQuorum      extensions, before the servers; none when the line is absent
 *     > server S1 term 7 log 1 1 4     initial disk of each server, in the order S1, S2, …
 *     > server S2 term 3 vote S5 log 1 the vote follows the term
 *     > timeout S1                     ticks until role or term changes
 *     > tick S1 3
 *     > propose S1 5
 *     > deliver S1 S2 S3               all waiting messages among these servers, until no message waits
 *     > deliver S1->S2 [last|again]    one message: the first, the last, or the one delivered before
 *     > drop [S1]                      loses all waiting messages, or those from and to one server
 *     > hang S1 / > write S1           makes the next write hang / completes it
 *     > restart S1                     kill -9 and start
 *     > show                           state of each server
 *
 * A group of lines that repeats appears once, with the number of times below it.
 */
import type { ProtocolFlags } from '../../../src/core/vocabulary/index.ts';
import { PAPER, proposeCommands, TICK } from '../raft/helpers.ts';
import { type Given, Table } from '../raft/table.ts';
import { linesOf, stateLines } from './wording.ts';

/** Returns the file with the same commands and their present results. */
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

/** Sizes of groups of lines whose repetitions are collapsed; the smallest group that repeats is chosen. */
const GROUP_SIZES = [1, 2, 3, 4];

/** Collapses repetitions: a group of lines that is repeated directly appears once, with the number of times. */
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

/** Returns how often the group of `size` lines at `at` occurs in succession. */
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

/** Parses the start of a server: `S1 term 7 log 1 1 4`, `S3 term 3 vote S5 log 1`. The log may be empty. */
function givenOf(words: readonly string[], number: number): Given {
  const found = /^(S\d) term (\d+)(?: vote (S\d))? log((?: \d+)*)$/.exec(words.join(' '));
  if (found === null || found[1] !== `S${number}`) {
    throw new Error(`should be: server S${number} term T [vote S] log T T …`);
  }
  const log = found[4]?.split(' ').filter((term) => term !== '') ?? [];
  return { term: Number(found[2]), votedFor: found[3] ?? null, log: log.map(Number) };
}
