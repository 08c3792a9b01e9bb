/**
 * Digests stand for texts: equal exactly when the texts are, joined without the texts, and short when shown to people.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Digests, digestOf, joined, SHORT_UNITS, shown, unitsOf } from '../../../src/core/check/digest.ts';
import { checkProperty } from '../../helpers/property.ts';

const FILE = 'test/core/check/digest.test.ts';
/** Short texts, long ones, and texts around the limit; lone surrogates too. */
const unit = fc.integer({ min: 0, max: 65_535 }).map((code) => String.fromCharCode(code));
const texts = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit, minLength: SHORT_UNITS - 4, maxLength: SHORT_UNITS + 4 }),
  fc.string({ unit, maxLength: 400 }),
);

test('joined: two digests → digest of the joined texts', () => {
  checkProperty(
    FILE,
    fc.property(texts, texts, texts, (a, b, c) => {
      expect(joined(digestOf(a), digestOf(b))).toBe(digestOf(a + b));
      expect(joined(joined(digestOf(a), digestOf(b)), digestOf(c))).toBe(digestOf(a + b + c));
      expect(unitsOf(digestOf(a + b))).toBe(a.length + b.length);
    }),
  );
});

test('digest: one unit changed, two swapped or one left out → another digest', () => {
  const text = Array.from({ length: 1_000 }, (_, at) => String.fromCharCode(97 + (at % 23))).join('');
  const digest = digestOf(text);
  for (let at = 0; at + 1 < text.length; at += 1) {
    const swapped = text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
    expect(digestOf(`${text.slice(0, at)}!${text.slice(at + 1)}`)).not.toBe(digest);
    expect(digestOf(swapped)).not.toBe(digest);
    expect(digestOf(text.slice(0, at) + text.slice(at + 1))).not.toBe(digest);
  }
});

test('digest: 100,000 different long texts → 100,000 different digests', () => {
  const digests = new Set<string>();
  for (let number = 0; number < 100_000; number += 1) digests.add(digestOf(`${'x'.repeat(70)}${number}`));
  expect(digests.size).toBe(100_000);
});

test('shown: short text → whole; long text → its first units, length and hash', () => {
  expect(shown(digestOf('a "b"'))).toBe('"a \\"b\\""');
  const [one, other] = [shown(digestOf(`${'y'.repeat(59_999)}1`)), shown(digestOf(`${'y'.repeat(59_999)}2`))];
  expect(one).toMatch(/^"y{40}…" \(60000 units, hash [0-9a-f]{16}\)$/);
  expect(other).not.toBe(one);
});

test('Digests: repeated texts, more than are remembered → same as digestOf', () => {
  const digests = new Digests();
  const long = Array.from({ length: 300 }, (_, number) => `${'z'.repeat(1_000)}${number % 180}`);
  expect([...long, ...long].map((text) => digests.of(text))).toEqual([...long, ...long].map((text) => digestOf(text)));
  expect(digests.keptBytes()).toBeLessThanOrEqual(130 * 2 * 1_003);
});
