/** Links are written and parsed consistently, and the tables of policies and RPCs are complete. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CLIENT_RPCS, endsOf, linkOf, MEMBER_RPCS, RPCS, reversed } from '../../../src/core/vocabulary/index.ts';
import { checkProperty } from '../../helpers/property.ts';

const endpoint = fc.tuple(fc.constantFrom('S', 'C'), fc.integer({ min: 1, max: 999_999 })).map(([a, b]) => `${a}${b}`);

test('endsOf: any link → the two endpoints it was made of', () => {
  checkProperty(
    'test/core/vocabulary/link.test.ts',
    fc.property(endpoint, endpoint, (from, to) => {
      expect(endsOf(linkOf(from, to))).toEqual({ from, to });
      expect(reversed(linkOf(from, to))).toBe(linkOf(to, from));
    }),
    3_000,
  );
});

test('endsOf: text without an arrow → the missing end is empty', () => {
  expect(endsOf('S1')).toEqual({ from: 'S1', to: '' });
});

test('RPCs: each → either between servers or with a client', () => {
  expect([...MEMBER_RPCS, ...CLIENT_RPCS].sort()).toEqual(Object.keys(RPCS).sort());
});
