/** The text of a bench: figures in their columns, marks with a sentence that explains them, both languages. */
import { expect, test } from 'vitest';
import { comparisonOf } from '../../../src/cli/bench/compare.ts';
import { comparisonLines, progressLine, rowLines } from '../../../src/cli/bench/report.ts';
import { createSay } from '../../../src/cli/words.ts';
import { row } from './rows.ts';

const say = createSay('en');
const lost = { code: 'lost', params: { command: '4:17', index: 21 } } as const;

test('rows: no marks → figures under their heads, no sentence about marks', () => {
  const lines = rowLines(say, [row(), row({ clients: 256, writesPerSecond: 5469, traceBytes: null })]);
  expect(lines.slice(0, 3)).toEqual([
    'servers  clients  durability  writes/s  p50 ms  p99 ms  events  messages  link B  trace B',
    '      3       64       fsync     3,000    19.6    59.0     7.1       2.5   1,248    1,506',
    '      3      256       fsync     5,469    19.6    59.0     7.1       2.5   1,248        –',
  ]);
  expect(lines.join('\n')).not.toMatch(/[✗*]|undefined|\{\{/);
});

test('rows: void, busy, an election, an unknown load → marks, each with its sentence', () => {
  const text = rowLines(say, [
    row({ void: [lost] }),
    row({ otherShare: 0.412, isMachineBusy: true, elections: 1 }),
    row({ otherShare: null }),
  ]).join('\n');
  expect(text).toMatch(/1,506 +✗\n/);
  expect(text).toMatch(/1,506 +\*\n/);
  expect(text).toContain('✗ Void rows: 1.');
  expect(text).toContain('command 4:17 (session:number) was acknowledged at entry 21 and is in no log');
  expect(text).toContain('marked rows: 1, up to 41 % of all processors');
  expect(text).toContain('is not known on this system');
  expect(text).toContain('A leader was elected inside a measured window');
});

test('pairs: two checkouts → both sides, ratio with its spread, number of valid pairs', () => {
  const [fast, slow] = [row({ writesPerSecond: 3900 }), row()];
  const pairs = [
    { first: 'this', this: fast, against: slow, ratio: 1.3 } as const,
    { first: 'against', this: row({ void: [lost] }), against: slow, ratio: null } as const,
  ];
  const lines = comparisonLines(say, [comparisonOf({ servers: 3, clients: 64, durability: 'fsync' }, pairs)]);
  expect(lines[1]).toMatch(/^ +3 +64 +fsync +this +3,900 +×1\.30 +1\.30–1\.30 +1\/2 +19\.6 +59\.0$/);
  expect(lines[2]).toMatch(/^ +against +3,000 +19\.6 +59\.0$/);
});

test('progress: void row → its reason', () => {
  expect(progressLine(say, row({ void: [lost] }), 'this')).toMatch(/^this: 3,000 writes\/s.*\n +command 4:17/);
});

test('report in Chinese: rows and pairs → every sentence filled in', () => {
  const zh = createSay('zh-CN');
  const of = { servers: 3, clients: 64, durability: 'fsync' } as const;
  const bad = row({ void: [lost], isMachineBusy: true, otherShare: 0.5, elections: 1 });
  const pairs = [{ first: 'this', this: bad, against: row(), ratio: null } as const];
  const text = [...rowLines(zh, [bad]), ...comparisonLines(zh, [comparisonOf(of, pairs)])].join('\n');
  expect(text).not.toMatch(/undefined|\{\{/);
  expect(text).toContain('写入/秒');
});
