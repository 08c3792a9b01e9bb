/** The bytes that the judges keep, by their own estimate: a long run with many commands of 60 KB stays small. */
import { expect, test } from 'vitest';
import { Digests } from '../../../src/core/check/digest.ts';
import { ClientHistory } from '../../../src/core/check/history/index.ts';
import { createJudge } from '../../../src/core/check/index.ts';
import type { TraceEvent } from '../../../src/core/trace/index.ts';
import { HEALTHY_SETTINGS, HealthyTrace } from '../../helpers/healthy-trace.ts';

const MIB = 2 ** 20;

function judged(events: number, largePerThousand: number) {
  const digests = new Digests();
  const judge = createJudge(HEALTHY_SETTINGS.servers, digests);
  const history = new ClientHistory({ digests });
  const hear = (event: TraceEvent): void => {
    judge.observe(event);
    history.observe(event);
  };
  const trace = new HealthyTrace({ seed: 7, largePerThousand, killEvery: 2_000, usPerEvent: 2_000 }, hear);
  trace.runTo(events);
  return { judge, history, trace };
}

test('judges: generated healthy run of 20,000 events → valid in everything', () => {
  const { judge, history } = judged(20_000, 1);
  for (const verdict of judge.finish())
    expect(verdict, verdict.property).toMatchObject({ outcome: 'valid', unknown: 0 });
  expect(history.judge()).toMatchObject({ verdict: 'valid', givenUp: 0 });
});

test('judges: 1,000 commands of 60 KB among 20,000 events → less than 32 MiB kept', () => {
  const { judge, history, trace } = judged(20_000, 50);
  expect(trace.largeCommands).toBeGreaterThan(990);
  expect(judge.keptBytes() + history.keptBytes()).toBeLessThan(32 * MIB);
  // The estimate includes all facts: without long commands it is still above 1 MiB.
  const without = judged(20_000, 0);
  expect(without.judge.keptBytes() + without.history.keptBytes()).toBeGreaterThan(MIB);
});
