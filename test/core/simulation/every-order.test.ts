/**
 * Every order of steps within bounds violates no property. With mutants, the same search finds the expected violation. The
 * long part `every-order` searches within larger bounds.
 */
import { assert, describe, expect, test } from 'vitest';
import { findMutant, rulesWith } from '../../../src/core/mutants/index.ts';
import { rules } from '../../../src/core/raft/index.ts';
import { type Bounds, everyOrder } from '../../../src/core/simulation/index.ts';

/** Bounds of three servers without any step. */
const NOTHING: Bounds = { servers: 3, elections: 0, proposals: 0, duplicates: 0, heartbeats: 0, restarts: 0 };

describe('every order of messages, with any number of losses', () => {
  test.each([
    { bounds: { elections: 2, proposals: 1, duplicates: 1 }, states: 137_902 },
    { bounds: { elections: 2, duplicates: 1, restarts: 1 }, states: 89_980 },
    { bounds: { servers: 2, elections: 3, proposals: 2, heartbeats: 1, restarts: 1 }, states: 336_288 },
  ])(
    'search: $bounds → $states states, no property violated',
    ({ bounds, states }) => {
      expect(everyOrder({ ...NOTHING, ...bounds }, rules)).toMatchObject({ states, complete: true, broken: null });
    },
    120_000,
  );

  test('search: maximum number of states reached → stops and is not complete', () => {
    const found = everyOrder({ ...NOTHING, elections: 2, proposals: 1 }, rules, 1_000);
    expect(found).toMatchObject({ complete: false, broken: null });
    expect(found.states).toBeGreaterThanOrEqual(1_000);
  });

  test.each([
    { mutant: 'votes-for-everyone', bounds: { elections: 2 }, property: 'election-safety' },
    { mutant: 'any-log-is-up-to-date', bounds: { elections: 2, proposals: 2 }, property: 'leader-completeness' },
    { mutant: 'vote-not-restored', bounds: { elections: 2, restarts: 1 }, property: 'election-safety' },
    {
      mutant: 'last-entry-not-restored',
      bounds: { elections: 2, proposals: 1, restarts: 1 },
      property: 'quorum-of-disks',
    },
    { mutant: 'truncate-without-conflict', bounds: { elections: 2, proposals: 2 }, property: 'quorum-of-disks' },
    { mutant: 'conflicts-kept', bounds: { elections: 2, proposals: 2 }, property: 'state-machine-safety' },
    { mutant: 'acknowledges-own-suffix', bounds: { elections: 2, proposals: 2 }, property: 'quorum-of-disks' },
  ])('search: mutant $mutant → violates $property', ({ mutant, bounds, property }) => {
    const wrong = findMutant(mutant);
    assert(wrong !== undefined);
    const { broken } = everyOrder({ ...NOTHING, ...bounds }, rulesWith(wrong), 100_000);
    expect(broken?.property).toBe(property);
    expect(broken?.happened[0]).toBe('S1: its timer runs out');
  });
});
