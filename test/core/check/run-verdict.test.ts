/** One verdict from all judges: the worst outcome counts, and the objection is given in both languages. */
import { describe, expect, test } from 'vitest';
import { ClientHistory } from '../../../src/core/check/history/index.ts';
import { objectionOf, outcomeOf, type RunVerdicts, type Verdict, worstOf } from '../../../src/core/check/index.ts';
import { Liveness } from '../../../src/core/check/liveness/index.ts';
import type { RunSettings } from '../../../src/core/trace/index.ts';

const SETTINGS = { servers: ['S1', 'S2', 'S3'], electionTicks: 15, pace: 'real' } as unknown as RunSettings;

const valid: Verdict = {
  ...{ property: 'vote-once', outcome: 'valid', examined: 3, unknown: 0, reasons: {}, violations: [], more: 0 },
};
const unknown: Verdict = { ...valid, outcome: 'unknown', unknown: 2, reasons: { 'lost-events': 1, 'still-open': 1 } };
const violated: Verdict = { ...valid, property: 'log-matching', outcome: 'violated' };

function found(...verdicts: readonly Verdict[]): RunVerdicts {
  return { verdicts, history: new ClientHistory().judge(), liveness: new Liveness(SETTINGS).verdict() };
}

test('worstOf: several outcomes → violated before unknown before valid', () => {
  expect(worstOf(['valid', 'not-judged', 'unknown', 'violated'])).toBe('violated');
  expect(worstOf(['valid', 'not-judged', 'unknown'])).toBe('unknown');
  expect(worstOf(['valid', 'not-judged'])).toBe('valid');
  expect(worstOf(['not-judged'])).toBe('not-judged');
});

describe('objection', () => {
  test('objection: all verdicts valid → null', () => {
    expect([outcomeOf(found(valid)), objectionOf(found(valid))]).toEqual(['valid', null]);
  });

  test('objection: one property broken, another unknown → violated, with the broken name', () => {
    expect(objectionOf(found(valid, unknown, violated))).toEqual({
      kind: 'violated',
      says: { en: 'log-matching is broken', zh: 'log-matching 被违反' },
    });
  });

  test('objection: facts could not be judged → unknown, with their number and the reasons', () => {
    expect(objectionOf(found(valid, unknown))).toEqual({
      kind: 'unknown',
      says: {
        en: 'facts that could not be judged: vote-once (2: events were lost, the run ended first)',
        zh: '有些事实无法判定：vote-once (2: 有事件丢失, 运行先结束了)',
      },
    });
  });

  test('objection: keys were given up → unknown, with their number', () => {
    const history = { ...new ClientHistory().judge(), verdict: 'unknown', givenUp: 4 } as const;
    expect(objectionOf({ ...found(valid), history })?.says.en).toMatch(/^4 keys of the clients/);
  });

  test('objection: nothing was judged → unknown', () => {
    const nothing: Verdict = { ...valid, outcome: 'not-judged', examined: 0 };
    expect(objectionOf(found(nothing))).toMatchObject({ kind: 'unknown', says: { en: 'there was nothing to judge' } });
  });
});
