/** Every reason and every fact of the tables is given by some run, and every rule that a reason names is in SPEC.md. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fixedValues, RULE_SOURCES, WHY_FACTS, WHYS } from '../../../src/core/catalogue/index.ts';
import { everyReason } from './every-reason.ts';

const reasons = everyReason();

test('why: simulated, recorded and hand-made runs → give every reason of the table', () => {
  const given = new Set(reasons.map(({ code }) => code));
  expect(Object.keys(WHYS).filter((code) => !given.has(code as keyof typeof WHYS))).toEqual([]);
});

test('why: simulated, recorded and hand-made runs → give every fact of the table', () => {
  const given = new Set(reasons.flatMap(({ evidence }) => evidence.flatMap(({ fact }) => fact?.code ?? [])));
  expect(WHY_FACTS.filter((code) => !given.has(code))).toEqual([]);
});

test('why: reason codes of the catalogue → each explained for some event', () => {
  const explained = new Set(
    reasons.flatMap(({ event, told }) => (told === null && 'reason' in event ? [String(event.reason)] : [])),
  );
  expect(fixedValues('reason').filter((code) => !explained.has(code))).toEqual([]);
});

test('why: rules of the table → each in SPEC.md', () => {
  const spec = readFileSync('src/core/raft/SPEC.md', 'utf8');
  const missing = Object.keys(RULE_SOURCES).filter((rule) => !new RegExp(`^\\| ${rule} +\\|`, 'm').test(spec));
  expect(missing).toEqual([]);
});

test('why: evidence → never later than the event, at most twelve pieces', () => {
  for (const { event, evidence } of reasons) {
    expect(evidence.length).toBeLessThanOrEqual(12);
    for (const one of evidence)
      expect(one.event?.timeUs ?? 0, `${event.event} ${event.seq}`).toBeLessThanOrEqual(event.timeUs);
  }
});
