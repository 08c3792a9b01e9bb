/**
 * The trace of a simulated run is judged to its end. A violation that only the end proves is reported like any other.
 */
import { expect, test } from 'vitest';
import { SimRecorder } from '../../../src/core/simulation/recorder.ts';

test('recorder: leader with votes that no server gave → violation at the end of the run', () => {
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
