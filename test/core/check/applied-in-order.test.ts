/**
 * A server that applies its log in several steps. A lost event makes its facts unknown, and later steps are not blamed.
 */
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
/** Returns the verdict without one event. The event counts as lost, because its number is missing. */
const outcomeWithout = (lost: number, reports: readonly Report[]) =>
  verdictOn(
    'applied-in-order',
    reports.map(([source, event], at): Report => [source, { ...event, nseq: at + 1 }]).filter((_, at) => at !== lost),
  ).outcome;

const RIGHT = [restored, appended(9), committed(0, 9), applied(1, 3), applied(4, 6), applied(7, 9)];

test('applied-in-order: no event lost → valid', () => {
  expect(outcomeWithout(-1, RIGHT)).toBe('valid');
});

test.each(RIGHT.slice(0, -1).map(([, event], at) => [(event as { event: string }).event, at] as const))(
  'applied-in-order: %s (report %i) is lost before entries are applied → unknown',
  (_name, at) => {
    expect(outcomeWithout(at, RIGHT)).toBe('unknown');
  },
);

test('applied-in-order: facts reported again after a loss → later entries are judged', () => {
  const after = [appended(9), committed(0, 9), applied(1, 9), appended(12), committed(9, 12)];
  expect(outcomeWithout(2, [restored, ...after, applied(10, 12)])).toBe('unknown');
  expect(outcomeWithout(2, [restored, ...after, applied(10, 13)])).toBe('violated');
  expect(outcomeWithout(2, [restored, ...after, applied(11, 12)])).toBe('violated');
});

test('applied-in-order: entry applied before it is committed or on disk → violated', () => {
  expect(outcomeWithout(-1, [restored, appended(9), committed(0, 3), applied(1, 4)])).toBe('violated');
  expect(outcomeWithout(-1, [restored, appended(3), committed(0, 9), applied(1, 4)])).toBe('violated');
});
