/** Tables for a terminal: aligned in both languages. */
import { expect, test } from 'vitest';
import { figure, textTable, widthOf } from '../../../src/cli/bench/text-table.ts';

test('table: cells of several widths → aligned columns without trailing spaces', () => {
  expect(
    textTable([
      ['clients', 'p50'],
      ['1', '0.72'],
      ['256', '–'],
    ]),
  ).toEqual(['clients   p50', '      1  0.72', '    256     –']);
});

test('table: Chinese heads → a character takes two columns', () => {
  expect(widthOf('写入/秒')).toBe(7);
  expect(textTable([['写入/秒'], ['1,000']])).toEqual(['写入/秒', '  1,000']);
});

test('figure: thousands, decimals, null → commas, rounded, a dash', () => {
  expect([figure(1234567.4), figure(999.96, 1), figure(12, 1), figure(null)]).toEqual([
    '1,234,567',
    '1,000.0',
    '12.0',
    '–',
  ]);
});
