/**
 * Judges hand-made histories that are valid, violated or too hard. Random ones are compared with trying every order.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeHistory, type Operation, register } from '../../../../src/core/check/history/index.ts';
import type { RegisterInput, RegisterOutput } from '../../../../src/core/check/history/models.ts';
import { checkProperty } from '../../../helpers/property.ts';

type Op = Operation<RegisterInput, RegisterOutput>;

let count = 0;
const op = (invoked: number, at: number | null, input: RegisterInput, output: RegisterOutput): Op => {
  count += 1;
  const name = `o${count}`;
  return { name, client: name, key: 'x', input, invoked, returned: at === null ? null : { at, output } };
};
const write = (from: number, to: number | null, value: string) =>
  op(from, to, { f: 'write', value }, { written: true });
const read = (from: number, to: number | null, value: string) => op(from, to, { f: 'read' }, { value });
const cas = (from: number, to: number | null, old: string, next: string, swapped = true) =>
  op(from, to, { f: 'cas', from: old, to: next }, { swapped });

describe('valid', () => {
  test.each<[string, readonly Op[]]>([
    ['operations one after the other', [write(1, 2, 'a'), read(3, 4, 'a'), write(5, 6, 'b'), read(7, 8, 'b')]],
    ['reads that overlap a write see either value', [write(1, 10, 'a'), read(2, 3, 'nil'), read(4, 5, 'a')]],
    ['write without an answer is seen', [write(1, null, 'a'), read(2, 3, 'a')]],
    ['write without an answer is never seen', [write(1, null, 'a'), read(2, 3, 'nil'), read(4, 5, 'nil')]],
    [
      'write without an answer is seen much later',
      [write(1, null, 'a'), read(2, 3, 'nil'), write(4, 5, 'b'), read(6, 7, 'a')],
    ],
    ['read without an answer', [write(1, 2, 'a'), read(3, null, 'zzz'), read(4, 5, 'a')]],
    ['compare-and-swap fails on another value', [write(1, 2, 'a'), cas(3, 4, 'b', 'c', false), read(5, 6, 'a')]],
    ['return and call at the same time', [write(1, 2, 'a'), read(2, 3, 'nil')]],
  ])('judgeHistory: %s → valid', (_what, history) => {
    expect(judgeHistory(register, history)).toMatchObject({ verdict: 'valid', violation: null });
  });

  test('judgeHistory: no operation has an answer → not-judged', () => {
    expect(judgeHistory(register, [])).toMatchObject({ verdict: 'not-judged', operations: 0 });
    expect(judgeHistory(register, [read(1, null, 'a')])).toMatchObject({ verdict: 'not-judged', operations: 0 });
    expect(judgeHistory(register, [write(1, null, 'a')])).toMatchObject({ verdict: 'not-judged', operations: 1 });
  });
});

describe('violated, with the window', () => {
  test.each<[string, readonly Op[], number]>([
    ['stale read', [write(1, 2, 'a'), write(3, 4, 'b'), read(5, 6, 'a')], 3],
    ['lost write', [write(1, 2, 'a'), read(3, 4, 'nil')], 2],
    ['read of a value that was never written', [read(1, 2, 'q')], 1],
    [
      'two reads that disagree about the order of two writes',
      [write(1, 10, 'a'), write(1, 10, 'b'), read(11, 12, 'a'), read(13, 14, 'b')],
      4,
    ],
    [
      'two compare-and-swaps of one value both succeed',
      [write(1, 2, 'a'), cas(3, 9, 'a', 'b'), cas(4, 8, 'a', 'c')],
      3,
    ],
    ['write without an answer is seen, then not seen', [write(1, null, 'a'), read(2, 3, 'a'), read(4, 5, 'nil')], 3],
  ])('judgeHistory: %s → violated, with its window', (_what, history, size) => {
    const { verdict, violation } = judgeHistory(register, history);
    expect(verdict).toBe('violated');
    expect(violation?.window).toHaveLength(size);
  });

  test('window: stale read in a long history → only the operations that prove it', () => {
    const long = Array.from({ length: 200 }, (_, at) => write(at * 10, at * 10 + 5, `v${at}`));
    const after = Array.from({ length: 50 }, (_, at) => read(3_000 + at * 10, 3_005 + at * 10, 'v199'));
    const { violation } = judgeHistory(register, [...long, read(2_500, 2_600, 'v7'), ...after]);
    expect(violation?.window).toHaveLength(4);
    expect(violation?.window.at(-1)).toContain('read → v7');
    expect(violation?.window.at(-2)).toContain('write v199');
  });

  test('judgeHistory: one of two keys is violated → named in the violation', () => {
    const other = { ...read(1, 2, 'q'), key: 'y' };
    expect(judgeHistory(register, [write(1, 2, 'a'), other]).violation?.key).toBe('y');
  });
});

describe('too hard', () => {
  /** Writes that may or may not have happened, and a read that none of them explains. */
  const hard = [
    ...Array.from({ length: 24 }, (_, at) => cas(1, 1_000, `a${at}`, `b${at}`, false)),
    ...Array.from({ length: 24 }, (_, at) => write(1, null, `w${at}`)),
    read(2_000, 2_001, 'q'),
  ];

  test('judgeHistory: bound on steps or on states is reached → unknown', () => {
    const bySteps = judgeHistory(register, hard, { mostSteps: 10_000, mostStates: 1_000_000 });
    expect(bySteps).toMatchObject({ verdict: 'unknown', violation: null, unknownKeys: ['x'] });
    expect(bySteps.steps).toBeLessThanOrEqual(10_001);
    expect(judgeHistory(register, hard, { mostSteps: 1e9, mostStates: 5_000 }).verdict).toBe('unknown');
  });

  test('search: read explained only by the last of many writes → characters are bounded', () => {
    const writes = Array.from({ length: 2_000 }, (_, at) => write(at * 10 + 1, at * 10 + 5, `v${at}`));
    const history = [read(0, 30_000, 'v1999'), ...writes];
    const limits = { mostSteps: 1e9, mostStates: 1e9 };
    expect(judgeHistory(register, history, limits).verdict).toBe('valid');
    expect(judgeHistory(register, history, { ...limits, mostCharacters: 100_000 }).verdict).toBe('unknown');
  });

  test('judgeHistory: one key violated, another too hard → violated', () => {
    const wrong = { ...read(1, 2, 'q'), key: 'y' };
    expect(judgeHistory(register, [...hard, wrong], { mostSteps: 10_000, mostStates: 1_000_000 }).verdict).toBe(
      'violated',
    );
  });
});

/** Tries every order, which takes too long for more than a handful of operations. */
function bruteForce(history: readonly Op[]): boolean {
  const go = (left: readonly Op[], state: string): boolean => {
    if (left.every(({ returned }) => returned === null)) return true;
    const firstReturn = Math.min(...left.map(({ returned }) => returned?.at ?? Number.POSITIVE_INFINITY));
    return left.some((one) => {
      if (one.invoked > firstReturn) return false;
      const next = register.step(state, one.input, one.returned?.output ?? null);
      return (
        next !== null &&
        go(
          left.filter((other) => other !== one),
          next,
        )
      );
    });
  };
  return go(
    history.filter(({ input, returned }) => returned !== null || input.f !== 'read'),
    'nil',
  );
}

test('judgeHistory: random small histories → same verdict as trying every order', () => {
  const value = fc.constantFrom('a', 'b', 'nil');
  const span = fc.tuple(fc.nat(20), fc.option(fc.integer({ min: 1, max: 8 }), { freq: 5 }));
  const one = fc.tuple(span, fc.nat(2), value, value, fc.boolean()).map(([[from, lasts], kind, v, w, swapped]) => {
    const to = lasts === null ? null : from + lasts;
    if (kind === 0) return write(from, to, v);
    return kind === 1 ? read(from, to, v) : cas(from, to, v, w, swapped);
  });
  let violated = 0;
  checkProperty(
    'test/core/check/history/judge-history.test.ts',
    fc.property(fc.array(one, { minLength: 1, maxLength: 7 }), (history) => {
      const { verdict } = judgeHistory(register, history);
      const isValid = bruteForce(history);
      if (!isValid) violated += 1;
      expect(verdict === 'valid' || verdict === 'not-judged').toBe(isValid);
    }),
    2_000,
  );
  expect(violated).toBeGreaterThan(100);
});

test('judgeHistory: 10,000 operations over ten keys → judged within the usual limits', () => {
  const history: Op[] = [];
  let word = 7;
  const next = (most: number): number => {
    word = (Math.imul(word, 1_103_515_245) + 12_345) >>> 0;
    return (word >>> 8) % most;
  };
  const states = new Map<string, string>();
  for (let at = 0; at < 10_000; at += 1) {
    const key = `k${next(10)}`;
    const from = at * 10 - next(60);
    const to = at * 10 + 1 + next(60);
    const state = states.get(key) ?? 'nil';
    const made = next(2) === 0 ? write(from, to, `v${next(5)}`) : read(from, to, state);
    if (made.input.f === 'write') states.set(key, made.input.value);
    history.push({ ...made, key });
  }
  expect(judgeHistory(register, history)).toMatchObject({ verdict: 'valid', operations: 10_000, keys: 10 });
});
