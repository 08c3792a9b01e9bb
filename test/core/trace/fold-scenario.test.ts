/** The fold of a scenario's events: its step, its notes and its verdict. */
import { expect, test } from 'vitest';
import { emptyView, fold, type TraceEvent } from '../../../src/core/trace/index.ts';

let seq = 0;
const told = (event: object): TraceEvent => {
  seq += 1;
  return { seq, timeUs: seq * 10, source: 'lab', nseq: seq, life: 1, ...event } as TraceEvent;
};
const says = { en: 'now', zh: '现在' };

test('fold: scenario events from start to end → step, note and verdict in the view', () => {
  const steps = ['checkOneLeader: L', says];
  const begun = fold(
    emptyView,
    told({ event: 'ScenarioStarted', name: 'A', title: says, seed: 3, steps, reported: null }),
  );
  expect(begun.scenario).toMatchObject({ name: 'A', at: -1, note: null, ended: null, steps });
  const second = fold(
    fold(begun, told({ event: 'ScenarioStepBegan', step: 0 })),
    told({ event: 'ScenarioStepBegan', step: 1 }),
  );
  const noted = fold(second, told({ event: 'ScenarioNoted', says, warning: true }));
  expect(noted.scenario).toMatchObject({ at: 1, note: { says, warning: true } });
  const ended = fold(noted, told({ event: 'ScenarioEnded', verdict: 'violated', reason: says, seconds: 2 }));
  expect(ended.scenario?.ended).toEqual({ verdict: 'violated', reason: says, seconds: 2 });
});

test('fold: scenario events without ScenarioStarted → no scenario in the view', () => {
  expect(fold(emptyView, told({ event: 'ScenarioStepBegan', step: 4 })).scenario).toBeNull();
});

test('story: refusals while a scenario looks for the leader → none', () => {
  const refused = {
    event: 'StartAnswered',
    server: 'S2',
    outcome: 'not-leader',
    index: null,
    term: null,
    leaderId: 'S1',
  };
  const begun = fold(
    emptyView,
    told({ event: 'ScenarioStarted', name: 'A', title: says, seed: 3, steps: [], reported: null }),
  );
  expect(fold(begun, told(refused)).story).toEqual([]);
  expect(fold(emptyView, told(refused)).story.at(-1)?.code).toBe('start-not-leader');
});
