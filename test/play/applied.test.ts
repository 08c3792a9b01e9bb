/** Entries that servers applied, as the course's tester keeps them: across restarts, and compared by content. */
import { expect, test } from 'vitest';
import type { EventBody } from '../../src/core/wire/index.ts';
import { Applied } from '../../src/play/applied.ts';

const event = (name: string, fields: object): EventBody => ({ timeUs: 0, nseq: 1, life: 1, event: name, ...fields });
const run = (term: number, first: number, last: number) => ({ term, first, last });
const proposed = (term: number, index: number, value: string) =>
  event('EntriesProposed', { entries: [{ type: 'command', index, term, command: { op: 'set', key: 'x', value } }] });

function apply(applied: Applied, server: string, term: number, index: number): void {
  applied.hear(server, event('EntriesAppended', { runs: [run(term, index, index)] }));
  applied.hear(server, event('EntriesApplied', { first: index, last: index }));
}

test('applied: several terms, a crash → servers counted; the term identifies an entry', () => {
  const applied = new Applied();
  applied.hear('S1', proposed(1, 1, '7'));
  apply(applied, 'S1', 1, 1);
  apply(applied, 'S2', 1, 1);
  expect(applied.at(1)).toMatchObject({ count: 2, values: [{ value: '7' }] });
  applied.hear('S2', event('StateRestored', { runs: [] }));
  expect(applied.at(1).count).toBe(2);
  expect(applied.at(2)).toEqual({ count: 0, values: [] });
  expect(applied.conflict).toBeNull();
});

test('applied: content reported late → the entry counts from then on', () => {
  const applied = new Applied();
  apply(applied, 'S2', 3, 1);
  expect(applied.at(1).count).toBe(0);
  applied.hear('S1', proposed(3, 1, '9'));
  expect(applied.at(1)).toMatchObject({ count: 1, values: [{ value: '9' }] });
});

test('applied: a truncated entry → not taken for the applied one', () => {
  const applied = new Applied();
  applied.hear('S1', proposed(1, 1, 'old'));
  applied.hear('S2', proposed(2, 1, 'new'));
  applied.hear('S1', event('EntriesAppended', { runs: [run(1, 1, 1)] }));
  applied.hear('S1', event('EntriesTruncated', { from: 1 }));
  apply(applied, 'S1', 2, 1);
  expect(applied.at(1)).toMatchObject({ count: 1, values: [{ value: 'new' }] });
});

test('applied: different entries at one index → conflict, across servers, lives and in one term', () => {
  const two = new Applied();
  two.hear('S1', proposed(1, 1, '7'));
  apply(two, 'S1', 1, 1);
  two.hear('S2', proposed(2, 1, '8'));
  apply(two, 'S2', 2, 1);
  expect(two.conflict?.en).toBe('S2 applied 8 at index 1, where S1 had applied 7');

  const amnesia = new Applied();
  amnesia.hear('S1', proposed(1, 1, '7'));
  apply(amnesia, 'S1', 1, 1);
  amnesia.hear('S1', event('StateRestored', { runs: [] }));
  amnesia.hear('S1', proposed(1, 1, '8'));
  apply(amnesia, 'S1', 1, 1);
  expect(amnesia.conflict?.en).toBe('S1 applied 8 at index 1, where S1 had applied 7');
});
