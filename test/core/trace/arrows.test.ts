/** Links named in the fewest words. */
import { expect, test } from 'vitest';
import { arrowsListed, isTwoWay } from '../../../src/core/trace/arrows.ts';

test('one direction is an arrow, both are one double arrow, whichever comes first', () => {
  expect(arrowsListed(['S1>S2'])).toBe('S1 → S2');
  expect(arrowsListed(['S2>S1', 'S3>S1', 'S1>S2'])).toBe('S3 → S1, S1 ↔ S2');
});

test('of many the first three are named and the rest counted; four are all named', () => {
  const links = ['S2', 'S3', 'S4'].map((id) => `S1>${id}` as const);
  expect(arrowsListed([...links, 'S2>S3'])).toBe('S1 → S2, S1 → S3, S1 → S4, S2 → S3');
  expect(arrowsListed([...links, 'S2>S3', 'S2>S4'])).toBe('S1 → S2, S1 → S3, S1 → S4 +2');
});

test('arrows: all from one server, or all to one → one arrow', () => {
  expect(arrowsListed(['S3>S1', 'S3>S2', 'S3>S4'])).toBe('S3 → S1, S2, S4');
  expect(arrowsListed(['S1>S3', 'S2>S3'])).toBe('S1, S2 → S3');
  expect(arrowsListed(['S1>S3', 'S2>S3', 'S3>S1'])).toBe('S1 ↔ S3, S2 → S3');
});

test('all links among some servers are one chain', () => {
  expect(arrowsListed(['S1>S2', 'S2>S1', 'S1>S3', 'S3>S1', 'S2>S3', 'S3>S2'])).toBe('S1 ↔ S2 ↔ S3');
  expect(arrowsListed(['S1>S2', 'S2>S1', 'S1>S3', 'S3>S1', 'S2>S3'])).toBe('S1 ↔ S2, S1 ↔ S3, S2 → S3');
});

test('two-way means that no direction is there alone', () => {
  expect(isTwoWay(['S1>S2', 'S2>S1'])).toBe(true);
  expect(isTwoWay(['S1>S2', 'S2>S1', 'S1>S3'])).toBe(false);
});
