/** Short texts that name links. */
import { expect, test } from 'vitest';
import { arrowsListed, isTwoWay } from '../../../src/core/trace/arrows.ts';

test('arrows: one direction → one arrow; both directions in any order → one double arrow', () => {
  expect(arrowsListed(['S1>S2'])).toBe('S1 → S2');
  expect(arrowsListed(['S2>S1', 'S3>S1', 'S1>S2'])).toBe('S3 → S1, S1 ↔ S2');
});

test('arrows: four → all are named; more → three are named and the others counted', () => {
  const links = ['S2', 'S3', 'S4'].map((id) => `S1>${id}` as const);
  expect(arrowsListed([...links, 'S2>S3'])).toBe('S1 → S2, S1 → S3, S1 → S4, S2 → S3');
  expect(arrowsListed([...links, 'S2>S3', 'S2>S4'])).toBe('S1 → S2, S1 → S3, S1 → S4 +2');
});

test('arrows: all from one server, or all to one → one arrow', () => {
  expect(arrowsListed(['S3>S1', 'S3>S2', 'S3>S4'])).toBe('S3 → S1, S2, S4');
  expect(arrowsListed(['S1>S3', 'S2>S3'])).toBe('S1, S2 → S3');
  expect(arrowsListed(['S1>S3', 'S2>S3', 'S3>S1'])).toBe('S1 ↔ S3, S2 → S3');
});

test('arrows: all links among some servers → one chain', () => {
  expect(arrowsListed(['S1>S2', 'S2>S1', 'S1>S3', 'S3>S1', 'S2>S3', 'S3>S2'])).toBe('S1 ↔ S2 ↔ S3');
  expect(arrowsListed(['S1>S2', 'S2>S1', 'S1>S3', 'S3>S1', 'S2>S3'])).toBe('S1 ↔ S2, S1 ↔ S3, S2 → S3');
});

test('isTwoWay: both directions of every link → true; one direction alone → false', () => {
  expect(isTwoWay(['S1>S2', 'S2>S1'])).toBe(true);
  expect(isTwoWay(['S1>S2', 'S2>S1', 'S1>S3'])).toBe(false);
});
