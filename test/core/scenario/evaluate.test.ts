/** Expressions: their values, the order of evaluation, and invalid values. */
import { expect, test } from 'vitest';
import { readExpression } from '../../../src/core/scenario/expression.ts';
import { evaluate, type Surroundings, type Value } from '../../../src/core/scenario/index.ts';

const names: Readonly<Record<string, Value>> = { L: 3, list: [4, 5, 6], open: true };
const around: Surroundings = {
  valueOf: (name) => names[name],
  chance: () => 0.5,
  applied: (index) => index * 10,
  valueAt: (index) => index + 100,
  alive: (server) => server !== 2,
  connected: (server) => server === 1,
  torn: () => 2,
  elapsedMs: () => 1234,
};
const worth = (text: string): Value => evaluate(readExpression(text, { line: 1, column: 1 }), around);

test.each<[string, Value]>([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['10 - 2 - 3', 5],
  ['7 % 4 / 2', 1.5],
  ['-L + 1', -2],
  ['-(L + 1) * 2', -8],
  ['not open or L == 3 and 1 < 2', true],
  ['not alive(2) and alive(1)', true],
  ['L >= 3 and L <= 3 and L != 4', true],
  ["'a' == 'a'", true],
  ['[1, L + 1, [2]]', [1, 4, [2]]],
  ['[]', []],
  ['length(list)', 3],
  ['contains(list, 5)', true],
  ['contains([[1, 2]], [1, 2])', true],
  ['every([2, 2], 2)', true],
  ['every(list, 4)', false],
  ['pick(list)', 5],
  ['random(10)', 5],
  ['chance(51)', true],
  ['chance(50)', false],
  ['floor(7 / 2)', 3],
  ['min(2, max(1, 5))', 2],
  ['applied(2) + valueAt(2)', 122],
  ['connected(1) and not connected(2)', true],
  ['elapsed() > 1000', true],
  ['torn() * 2', 4],
])('expression %s → expected value', (text, value) => {
  expect(worth(text)).toEqual(value);
});

test('and, or: left side decides → right side not evaluated', () => {
  expect(worth('L == 3 or nobody > 1')).toBe(true);
  expect(worth('L == 4 and nobody > 1')).toBe(false);
});

test.each([
  ['nobody + 1', 'nobody has no value yet'],
  ['list + 1', '[4,5,6] is not a number'],
  ['1 and open', '1 is neither true nor false'],
  ['length(L)', '3 is not a list'],
  ['pick([])', 'nothing to pick'],
])('expression %s → ScenarioMistake', (text, says) => {
  expect(() => worth(text)).toThrow(says);
});

test.each([
  ['1 +', 'something is missing at its end'],
  ['1 2', '"2" does not belong there'],
  ['(1', '")" is missing'],
  ['[1 2]', 'a list needs ","'],
  ['* 2', '"*" does not belong there'],
  ['a ? b', '"? b" cannot be read'],
])('expression %s → SyntaxError', (text, says) => {
  expect(() => readExpression(text, { line: 1, column: 1 })).toThrow(says);
});
