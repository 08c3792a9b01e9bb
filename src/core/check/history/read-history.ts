/**
 * Public histories with known answers, in the forms they are published in. Every line is understood or named.
 *
 * - `jepsen-edn`: Jepsen's own: maps with `:process :type :f :value`, one a line or all in a vector. One register with
 *   `:read`, `:write` and `:cas [from to]`; what failed did not happen.
 * - `jepsen-log`: lines `INFO  jepsen.util - 2⇥:invoke⇥:write⇥4`. A `:cas` that failed compared and did not swap.
 * - `porcupine-kv`: one map a line with `:key` too; `:get`, `:put` and `:append` on texts that are empty at first.
 */
import { parseEDNString } from 'edn-data';
import { type HistoryVerdict, judgeHistory } from './judge-history.ts';
import {
  NIL,
  type RegisterInput,
  type RegisterOutput,
  register,
  type TextInput,
  type TextOutput,
  text,
} from './models.ts';
import type { Operation } from './operation.ts';
import type { Limits } from './search.ts';

export const HISTORY_FORMATS = ['jepsen-edn', 'jepsen-log', 'porcupine-kv'] as const;
export type HistoryFormat = (typeof HISTORY_FORMATS)[number];

/** A file that is no history of its format. */
export class HistoryProblem extends Error {
  override readonly name = 'HistoryProblem';

  constructor(line: number, sentence: string) {
    super(`line ${line}: ${sentence}`);
  }
}

/** @throws HistoryProblem with the line */
export function judgeHistoryText(content: string, format: HistoryFormat, limits?: Limits): HistoryVerdict {
  switch (format) {
    case 'jepsen-edn':
      return judgeHistory(register, registerOperations(ednRows(content), 'did-not-happen'), limits);
    case 'jepsen-log':
      return judgeHistory(register, registerOperations(logRows(content), 'compared'), limits);
    case 'porcupine-kv':
      return judgeHistory(text, textOperations(ednRows(content)), limits);
  }
}

/** One line of a history: somebody calls, or learns. */
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

function ednRows(content: string): readonly Row[] {
  const trimmed = content.trimStart();
  if (trimmed.startsWith('[') || trimmed.startsWith('(')) {
    const all = parseEDNString(content, EDN) as unknown;
    if (!Array.isArray(all)) throw new HistoryProblem(1, 'the list of operations does not end');
    return all.flatMap((item, at) => rowOf(item, at + 1));
  }
  return content.split('\n').flatMap((line, at) => {
    const bare = line.trim();
    if (bare === '' || bare.startsWith(';')) return [];
    return rowOf(parseEDNString(bare, EDN) as unknown, at + 1);
  });
}

/** None for what is not a client's: Jepsen writes down its nemesis too. */
function rowOf(item: unknown, line: number): readonly Row[] {
  const map = untagged(item);
  if (map === null)
    throw new HistoryProblem(line, 'an operation is a map like {:process 0, :type :invoke, :f :read, :value nil}');
  const { f, key } = map;
  const client = map.process;
  if (typeof client !== 'number') return [];
  const type = TYPES.find((one) => one === map.type);
  if (type === undefined)
    throw new HistoryProblem(line, `:type ${String(map.type)} should be :invoke, :ok, :fail or :info`);
  if (typeof f !== 'string') throw new HistoryProblem(line, 'it has no :f');
  return [{ line, client: String(client), type, f, key: key === undefined ? '' : textOf(key), value: map.value }];
}

/** A map, also with a tag before it (`#jepsen.history.Op{…}`). */
function untagged(item: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return null;
  const { tag, val } = item as Readonly<Record<string, unknown>>;
  return typeof tag === 'string' ? untagged(val) : (item as Readonly<Record<string, unknown>>);
}

const LOG_LINE = /^INFO\s+jepsen\.util\s+-\s+(\S+)\s+:(invoke|ok|fail|info)\s+:(\w+)\s+(.*?)\s*$/;

function logRows(content: string): readonly Row[] {
  return content.split('\n').flatMap((text, at): readonly Row[] => {
    if (text.trim() === '') return [];
    const found = LOG_LINE.exec(text);
    if (found === null)
      throw new HistoryProblem(
        at + 1,
        `"${text.slice(0, 80)}" is no line like INFO  jepsen.util - 0 :invoke :read nil`,
      );
    const [, client = '', type = '', f = '', value = ''] = found;
    if (!/^\d+$/.test(client)) return [];
    return [
      { line: at + 1, client, type: type as Row['type'], f, key: '', value: parseEDNString(value, EDN) as unknown },
    ];
  });
}

function registerOperations(
  rows: readonly Row[],
  failedCas: 'did-not-happen' | 'compared',
): readonly Operation<RegisterInput, RegisterOutput>[] {
  return paired<RegisterInput, RegisterOutput>(rows, {
    input: registerInput,
    output: ({ f, value }) =>
      f === 'read' ? { value: textOf(value) } : f === 'cas' ? { swapped: true } : { written: true },
    failed: ({ f }) => (f === 'cas' && failedCas === 'compared' ? { swapped: false } : undefined),
  });
}

function registerInput({ f, value, line }: Row): RegisterInput {
  if (f === 'read') return { f };
  if (f === 'write') return { f, value: textOf(value) };
  if (f === 'cas' && Array.isArray(value) && value.length === 2)
    return { f, from: textOf(value[0]), to: textOf(value[1]) };
  if (f === 'cas') throw new HistoryProblem(line, ':cas has a :value of two, [from to]');
  throw new HistoryProblem(line, `:f ${f} should be :read, :write or :cas`);
}

function textOperations(rows: readonly Row[]): readonly Operation<TextInput, TextOutput>[] {
  return paired<TextInput, TextOutput>(rows, {
    input: ({ f, value, line }) => {
      if (f === 'get') return { f };
      if (f === 'put' || f === 'append') return { f, value: plainText(value) };
      throw new HistoryProblem(line, `:f ${f} should be :get, :put or :append`);
    },
    output: ({ f, value }) => (f === 'get' ? plainText(value) : ''),
    failed: () => undefined,
  });
}

interface Meaning<Input, Output> {
  /** @throws HistoryProblem */
  readonly input: (call: Row) => Input;
  readonly output: (end: Row) => Output;
  /** What a failure says; undefined: it did not happen. */
  readonly failed: (end: Row) => Output | undefined;
}

/** Calls with their ends. One that has none, or an `:info`, may have happened or not. */
function paired<Input, Output>(
  rows: readonly Row[],
  meaning: Meaning<Input, Output>,
): readonly Operation<Input, Output>[] {
  const operations: Operation<Input, Output>[] = [];
  const open = new Map<string, { readonly row: Row; readonly input: Input; readonly at: number }>();
  const close = (client: string, returned: Operation<Input, Output>['returned']): void => {
    const call = open.get(client);
    if (call === undefined) return;
    open.delete(client);
    const { row, input, at } = call;
    operations.push({ name: `line ${row.line}`, client, key: row.key, input, invoked: at, returned });
  };
  for (const [at, row] of rows.entries()) {
    if (row.type === 'invoke') {
      // A client that calls again gave the last one up.
      close(row.client, null);
      open.set(row.client, { row, input: meaning.input(row), at });
      continue;
    }
    const call = open.get(row.client);
    if (call === undefined)
      throw new HistoryProblem(row.line, `process ${row.client} learns of something it did not ask`);
    if (call.row.f !== row.f)
      throw new HistoryProblem(row.line, `process ${row.client} asked :${call.row.f} and learns of :${row.f}`);
    if (row.type === 'info') close(row.client, null);
    else if (row.type === 'ok') close(row.client, { at, output: meaning.output(row) });
    else {
      const output = meaning.failed(row);
      if (output === undefined) open.delete(row.client);
      else close(row.client, { at, output });
    }
  }
  for (const client of [...open.keys()]) close(client, null);
  return operations;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return NIL;
  return typeof value === 'string' ? value : typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

function plainText(value: unknown): string {
  return value === null || value === undefined ? '' : textOf(value);
}
