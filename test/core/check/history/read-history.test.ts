/** Published forms of histories: what each line means, what is refused, and that all forms of one history agree. */
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
  test('reads, writes and compares that fit', () => {
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

  test('a stale read is violated, with its lines', () => {
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

  test('a compare that failed though the value was there is violated', () => {
    expect(log('0 :invoke :write 1', '0 :ok :write 1', '0 :invoke :cas [1 2]', '0 :fail :cas [1 2]').verdict).toBe(
      'violated',
    );
  });

  test('what timed out may have happened, or not; a read that timed out says nothing', () => {
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

  test('lines of a nemesis are passed over, others are named', () => {
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

  test('a map a line, all in a vector, tagged, with comments and a nemesis', () => {
    expect(edn(...rows)).toMatchObject({ verdict: 'valid', operations: 2 });
    expect(edn(`[${rows.join('\n ')}]`)).toMatchObject({ verdict: 'valid', operations: 2 });
    expect(edn(...rows.map((one) => `#jepsen.history.Op${one}`))).toMatchObject({ verdict: 'valid', operations: 2 });
    expect(edn('; a comment', '', '{:process :nemesis, :type :info, :f :kill, :value nil}', ...rows)).toMatchObject({
      operations: 2,
    });
  });

  test('what failed did not happen, a compare too', () => {
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

  test('a call without an end may have happened; so may one whose client calls again', () => {
    expect(
      edn(row(0, 'invoke', 'write', '1'), row(1, 'invoke', 'read', 'nil'), row(1, 'ok', 'read', '1')).verdict,
    ).toBe('valid');
    expect(
      edn(row(0, 'invoke', 'write', '1'), row(0, 'invoke', 'read', 'nil'), row(0, 'ok', 'read', '1')).verdict,
    ).toBe('valid');
  });

  test.each([
    ['no map', ['[1 2'], 'line 1: the list of operations does not end'],
    ['a line that is none', [row(0, 'invoke', 'read', 'nil'), 'hello'], 'line 2: an operation is a map'],
    ['an unknown type', [row(0, 'begin', 'read', 'nil')], 'line 1: :type begin should be'],
    ['an unknown function', [row(0, 'invoke', 'append', '1')], 'line 1: :f append should be :read'],
    ['a compare of one', [row(0, 'invoke', 'cas', '1')], ':cas has a :value of two'],
    ['an answer to nothing', [row(0, 'ok', 'read', '1')], 'line 1: process 0 learns of something it did not ask'],
    [
      'an answer to something else',
      [row(0, 'invoke', 'read', 'nil'), row(0, 'ok', 'write', '1')],
      'line 2: process 0 asked :read and learns of :write',
    ],
  ])('%s is refused with its line', (_what, lines, says) => {
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

  test('texts by key: put, append, get; empty at first', () => {
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

  test('a doubled append, a lost one, one in the wrong order', () => {
    const appended = [...done(0, 'append', 'a', '"x"'), ...done(0, 'append', 'a', '"y"')];
    for (const seen of ['"xyy"', '"x"', '"yx"', '""']) {
      expect(verdict([...appended, ...done(1, 'get', 'a', seen)], 'porcupine-kv').verdict, seen).toBe('violated');
    }
    expect(verdict([...appended, ...done(1, 'get', 'a', '"xy"')], 'porcupine-kv').verdict).toBe('valid');
  });
});

describe('histories of strangers', () => {
  const write = (process: number, value: string, type = 'invoke') => row(process, type, 'write', value);

  test('a list over several lines → each operation is named by the line where it begins', () => {
    const lines = ['; a comment', '[', '', write(1, '"a]\\"{"'), `${write(1, '"a]\\"{"', 'ok')}, ; ] }`];
    const stale = [row(2, 'invoke', 'read', 'nil').replace(':f', '\n:f'), row(2, 'ok', 'read', '3'), ']'];
    const found = edn(...lines, ...stale);
    expect(found.violation?.window.map((line) => line.split(':')[0])).toEqual(['line 4', 'line 6']);
  });

  test.each([
    ['a list that does not end', ['[', write(1, '2')], 'line 1: the list of operations does not end'],
    ['something behind the list', [`[${write(1, '2')}]`, 'more'], 'line 2: there is something behind the list'],
    [
      'something behind the list on its line',
      [`[${write(1, '2')}] more`],
      'line 1: there is something behind the list',
    ],
    ['a list of other things', ['[1 2 3]'], 'line 1: an operation is a map'],
    ['a line without an end', ['x'.repeat(2_000_000)], 'line 1: it has more than 1048576 characters'],
    ['a map without an end', ['[{', ...Array.from({ length: 30 }, () => 'x'.repeat(50_000))], 'more than 1048576'],
  ])('%s → refused with the line', (_what, lines, sentence) => {
    expect(() => edn(...lines)).toThrow(HistoryProblem);
    expect(() => edn(...lines)).toThrow(sentence);
  });

  test('thousands of levels in a value → refused with a sentence', () => {
    const deep = `${'['.repeat(50_000)}1${']'.repeat(50_000)}`;
    expect(() => edn(write(1, deep), write(1, deep, 'ok'))).toThrow('line 1: nested deeper than 1000 levels');
  });
});
