/** Formats of published histories: what each line means, and which lines are refused. */
import { describe, expect, test } from 'vitest';
import { type HistoryFormat, HistoryProblem, judgeHistoryText } from '../../../../src/core/check/history/index.ts';

const verdict = (lines: readonly string[], format: HistoryFormat) => judgeHistoryText(`${lines.join('\n')}\n`, format);
const log = (...rows: readonly string[]) =>
  verdict(
    rows.map((row) => `INFO  jepsen.util - ${row.replaceAll(' ', '\t')}`),
    'jepsen-log',
  );
const edn = (...rows: readonly string[]) => verdict(rows, 'jepsen-edn');
const row = (process: number, type: string, f: string, value: string): string =>
  `{:process ${process}, :type :${type}, :f :${f}, :value ${value}, :time 12345N}`;

describe('jepsen-log', () => {
  test('jepsen-log: reads, writes and compare-and-swaps that fit → valid', () => {
    const found = log(
      ...['0 :invoke :read nil', '2 :invoke :write 4', '0 :ok :read nil', '2 :ok :write 4'],
      ...[
        '1 :invoke :cas [4 2]',
        '1 :ok :cas [4 2]',
        '3 :invoke :cas [4 1]',
        '3 :fail :cas [4 1]',
        '0 :invoke :read nil',
        '0 :ok :read 2',
      ],
    );
    expect(found).toMatchObject({ verdict: 'valid', operations: 5, keys: 1 });
  });

  test('jepsen-log: stale read → violated, with its lines', () => {
    const found = log(
      '0 :invoke :write 1',
      '0 :ok :write 1',
      '1 :invoke :write 2',
      '1 :ok :write 2',
      '0 :invoke :read nil',
      '0 :ok :read 1',
    );
    expect(found.verdict).toBe('violated');
    expect(found.violation?.window.map((line) => line.replace(/, \d+…\d*/, ''))).toEqual([
      'line 1: client 0: write 1',
      'line 3: client 1: write 2',
      'line 5: client 0: read → 1',
    ]);
  });

  test('jepsen-log: compare-and-swap fails although the value matches → violated', () => {
    expect(log('0 :invoke :write 1', '0 :ok :write 1', '0 :invoke :cas [1 2]', '0 :fail :cas [1 2]').verdict).toBe(
      'violated',
    );
  });

  test('jepsen-log: write timed out → may have happened; read timed out → ignored', () => {
    const began = [
      '0 :invoke :write 1',
      '0 :info :write :timed-out',
      '1 :invoke :read nil',
      '1 :fail :read :timed-out',
      '2 :invoke :read nil',
    ];
    expect(log(...began, '2 :ok :read 1').verdict).toBe('valid');
    expect(log(...began, '2 :ok :read nil').verdict).toBe('valid');
    expect(log(...began, '2 :ok :read 3').verdict).toBe('violated');
  });

  test('jepsen-log: line of a nemesis → skipped; unknown line → refused with its line', () => {
    expect(log(':nemesis :info :start nil', '0 :invoke :read nil', '0 :ok :read nil')).toMatchObject({
      verdict: 'valid',
      operations: 1,
    });
    expect(() => log('0 :invoke :read nil', 'what is this')).toThrow('line 2: "INFO');
  });
});

describe('jepsen-edn', () => {
  const rows = [
    row(0, 'invoke', 'write', '3'),
    row(1, 'invoke', 'read', 'nil'),
    row(0, 'ok', 'write', '3'),
    row(1, 'ok', 'read', '3'),
  ];

  test('jepsen-edn: lines, vector, tags, comments or nemesis → same operations', () => {
    expect(edn(...rows)).toMatchObject({ verdict: 'valid', operations: 2 });
    expect(edn(`[${rows.join('\n ')}]`)).toMatchObject({ verdict: 'valid', operations: 2 });
    expect(edn(...rows.map((one) => `#jepsen.history.Op${one}`))).toMatchObject({ verdict: 'valid', operations: 2 });
    expect(edn('; a comment', '', '{:process :nemesis, :type :info, :f :kill, :value nil}', ...rows)).toMatchObject({
      operations: 2,
    });
  });

  test('jepsen-edn: failed write or compare-and-swap → did not happen', () => {
    const write = [row(0, 'invoke', 'write', '1'), row(0, 'ok', 'write', '1')];
    expect(
      edn(
        ...write,
        row(0, 'invoke', 'cas', '[1 2]'),
        row(0, 'fail', 'cas', '[1 2]'),
        row(1, 'invoke', 'read', 'nil'),
        row(1, 'ok', 'read', '1'),
      ).verdict,
    ).toBe('valid');
    expect(
      edn(
        ...write,
        row(0, 'invoke', 'write', '2'),
        row(0, 'fail', 'write', '2'),
        row(1, 'invoke', 'read', 'nil'),
        row(1, 'ok', 'read', '2'),
      ).verdict,
    ).toBe('violated');
  });

  test('jepsen-edn: call without an end, also if its client calls again → may have happened', () => {
    expect(
      edn(row(0, 'invoke', 'write', '1'), row(1, 'invoke', 'read', 'nil'), row(1, 'ok', 'read', '1')).verdict,
    ).toBe('valid');
    expect(
      edn(row(0, 'invoke', 'write', '1'), row(0, 'invoke', 'read', 'nil'), row(0, 'ok', 'read', '1')).verdict,
    ).toBe('valid');
  });

  test.each([
    ['list without an end', ['[1 2'], 'line 1: the list of operations does not end'],
    ['line that is not a map', [row(0, 'invoke', 'read', 'nil'), 'hello'], 'line 2: an operation is a map'],
    ['unknown type', [row(0, 'begin', 'read', 'nil')], 'line 1: :type begin should be'],
    ['unknown function', [row(0, 'invoke', 'append', '1')], 'line 1: :f append should be :read'],
    ['compare-and-swap with one value', [row(0, 'invoke', 'cas', '1')], ':cas has a :value of two'],
    ['answer without a call', [row(0, 'ok', 'read', '1')], 'line 1: process 0 learns of something it did not ask'],
    [
      'answer to another operation',
      [row(0, 'invoke', 'read', 'nil'), row(0, 'ok', 'write', '1')],
      'line 2: process 0 asked :read and learns of :write',
    ],
  ])('jepsen-edn: %s → refused with its line', (_what, lines, says) => {
    expect(() => edn(...lines)).toThrow(HistoryProblem);
    expect(() => edn(...lines)).toThrow(says);
  });
});

describe('porcupine-kv', () => {
  const kv = (process: number, type: string, f: string, key: string, value: string) =>
    `{:process ${process}, :type :${type}, :f :${f}, :key "${key}", :value ${value}}`;
  const done = (process: number, f: string, key: string, value: string) => [
    kv(process, 'invoke', f, key, f === 'get' ? 'nil' : value),
    kv(process, 'ok', f, key, value),
  ];

  test('porcupine-kv: put, append and get on two keys → valid', () => {
    const lines = [
      ...done(0, 'get', 'a', '""'),
      ...done(0, 'append', 'a', '"x"'),
      ...done(1, 'append', 'a', '"y"'),
      ...done(0, 'get', 'a', '"xy"'),
      ...done(0, 'put', 'b', '"q"'),
      ...done(1, 'get', 'b', '"q"'),
    ];
    expect(verdict(lines, 'porcupine-kv')).toMatchObject({ verdict: 'valid', keys: 2, operations: 6 });
  });

  test('porcupine-kv: append doubled, lost or out of order → violated', () => {
    const appended = [...done(0, 'append', 'a', '"x"'), ...done(0, 'append', 'a', '"y"')];
    for (const seen of ['"xyy"', '"x"', '"yx"', '""']) {
      expect(verdict([...appended, ...done(1, 'get', 'a', seen)], 'porcupine-kv').verdict, seen).toBe('violated');
    }
    expect(verdict([...appended, ...done(1, 'get', 'a', '"xy"')], 'porcupine-kv').verdict).toBe('valid');
  });
});

describe('jepsen-edn: malformed files', () => {
  const write = (process: number, value: string, type = 'invoke') => row(process, type, 'write', value);

  test('jepsen-edn: list over several lines → operations are named by their first line', () => {
    const lines = ['; a comment', '[', '', write(1, '"a]\\"{"'), `${write(1, '"a]\\"{"', 'ok')}, ; ] }`];
    const stale = [row(2, 'invoke', 'read', 'nil').replace(':f', '\n:f'), row(2, 'ok', 'read', '3'), ']'];
    const found = edn(...lines, ...stale);
    expect(found.violation?.window.map((line) => line.split(':')[0])).toEqual(['line 4', 'line 6']);
  });

  test.each([
    ['list with one map and without an end', ['[', write(1, '2')], 'line 1: the list of operations does not end'],
    ['text after the list', [`[${write(1, '2')}]`, 'more'], 'line 2: there is something behind the list'],
    ['text after the list on its line', [`[${write(1, '2')}] more`], 'line 1: there is something behind the list'],
    ['list of numbers', ['[1 2 3]'], 'line 1: an operation is a map'],
    ['line of 2,000,000 characters', ['x'.repeat(2_000_000)], 'line 1: it has more than 1048576 characters'],
    ['map without an end', ['[{', ...Array.from({ length: 30 }, () => 'x'.repeat(50_000))], 'more than 1048576'],
  ])('jepsen-edn: %s → refused with its line', (_what, lines, sentence) => {
    expect(() => edn(...lines)).toThrow(HistoryProblem);
    expect(() => edn(...lines)).toThrow(sentence);
  });

  test('jepsen-edn: value nested 50,000 levels deep → refused with its line', () => {
    const deep = `${'['.repeat(50_000)}1${']'.repeat(50_000)}`;
    expect(() => edn(write(1, deep), write(1, deep, 'ok'))).toThrow('line 1: nested deeper than 1000 levels');
  });
});
