/** The trace of a simulated run is judged to its end: what only the end proves ends the run like any other violation. */
import { expect, test } from 'vitest';
import { SimRecorder } from '../../../src/core/simulation/recorder.ts';

test('recorder: a leader whose votes nobody gave → a violation when the run is over', () => {
  const found: string[] = [];
  const recorder = new SimRecorder({
    servers: ['S1', 'S2', 'S3'],
    onViolation: ({ property }) => found.push(property),
    onEvent: null,
  });
  const log = { lastIndex: 0, chain: '0000000000000000' };
  recorder.tell('S1', 1, 1, { event: 'LeaderElected', term: 1, voters: ['S1', 'S2'], ...log });
  expect(found).toEqual([]);
  recorder.finish();
  expect(found).toEqual(['quorum-of-votes']);
});
