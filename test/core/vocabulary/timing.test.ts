/** The timing of a run: its lengths at each pace, and how a change applies. */
import { expect, test } from 'vitest';
import {
  changedTiming,
  DEFAULT_TIMING,
  lengthsOf,
  longestElectionTicks,
  type Timing,
  timingOf,
  withTiming,
} from '../../../src/core/vocabulary/index.ts';

const OWN: Timing = {
  electionTicks: 15,
  electionMaxTicks: 18,
  heartbeatTicks: 5,
  hopTicks: 2,
  jitterTicks: 0.2,
  lossPercent: 3,
};

test('lengths: default timing → those of the pace; own timing → scaled by the tick', () => {
  expect(lengthsOf(DEFAULT_TIMING, 'classroom')).toEqual({ tickMs: 100, hopDelayMs: 200, jitterMs: 0, lossPercent: 0 });
  expect(lengthsOf(DEFAULT_TIMING, 'real').hopDelayMs).toBe(0);
  expect(lengthsOf(OWN, 'classroom')).toEqual({ tickMs: 100, hopDelayMs: 200, jitterMs: 20, lossPercent: 3 });
  expect(lengthsOf({ ...OWN, jitterTicks: 0.1 }, 'slow-motion')).toMatchObject({ hopDelayMs: 600, jitterMs: 30 });
});

test('longest election timeout: absent → 2T; given → as given', () => {
  expect([longestElectionTicks(DEFAULT_TIMING), longestElectionTicks(OWN)]).toEqual([30, 18]);
});

test('change: fields that are left out → stay', () => {
  expect(changedTiming(OWN, {})).toEqual(OWN);
  expect(changedTiming(OWN, { heartbeatTicks: 7, hopTicks: 0 })).toEqual({ ...OWN, heartbeatTicks: 7, hopTicks: 0 });
});

test('change: shortest timeout alone → longest is 2T; longest below the shortest → null', () => {
  expect(changedTiming(OWN, { electionTicks: 40 })).not.toHaveProperty('electionMaxTicks');
  expect(changedTiming(OWN, { electionTicks: 40, electionMaxTicks: 41 })).toMatchObject({ electionMaxTicks: 41 });
  expect(changedTiming(OWN, { electionMaxTicks: 14 })).toBeNull();
});

test('change: pace’s own hop → delay, jitter and loss end, then the other fields apply', () => {
  const { electionTicks, electionMaxTicks, heartbeatTicks } = OWN;
  const election = { electionTicks, electionMaxTicks, heartbeatTicks };
  expect(changedTiming(OWN, { paceHop: true })).toEqual(election);
  expect(changedTiming(OWN, { paceHop: true, lossPercent: 9 })).toEqual({ ...election, lossPercent: 9 });
});

test('settings: timing taken out and put in → other fields stay, old optional fields end', () => {
  const settings = { ...OWN, seed: 7 };
  expect(timingOf(settings)).toEqual(OWN);
  expect(withTiming(settings, DEFAULT_TIMING)).toEqual({ ...DEFAULT_TIMING, seed: 7 });
});
