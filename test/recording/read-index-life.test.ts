/** The bound of the search for what led to an entry: an answer says when it was reached. */
import { expect, test } from 'vitest';
import type { TraceEvent } from '../../src/core/trace/events.ts';
import { readIndexLife } from '../../src/recording/read-index-life.ts';
import type { SortedTrace } from '../../src/recording/sorted-trace.ts';

/** A trace of one block with the proposal of a command, and `earlier` pieces before it that do not hold its request. */
function traceWith(earlier: number): SortedTrace {
  const command = { op: 'set', key: 'x', value: '5' } as const;
  const entry = { type: 'command', index: 7, term: 1, session: 2, sequence: 3, command } as const;
  const range = { term: 1, first: 7, last: 7, chain: '0000000000000007' };
  const proposal = { seq: 9, timeUs: 9_000, source: 'S1', nseq: 9, life: 1, event: 'EntriesProposed', ...range };
  const block = { minUs: 1, maxUs: 9_000, touched: { first: 7, last: 7 }, counts: new Map() };
  return {
    index: { blocks: [block] },
    pieces: async function* ({ newest = false }) {
      if (newest) for (let at = 0; at < earlier; at += 1) yield [];
      else yield [{ ...proposal, entries: [entry] } as unknown as TraceEvent];
    },
  } as unknown as SortedTrace;
}

test('index life: request farther back than the search goes → the answer is cut', async () => {
  expect(await readIndexLife(traceWith(3), { index: 7 })).toMatchObject({ isCut: false });
  expect(await readIndexLife(traceWith(1_000), { index: 7 })).toMatchObject({ isCut: true });
});
