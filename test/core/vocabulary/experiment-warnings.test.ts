/** Each warning about settings that cannot work well appears for them, and not for the settings beside them. */
import { expect, test } from 'vitest';
import { type Experiment, experimentWarnings, isSettled } from '../../../src/core/vocabulary/index.ts';

const SOUND: Experiment = {
  servers: 5,
  pace: 'classroom',
  checkQuorum: false,
  electionTicks: 15,
  heartbeatTicks: 5,
};

const codes = (change: Partial<Experiment>): readonly string[] =>
  experimentWarnings({ ...SOUND, ...change }).map(({ code }) => code);

test.each(['real', 'classroom', 'slow-motion'] as const)('default timing at pace %s → no warning', (pace) => {
  expect(codes({ pace })).toEqual([]);
  expect(codes({ pace, checkQuorum: true })).toEqual([]);
  expect(codes({ pace, electionTicks: 30 })).toEqual([]);
  expect(isSettled(SOUND, pace)).toBe(true);
});

/** Settings with a warning, and the nearest settings without it. */
test.each([
  ['timeout-below-heartbeat', { heartbeatTicks: 15 }, { heartbeatTicks: 14 }],
  ['timeout-below-heartbeat', { heartbeatTicks: 15 }, { jitterTicks: 5, hopTicks: 5 }],
  ['timeout-below-jitter', { hopTicks: 5, jitterTicks: 5 }, { hopTicks: 5, jitterTicks: 4.9 }],
  ['timeout-below-jitter', { hopTicks: 2, jitterTicks: 8 }, { hopTicks: 2, jitterTicks: 7.9 }],
  ['one-missed-heartbeat', { heartbeatTicks: 8 }, { heartbeatTicks: 7 }],
  ['vote-never-returns', { hopTicks: 15 }, { hopTicks: 14.9 }],
  ['vote-never-returns', { hopTicks: 16, jitterTicks: 1 }, { hopTicks: 16, jitterTicks: 2 }],
  ['vote-returns-late', { hopTicks: 7.5 }, { hopTicks: 7.4 }],
  ['vote-returns-late', { hopTicks: 16, jitterTicks: 2 }, { hopTicks: 16, jitterTicks: 1 }],
  ['quorum-check-deposes', { checkQuorum: true, hopTicks: 7.5 }, { checkQuorum: false, hopTicks: 7.5 }],
  ['narrow-range', { electionMaxTicks: 18 }, { electionMaxTicks: 19 }],
  ['one-timeout', { electionMaxTicks: 15 }, { electionMaxTicks: 16 }],
  ['high-loss', { lossPercent: 10 }, { lossPercent: 9.9 }],
  ['all-lost', { lossPercent: 100 }, { lossPercent: 99 }],
  ['one-server', { servers: 1 }, { servers: 3 }],
  ['two-servers', { servers: 2 }, { servers: 3 }],
  ['even-servers', { servers: 4 }, { servers: 5 }],
] as const)('%s: %j → warned; %j → not', (code, bad, good) => {
  expect(codes(bad)).toContain(code);
  expect(codes(good)).not.toContain(code);
});

test('one server: no election can fail → only the warning about one server', () => {
  expect(codes({ servers: 1, lossPercent: 100, hopTicks: 99 })).toEqual(['one-server']);
});

test('several warnings: gravest first', () => {
  expect(codes({ servers: 4, hopTicks: 20, heartbeatTicks: 20, lossPercent: 20 })).toEqual([
    'vote-never-returns',
    'timeout-below-heartbeat',
    'narrow-range',
    'high-loss',
    'even-servers',
  ]);
});

test('range of 300 ms against a vote of 400 ms → both numbers in the warning', () => {
  const [warning] = experimentWarnings({ ...SOUND, electionMaxTicks: 18 });
  expect(warning).toMatchObject({ code: 'narrow-range', params: { widthMs: 300, roundTripMs: 400 } });
});

test('settled: any loss or late votes → false; an even number of servers does not matter', () => {
  expect(isSettled({ ...SOUND, lossPercent: 1 }, 'classroom')).toBe(false);
  expect(isSettled({ ...SOUND, hopTicks: 8 }, 'classroom')).toBe(false);
  expect(isSettled({ ...SOUND, heartbeatTicks: 8 }, 'classroom')).toBe(true);
});
