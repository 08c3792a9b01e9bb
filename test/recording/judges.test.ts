/**
 * Long texts are hashed from bytes when the host can copy them as ASCII. The digest must equal the one that the core
 * computes from characters.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf, joined } from '../../src/core/check/digest.ts';
import { copyAscii } from '../../src/recording/judges.ts';
import { checkProperty } from '../helpers/property.ts';

const FILE = 'test/recording/judges.test.ts';

test('digest: long text copied as bytes → same digest as from characters', () => {
  const texts = fc
    .tuple(fc.string({ minLength: 1, maxLength: 20 }), fc.integer({ min: 20, max: 60 }), fc.constantFrom('', 'é', '选'))
    .map(([text, times, last]) => text.repeat(times) + last);
  checkProperty(
    FILE,
    fc.property(texts, texts, (a, b) => {
      expect(digestOf(a, copyAscii)).toBe(digestOf(a));
      expect(joined(digestOf(a, copyAscii), digestOf(b, copyAscii))).toBe(digestOf(a + b));
    }),
  );
});

test.each([255, 256, 257, 65_535, 65_536, 65_537])('digest: %i characters copied as bytes → same digest', (units) => {
  const text = 'abcdefg'.repeat(units).slice(0, units);
  expect(digestOf(text, copyAscii)).toBe(digestOf(text));
});

test('copyAscii: ASCII → its bytes; other characters or too little room → refused', () => {
  const bytes = new Uint8Array(8);
  expect(copyAscii('ab\u007f\u0000', bytes)).toBe(true);
  expect([...bytes.subarray(0, 4)]).toEqual([0x61, 0x62, 0x7f, 0]);
  for (const text of ['aé', '选', 'a\ud800', '😀', 'nine chars']) expect(copyAscii(text, bytes), text).toBe(false);
});
