/** A server that applies in slices: what one lost event reported is unknown, and says nothing against the slices after it. */
import { expect, test } from 'vitest';
import { type Report, verdictOn } from './reports.ts';

const restored: Report = [
  'S1',
  { event: 'StateRestored', term: 1, votedFor: null, lastIndex: 0, chain: 'c0', runs: [] },
];
const appended = (last: number): Report => [
  'S1',
  { event: 'EntriesAppended', term: 1, first: 1, last, chain: `c${last}`, runs: [{ term: 1, first: 1, last }] },
];
const committed = (from: number, to: number): Report => [
  'S1',
  { event: 'CommitAdvanced', term: 1, from, to, chain: `c${to}`, reason: 'leader' },
];
const applied = (first: number, last: number): Report => [
  'S1',
  { event: 'EntriesApplied', first, last, chain: `c${last}` },
];
/** The event is lost: its number is missing among those of its source. */
const outcomeWithout = (lost: number, reports: readonly Report[]) =>
  verdictOn(
    'applied-in-order',
    reports.map(([source, event], at): Report => [source, { ...event, nseq: at + 1 }]).filter((_, at) => at !== lost),
  ).outcome;

const RIGHT = [restored, appended(9), committed(0, 9), applied(1, 3), applied(4, 6), applied(7, 9)];

test('applied-in-order: nothing lost → valid', () => {
  expect(outcomeWithout(-1, RIGHT)).toBe('valid');
});

test.each(RIGHT.slice(0, -1).map(([, event], at) => [(event as { event: string }).event, at] as const))(
  'applied-in-order: %s (report %i) lost before slices → unknown',
  (_name, at) => {
    expect(outcomeWithout(at, RIGHT)).toBe('unknown');
  },
);

test('applied-in-order: reported again after a loss → what is applied is held against it', () => {
  const after = [appended(9), committed(0, 9), applied(1, 9), appended(12), committed(9, 12)];
  expect(outcomeWithout(2, [restored, ...after, applied(10, 12)])).toBe('unknown');
  expect(outcomeWithout(2, [restored, ...after, applied(10, 13)])).toBe('violated');
  expect(outcomeWithout(2, [restored, ...after, applied(11, 12)])).toBe('violated');
});

test('applied-in-order: applied before it is committed, or not on its disk → violated', () => {
  expect(outcomeWithout(-1, [restored, appended(9), committed(0, 3), applied(1, 4)])).toBe('violated');
  expect(outcomeWithout(-1, [restored, appended(3), committed(0, 9), applied(1, 4)])).toBe('violated');
});
