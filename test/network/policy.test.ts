/** Each policy measured against its numbers: 10,000 messages each, with requests and replies measured separately. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createChance } from '../../src/core/wire/chance.ts';
import {
  type LinkPolicy,
  type LinkShape,
  LONG_REORDERING,
  PLAIN_SHAPE,
  UNRELIABLE,
} from '../../src/core/wire/index.ts';
import { type Fate, fatesOf } from '../../src/network/policy.ts';
import { checkProperty } from '../helpers/property.ts';

const MESSAGES = 10_000;
const GAP_US = 1_000;
const NO_HOP = { hopDelayUs: 0, jitterUs: 0, lossPercent: 0 };

/**
 * Returns the fates of many messages that arrive one per millisecond, and the delay of each first copy in milliseconds.
 */
function measure(policy: LinkPolicy, kind: 'request' | 'reply', seed = 1): readonly (readonly Fate[])[] {
  const chance = createChance(seed, 'S1>S2');
  let lastDueUs = 0;
  return Array.from({ length: MESSAGES }, (_, at) => {
    const all = fatesOf(policy, { kind, arrivedUs: at * GAP_US, ...NO_HOP, lastDueUs }, chance);
    for (const fate of all) if (fate.type === 'deliver' && fate.inOrder) lastDueUs = fate.dueUs;
    return all;
  });
}

function delaysMs(measured: readonly (readonly Fate[])[]): readonly number[] {
  return measured.flatMap(([first], at) => (first?.type === 'deliver' ? [(first.dueUs - at * GAP_US) / 1000] : []));
}

/**
 * Half of the 99.9 % interval of a share p among n draws. The seed is fixed, so the test fails only when the code
 * changes.
 */
const within = (p: number, n = MESSAGES): number => 3.3 * Math.sqrt((p * (1 - p)) / n);

const shape = (part: Partial<LinkShape>, other: Partial<LinkShape> = {}): LinkPolicy => ({
  mode: 'shape',
  requests: { ...PLAIN_SHAPE, ...part },
  replies: { ...PLAIN_SHAPE, ...other },
});

/** Kolmogorov-Smirnov distance of these draws from an even spread over [min, max]. */
function distanceFromEven(draws: readonly number[], min: number, max: number): number {
  const sorted = draws.toSorted((a, b) => a - b);
  return Math.max(...sorted.map((draw, at) => Math.abs((draw - min) / (max - min) - (at + 0.5) / sorted.length)));
}

const lost = (measured: readonly (readonly Fate[])[]): number =>
  measured.filter(([first]) => first?.type === 'drop' && first.reason === 'lost').length / measured.length;

describe.each(['request', 'reply'] as const)('policy for a %s', (kind) => {
  const only = (part: Partial<LinkShape>): LinkPolicy => (kind === 'request' ? shape(part) : shape({}, part));
  const other = kind === 'request' ? 'reply' : 'request';

  test.each([1, 10, 50, 90])(
    'link policy: loss of %i % for one kind → that share of it is lost, none of the other kind',
    (percent) => {
      const policy = only({ lossPercent: percent });
      expect(Math.abs(lost(measure(policy, kind)) - percent / 100)).toBeLessThan(within(percent / 100));
      expect(lost(measure(policy, other))).toBe(0);
    },
  );

  test('link policy: delay → exact and in order; jitter → spread evenly', () => {
    const still = measure(only({ delayMs: 40 }), kind);
    expect(new Set(delaysMs(still))).toEqual(new Set([40]));
    const delays = delaysMs(measure(only({ delayMs: 40, jitterMs: 60 }), kind));
    // 1.95 / √n is the 99.9 % bound of the Kolmogorov-Smirnov test.
    expect(distanceFromEven(delays, 40, 100)).toBeLessThan(1.95 / Math.sqrt(MESSAGES));
    expect(new Set(delaysMs(measure(only({ delayMs: 40, jitterMs: 60 }), other)))).toEqual(new Set([0]));
  });

  test('link policy: duplicates → the configured share gets two copies', () => {
    const twice = measure(only({ duplicatePercent: 25 }), kind).filter((all) => all.length === 2).length;
    expect(Math.abs(twice / MESSAGES - 0.25)).toBeLessThan(within(0.25));
  });

  test('link policy: reordering → the configured share is delayed for the configured time', () => {
    const delays = delaysMs(measure(only({ reorderPercent: 20, reorderMinMs: 30, reorderMaxMs: 70 }), kind));
    const kept = delays.filter((delay) => delay > 0);
    expect(Math.abs(kept.length / MESSAGES - 0.2)).toBeLessThan(within(0.2));
    expect(distanceFromEven(kept, 30, 70)).toBeLessThan(1.95 / Math.sqrt(kept.length));
  });
});

test('link policy: 0 % → never happens; 100 % → always happens', () => {
  checkProperty(
    'test/network/policy.test.ts',
    fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (seed) => {
      const arrival = { kind: 'request', arrivedUs: 5, ...NO_HOP, lastDueUs: 0 } as const;
      const chance = createChance(seed, 'S1>S2');
      expect(fatesOf(shape({}), arrival, chance)).toEqual([{ type: 'deliver', dueUs: 5, inOrder: true }]);
      expect(fatesOf(shape({ lossPercent: 100 }), arrival, chance)).toEqual([{ type: 'drop', reason: 'lost' }]);
      expect(fatesOf(shape({ duplicatePercent: 100 }), arrival, chance)).toHaveLength(2);
    }),
  );
});

test('unreliable network: as in the course → requests wait 0–26 ms, one message in ten is lost', () => {
  const requests = measure(UNRELIABLE, 'request');
  expect(Math.abs(lost(requests) - 0.1)).toBeLessThan(within(0.1));
  expect(distanceFromEven(delaysMs(requests), 0, 26)).toBeLessThan(1.95 / Math.sqrt(delaysMs(requests).length));
  const replies = measure(UNRELIABLE, 'reply');
  expect(Math.abs(lost(replies) - 0.1)).toBeLessThan(within(0.1));
  expect(Math.max(...delaysMs(replies))).toBe(0);
});

test('long reordering: two thirds of the replies that are not lost → delayed 200–2,199 ms', () => {
  const delays = delaysMs(measure(LONG_REORDERING, 'reply'));
  const kept = delays.filter((delay) => delay > 0);
  expect(Math.abs(kept.length / delays.length - 2 / 3)).toBeLessThan(within(2 / 3, delays.length));
  expect(Math.min(...kept)).toBeGreaterThanOrEqual(200);
  expect(Math.max(...kept)).toBeLessThanOrEqual(2_199);
});

test('link policy: same seed → same fates; another seed or link → other fates', () => {
  expect(measure(LONG_REORDERING, 'reply', 3)).toEqual(measure(LONG_REORDERING, 'reply', 3));
  expect(measure(LONG_REORDERING, 'reply', 3)).not.toEqual(measure(LONG_REORDERING, 'reply', 4));
  const first = Array.from({ length: 4 }, createChance(3, 'S1>S2'));
  expect(first).not.toEqual(Array.from({ length: 4 }, createChance(3, 'S2>S1')));
});

test('run timing: jitter of 20 ms around a hop of 200 ms → delays of 180–220 ms, in order', () => {
  const chance = createChance(1, 'S1>S2');
  const delays: number[] = [];
  let lastDueUs = 0;
  for (let at = 0; at < MESSAGES; at += 1) {
    const arrivedUs = at * 1_000_000;
    const arrival = {
      kind: 'request',
      arrivedUs,
      hopDelayUs: 200_000,
      jitterUs: 20_000,
      lossPercent: 0,
      lastDueUs,
    } as const;
    const [fate] = fatesOf({ mode: 'pass' }, arrival, chance);
    if (fate?.type !== 'deliver') throw new Error('the message was dropped');
    expect(fate.inOrder).toBe(true);
    lastDueUs = fate.dueUs;
    delays.push((fate.dueUs - arrivedUs) / 1_000);
  }
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(180);
  expect(Math.max(...delays)).toBeLessThanOrEqual(220);
  expect(distanceFromEven(delays, 180, 220)).toBeLessThan(1.95 / Math.sqrt(MESSAGES));
});

test('run timing: jitter above the hop → no delay below 0', () => {
  const chance = createChance(1, 'S1>S2');
  const arrival = {
    kind: 'reply',
    arrivedUs: 5,
    hopDelayUs: 1_000,
    jitterUs: 9_000,
    lossPercent: 0,
    lastDueUs: 0,
  } as const;
  const dues = Array.from({ length: 200 }, () => fatesOf({ mode: 'pass' }, arrival, chance)[0]);
  expect(dues.every((fate) => fate?.type === 'deliver' && fate.dueUs >= 5)).toBe(true);
});

test('run timing: loss of 30 % → on passing, held and shaped links; a cut link drops as cut', () => {
  const arrival = { kind: 'request', arrivedUs: 5, hopDelayUs: 0, jitterUs: 0, lossPercent: 30, lastDueUs: 0 } as const;
  for (const policy of [{ mode: 'pass' }, { mode: 'hold' }, shape({})] as const) {
    const chance = createChance(3, 'S1>S2');
    const fates = Array.from({ length: MESSAGES }, () => fatesOf(policy, arrival, chance)[0]);
    const lost = fates.filter((fate) => fate?.type === 'drop' && fate.reason === 'lost').length;
    expect(Math.abs(lost / MESSAGES - 0.3)).toBeLessThan(within(0.3));
  }
  expect(fatesOf({ mode: 'cut' }, arrival, createChance(3, 'S1>S2'))).toEqual([{ type: 'drop', reason: 'cut' }]);
});
