/** Liveness is judged by the timing of the run, and not at all while the timing lets no leader last. */
import { expect, test } from 'vitest';
import type { RunSettings } from '../../../src/core/trace/index.ts';
import { BOUND_MS, Run, SERVERS, SETTINGS } from './liveness-run.ts';

test('liveness: timing becomes faster → time before is judged by the old bound', () => {
  const slow = { ...SETTINGS, electionTicks: 600 } as RunSettings;
  const timing = { electionTicks: 30, heartbeatTicks: 5 };
  const run = (): Run =>
    new Run(slow)
      .ready(0, ...SERVERS)
      .lab(20_000, 'TimingChanged', timing)
      .elected(21_000, 'S1', 1, 'S2');
  expect(run().verdict(22_000).outcome).toBe('valid');
  const late = new Run(slow).ready(0, ...SERVERS).lab(20_000, 'TimingChanged', timing);
  expect(late.verdict(20_001 + BOUND_MS).outcome).toBe('violated');
});

test('liveness: narrower range of timeouts → a shorter bound', () => {
  const narrow = { ...SETTINGS, electionMaxTicks: 31 } as RunSettings;
  const bound = (BOUND_MS * 31) / 60;
  expect(new Run(narrow).ready(0, ...SERVERS).verdict(bound - 1).outcome).toBe('not-judged');
  expect(new Run(narrow).ready(0, ...SERVERS).verdict(bound + 1).outcome).toBe('violated');
});

test.each([
  ['timeout below the heartbeat', { heartbeatTicks: 40 }],
  ['a vote that never returns', { hopTicks: 40 }],
  ['one timeout for all', { electionMaxTicks: 30 }],
  ['any loss', { lossPercent: 1 }],
])('liveness: timing with %s → not judged', (_what, timing) => {
  const unsettled = { ...SETTINGS, ...timing } as RunSettings;
  expect(new Run(unsettled).ready(0, ...SERVERS).verdict(60_000).outcome).toBe('not-judged');
});
