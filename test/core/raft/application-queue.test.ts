/**
 * The queue of effects for the state machine: effects leave in order and in slices, and with any sizes none is lost or
 * duplicated.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createApplicationQueue, isForApplication } from '../../../src/core/raft/index.ts';
import type { ApplicationEffect, Reply } from '../../../src/core/raft/ready.ts';
import { checkProperty } from '../../helpers/property.ts';
import { entriesOf } from './helpers.ts';

const lost = (term: number): Reply => ({ type: 'leadership-lost', term, leaderId: null, outcome: 'unknown' });

/** Short text of an effect: `3 4 5` for entries, `lost 2` for a reply. */
function wordOf(effect: ApplicationEffect): string {
  if (effect.type === 'reply') return effect.replies.map(({ term }) => `lost ${term}`).join();
  return effect.entries.map(({ index }) => index).join(' ');
}

/**
 * Returns a queue with entries in groups of these sizes and a reply after each group. `[2, 3]` gives 1 2, lost 1, 3 4
 * 5, lost 2.
 */
function queued(maxEntries: number, sizes: readonly number[]) {
  const queue = createApplicationQueue(maxEntries);
  const all = entriesOf(sizes.flatMap((size) => Array<number>(size).fill(1)));
  let first = 0;
  for (const [at, size] of sizes.entries()) {
    if (size > 0) queue.push({ type: 'apply', entries: all.slice(first, first + size) });
    queue.push({ type: 'reply', replies: [lost(at + 1)] });
    first += size;
  }
  return queue;
}

describe('takeSlice', () => {
  test('takeSlice: more entries than fit → several slices, the reply only after the last entry', () => {
    const queue = queued(2, [5]);
    const slices = [1, 2, 3].map(() => queue.takeSlice().map(wordOf));
    expect(slices).toEqual([['1 2'], ['3 4'], ['5', 'lost 1']]);
    expect(queue.isEmpty()).toBe(true);
  });

  test('takeSlice: last entry of an effect fits → the reply after it is in the same slice', () => {
    const queue = queued(2, [2, 1]);
    expect(queue.takeSlice().map(wordOf)).toEqual(['1 2', 'lost 1']);
    expect(queue.takeSlice().map(wordOf)).toEqual(['3', 'lost 2']);
  });

  test('takeSlice: empty queue → empty slice', () => {
    expect(createApplicationQueue(1).takeSlice()).toEqual([]);
  });

  test('takeSlice: any sizes → all effects in order, no slice empty or over the maximum', () => {
    const sizes = fc.array(fc.nat({ max: 9 }), { maxLength: 8 });
    const property = fc.property(fc.integer({ min: 1, max: 7 }), sizes, (maxEntries, all) => {
      const queue = queued(maxEntries, all);
      const taken: ApplicationEffect[] = [];
      while (!queue.isEmpty()) {
        const slice = queue.takeSlice();
        const entries = slice.flatMap((effect) => (effect.type === 'apply' ? effect.entries : []));
        expect(slice.length).toBeGreaterThan(0);
        expect(entries.length).toBeLessThanOrEqual(maxEntries);
        taken.push(...slice);
      }
      const whole = queued(Number.MAX_SAFE_INTEGER, all).takeSlice();
      expect(taken.map(wordOf).join(' ')).toBe(whole.map(wordOf).join(' '));
    });
    checkProperty('test/core/raft/application-queue.test.ts', property);
  });
});

test('clear: queue in the middle of an effect → empty; new entries start a new slice', () => {
  const queue = queued(2, [3]);
  queue.takeSlice();
  queue.clear();
  queue.push({ type: 'apply', entries: entriesOf([1, 1]) });
  expect(queue.takeSlice().map(wordOf)).toEqual(['1 2']);
});

test('isForApplication: entries and replies → true; messages and events → false', () => {
  expect(isForApplication({ type: 'apply', entries: [] })).toBe(true);
  expect(isForApplication({ type: 'reply', replies: [] })).toBe(true);
  expect(isForApplication({ type: 'send', messages: [] })).toBe(false);
  expect(isForApplication({ type: 'emit', events: [] })).toBe(false);
});
