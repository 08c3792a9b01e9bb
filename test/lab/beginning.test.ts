/** The pace and the timing with which a continued run begins, which come from its recording. */
import { describe, expect, test } from 'vitest';
import { emptyView } from '../../src/core/trace/index.ts';
import type { Timing } from '../../src/core/vocabulary/index.ts';
import { speedAt } from '../../src/lab/beginning.ts';
import type { ResumedRun } from '../../src/recording/index.ts';
import { settings } from '../core/trace/story.ts';

/** A run whose recording ends with this timing at pace classroom. */
function leftWith(timing: Partial<Timing>): ResumedRun {
  const view = { ...emptyView, pace: 'classroom' as const, settings: { ...settings, ...timing } };
  return { lastSeq: 9, view } as ResumedRun;
}

describe('a continued run', () => {
  test('timing: changed while the run was recorded → kept, with the pace', () => {
    const { pace, timing, present } = speedAt(settings, leftWith({ electionTicks: 20, hopTicks: 2.5 }));
    expect(pace).toBe('classroom');
    expect(timing).toEqual({ electionTicks: 20, heartbeatTicks: 5, hopTicks: 2.5 });
    expect(present).toMatchObject({ pace: 'classroom', electionTicks: 20, hopTicks: 2.5 });
  });

  test.each([
    { electionTicks: 0 },
    { electionTicks: 1e9 },
    { electionTicks: 15.5 },
    { electionMaxTicks: 10 },
    { heartbeatTicks: Number.NaN },
    { hopTicks: -1 },
    { lossPercent: 101 },
  ])('timing: %j in the recording, which no run may have → that of the settings', (timing) => {
    expect(speedAt(settings, leftWith(timing)).timing).toEqual({ electionTicks: 15, heartbeatTicks: 5 });
  });
});
