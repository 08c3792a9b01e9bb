/**
 * Reads published histories in the formats in which they are published. Every line is understood or named in an error.
 *
 * - `jepsen-edn`: Jepsen's own format. Maps with `:process :type :f :value`, one a line or all in a vector. One
 *   register with `:read`, `:write` and `:cas [from to]`; a failed operation did not happen.
 * - `jepsen-log`: lines such as `INFO  jepsen.util - 2⇥:invoke⇥:write⇥4`. A failed `:cas` compared and did not swap.
 * - `porcupine-kv`: one map a line, with `:key` too; `:get`, `:put` and `:append` on texts that are empty at first.
 */
import { parseEDNString } from 'edn-data';
import { atOnce, type Pieces } from '../pieces.ts';
import { EdnList, levelsOf } from './edn-forms.ts';
import type { HistoryFormat } from './formats.ts';
import { type HistoryVerdict, judgingHistory } from './judge-history.ts';
import {
  NIL,
  type RegisterInput,
  type RegisterOutput,
  register,
  type TextInput,
  type TextOutput,
  text,
} from './models.ts';
import type { Model, Operation } from './operation.ts';
import type { Limits } from './search.ts';

/** Thrown for a file that is not a history in its format. */
export class HistoryProblem extends Error {
  override readonly name = 'HistoryProblem';

  constructor(line: number, sentence: string) {
    super(`line ${line}: ${sentence}`);
  }
}

/** Maximum characters of a line, or of a map over several lines: a file without line feeds is not kept whole. */
const LONGEST_LINE = 1024 * 1024;
/** Maximum nesting depth of the brackets in a value. */
const MOST_LEVELS = 1_000;
/** Maximum number of operations; each takes some 200 bytes. */
const MOST_OPERATIONS = 2_000_000;

/** @throws HistoryProblem with the line */
export function judgeHistoryText(content: string, format: HistoryFormat, limits?: Limits): HistoryVerdict {
  const reader = new HistoryReader(format);
  for (const line of content.split('\n')) reader.take(line);
  return atOnce(reader.judging(limits));
}

/** Reads a history line by line, and keeps only its operations. */
export class HistoryReader {
  readonly #rows: RowReader;
  readonly #operations: OperationReader;
  #line = 0;

  constructor(format: HistoryFormat) {
    this.#rows = format === 'jepsen-log' ? new LogRows() : new EdnRows();
    this.#operations = operationsOf(format);
  }

  /**
   * Reads the next line.
   *
   * @param text  without its line feed
   * @throws HistoryProblem with the line
   */
  take(text: string): void {
    this.#line += 1;
    if (text.length > LONGEST_LINE) {
      throw new HistoryProblem(this.#line, `it has more than ${LONGEST_LINE} characters`);
    }
    for (const row of this.#rows.take(text, this.#line)) this.#operations.take(row);
  }

  /** Judges the history after its last line, in pieces. @throws HistoryProblem with the line */
  *judging(limits?: Limits): Pieces<HistoryVerdict> {
    this.#rows.end();
    return yield* this.#operations.judging(limits);
  }
}

interface RowReader {
  take(text: string, line: number): readonly Row[];
  /** @throws HistoryProblem when the history is incomplete */
  end(): void;
}

/** One line of a history: a call, or the end of a call. */
interface Row {
  readonly line: number;
  readonly client: string;
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly f: string;
  readonly key: string;
  readonly value: unknown;
}

const TYPES = ['invoke', 'ok', 'fail', 'info'] as const;
const EDN = { mapAs: 'object', keywordAs: 'string', listAs: 'array', symbolAs: 'string' } as const;

/** Reads one map a line, or all maps in a list. */
class EdnRows implements RowReader {
  #list: EdnList | null = null;
  #hasBegun = false;

  take(text: string, line: number): readonly Row[] {
    if (this.#list !== null) return this.#takeOfList(this.#list, text, line);
    const bare = text.trim();
    if (bare === '' || bare.startsWith(';')) return [];
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      if (bare.startsWith('[') || bare.startsWith('(')) {
        this.#list = new EdnList();
        return this.#takeOfList(this.#list, bare, line);
      }
    }
    return rowOf(readEdn(bare, line), line);
  }

  end(): void {
    if (this.#list?.hasEnded === false) throw new HistoryProblem(1, 'the list of operations does not end');
  }

  #takeOfList(list: EdnList, text: string, line: number): readonly Row[] {
    const rows = list.take(text, line).flatMap((form) => {
      if (!/^[{#]/.test(form.text)) throw new HistoryProblem(form.line, NO_MAP);
      return rowOf(readEdn(form.text, form.line), form.line);
    });
    if (list.hasEnded && list.pending > 0) {
      throw new HistoryProblem(line, 'there is something behind the list of operations');
    }
    if (list.pending > LONGEST_LINE) throw new HistoryProblem(line, `a map has more than ${LONGEST_LINE} characters`);
    return rows;
  }
}

/** @throws HistoryProblem */
function readEdn(text: string, line: number): unknown {
  // Each nesting level adds some recursive calls when the value is walked.
  if (text.length > MOST_LEVELS && levelsOf(text) > MOST_LEVELS) {
    throw new HistoryProblem(line, `nested deeper than ${MOST_LEVELS} levels`);
  }
  try {
    return parseEDNString(text, EDN) as unknown;
  } catch (problem) {
    throw new HistoryProblem(line, `"${text.slice(0, 80)}" is no EDN: ${(problem as Error).message}`);
  }
}

const NO_MAP = 'an operation is a map like {:process 0, :type :invoke, :f :read, :value nil}';

/** Returns no row for a line that is not a client's, because Jepsen records its nemesis too. */
function rowOf(item: unknown, line: number): readonly Row[] {
  const map = untagged(item);
  if (map === null) throw new HistoryProblem(line, NO_MAP);
  const { f, key } = map;
  const client = map.process;
  if (typeof client !== 'number') return [];
  const type = TYPES.find((one) => one === map.type);
  if (type === undefined)
    throw new HistoryProblem(line, `:type ${String(map.type)} should be :invoke, :ok, :fail or :info`);
  if (typeof f !== 'string') throw new HistoryProblem(line, 'it has no :f');
  return [{ line, client: String(client), type, f, key: key === undefined ? '' : textOf(key), value: map.value }];
}

/** Returns a map, also one behind a tag (`#jepsen.history.Op{…}`); null for any other value. */
function untagged(item: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return null;
  const { tag, val } = item as Readonly<Record<string, unknown>>;
  return typeof tag === 'string' ? untagged(val) : (item as Readonly<Record<string, unknown>>);
}

const LOG_LINE = /^INFO\s+jepsen\.util\s+-\s+(\S+)\s+:(invoke|ok|fail|info)\s+:(\w+)\s+(.*?)\s*$/;

class LogRows implements RowReader {
  take(text: string, line: number): readonly Row[] {
    if (text.trim() === '') return [];
    const found = LOG_LINE.exec(text);
    if (found === null) {
      throw new HistoryProblem(line, `"${text.slice(0, 80)}" is no line like INFO  jepsen.util - 0 :invoke :read nil`);
    }
    const [, client = '', type = '', f = '', value = ''] = found;
    if (!/^\d+$/.test(client)) return [];
    return [{ line, client, type: type as Row['type'], f, key: '', value: readEdn(value, line) }];
  }

  end(): void {
    // Every line is complete by itself.
  }
}

interface OperationReader {
  /** @throws HistoryProblem */
  take(row: Row): void;
  judging(limits: Limits | undefined): Pieces<HistoryVerdict>;
}

function operationsOf(format: HistoryFormat): OperationReader {
  switch (format) {
    case 'jepsen-edn':
      return new Operations(register, registerMeaning('did-not-happen'));
    case 'jepsen-log':
      return new Operations(register, registerMeaning('compared'));
    case 'porcupine-kv':
      return new Operations(text, TEXT_MEANING);
  }
}

function registerMeaning(failedCas: 'did-not-happen' | 'compared'): Meaning<RegisterInput, RegisterOutput> {
  return {
    input: registerInput,
    output: ({ f, value }) =>
      f === 'read' ? { value: textOf(value) } : f === 'cas' ? { swapped: true } : { written: true },
    failed: ({ f }) => (f === 'cas' && failedCas === 'compared' ? { swapped: false } : undefined),
  };
}

function registerInput({ f, value, line }: Row): RegisterInput {
  if (f === 'read') return { f };
  if (f === 'write') return { f, value: textOf(value) };
  if (f === 'cas' && Array.isArray(value) && value.length === 2)
    return { f, from: textOf(value[0]), to: textOf(value[1]) };
  if (f === 'cas') throw new HistoryProblem(line, ':cas has a :value of two, [from to]');
  throw new HistoryProblem(line, `:f ${f} should be :read, :write or :cas`);
}

const TEXT_MEANING: Meaning<TextInput, TextOutput> = {
  input: ({ f, value, line }) => {
    if (f === 'get') return { f };
    if (f === 'put' || f === 'append') return { f, value: plainText(value) };
    throw new HistoryProblem(line, `:f ${f} should be :get, :put or :append`);
  },
  output: ({ f, value }) => (f === 'get' ? plainText(value) : ''),
  failed: () => undefined,
};

interface Meaning<Input, Output> {
  /** @throws HistoryProblem */
  readonly input: (call: Row) => Input;
  readonly output: (end: Row) => Output;
  /** Output of a failed operation; undefined when a failed operation did not happen. */
  readonly failed: (end: Row) => Output | undefined;
}

/** A call whose end was not read yet. */
interface Call<Input> {
  readonly line: number;
  readonly f: string;
  readonly key: string;
  readonly input: Input;
  readonly at: number;
}

/** Pairs calls with their ends. A call without an end, or with `:info` as its end, may have happened or not. */
class Operations<Input, Output> implements OperationReader {
  readonly #model: Model<Input, Output>;
  readonly #meaning: Meaning<Input, Output>;
  readonly #done: Operation<Input, Output>[] = [];
  readonly #open = new Map<string, Call<Input>>();
  /** Position of the next row, which serves as the clock of the history. */
  #at = 0;

  constructor(model: Model<Input, Output>, meaning: Meaning<Input, Output>) {
    this.#model = model;
    this.#meaning = meaning;
  }

  take(row: Row): void {
    const { client, line, f, key } = row;
    const at = this.#at;
    this.#at += 1;
    if (row.type === 'invoke') {
      // A client that calls again has given up its last call.
      this.#close(client, null);
      if (this.#done.length + this.#open.size >= MOST_OPERATIONS) {
        throw new HistoryProblem(line, `it has more than ${MOST_OPERATIONS} operations`);
      }
      this.#open.set(client, { line, f, key, input: this.#meaning.input(row), at });
      return;
    }
    const call = this.#open.get(client);
    if (call === undefined) throw new HistoryProblem(line, `process ${client} learns of something it did not ask`);
    if (call.f !== f) throw new HistoryProblem(line, `process ${client} asked :${call.f} and learns of :${f}`);
    if (row.type === 'info') this.#close(client, null);
    else if (row.type === 'ok') this.#close(client, { at, output: this.#meaning.output(row) });
    else {
      const output = this.#meaning.failed(row);
      if (output === undefined) this.#open.delete(client);
      else this.#close(client, { at, output });
    }
  }

  judging(limits: Limits | undefined): Pieces<HistoryVerdict> {
    for (const client of [...this.#open.keys()]) this.#close(client, null);
    return judgingHistory(this.#model, this.#done, limits === undefined ? {} : { limits });
  }

  #close(client: string, returned: Operation<Input, Output>['returned']): void {
    const call = this.#open.get(client);
    if (call === undefined) return;
    this.#open.delete(client);
    const { line, key, input, at } = call;
    this.#done.push({ name: `line ${line}`, client, key, input, invoked: at, returned });
  }
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return NIL;
  return typeof value === 'string' ? value : typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

function plainText(value: unknown): string {
  return value === null || value === undefined ? '' : textOf(value);
}
