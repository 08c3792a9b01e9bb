/**
 * A history that is settled piece by piece gets the verdict of the search over the whole history, wherever it is cut.
 * Only a small part of a long history is kept.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf } from '../../../../src/core/check/digest.ts';
import { judgeHistory } from '../../../../src/core/check/history/index.ts';
import { type GrowingOperation, KeyHistory } from '../../../../src/core/check/history/key-history.ts';
import { type KeyAnswer, type KeyCommand, storeKey } from '../../../../src/core/check/history/store-key.ts';
import { COMMAND_OPS, type CommandOp } from '../../../../src/core/vocabulary/index.ts';
import { checkProperty } from '../../../helpers/property.ts';

type Growing = GrowingOperation<KeyCommand, KeyAnswer>;

/** A drawn operation: when it is called, takes effect and returns, and what goes wrong with it. */
interface Drawn {
  readonly op: CommandOp;
  readonly value: number;
  readonly from: number;
  readonly span: number;
  /** The fault, if any. 0: no answer and no effect; 1: no answer, but an effect; 2: a wrong answer; more: nothing. */
  readonly fate: number;
}

const drawnOperation = fc.record({
  op: fc.constantFrom(...COMMAND_OPS),
  value: fc.integer({ min: 1, max: 3 }),
  from: fc.integer({ min: 1, max: 40 }),
  span: fc.integer({ min: 1, max: 6 }),
  fate: fc.integer({ min: 0, max: 60 }),
});

function commandOf({ op, value }: Drawn): KeyCommand {
  const text = digestOf(String(value));
  if (op === 'get' || op === 'delete') return { op, key: 'x' };
  if (op === 'cas') return { op, key: 'x', expected: digestOf(String(value === 3 ? 1 : value + 1)), value: text };
  return { op, key: 'x', value: text };
}

/** The answers of a correct store, in which each operation takes effect in the middle of its span. */
function operationsOf(drawn: readonly Drawn[]): readonly Growing[] {
  let state = storeKey.initial;
  return drawn
    .toSorted((a, b) => a.from + a.span / 2 - (b.from + b.span / 2))
    .map((one, at) => {
      const input = commandOf(one);
      const previous = state === 'null' ? null : state;
      const after = storeKey.step(state, input, null) ?? state;
      if (one.fate !== 0) state = after;
      const value = one.fate === 2 ? digestOf('wrong') : after === 'null' ? null : after;
      const returned = one.fate <= 1 ? null : { at: one.from + one.span, output: { value, previous } };
      const name = `o${at}`;
      return { name, client: name, key: 'x', input, invoked: one.from, returned, isOver: true, isSettled: false };
    });
}

/** Adds calls and returns in their order, and settles at the given moments. */
function settledAt(operations: readonly Growing[], moments: ReadonlySet<number>) {
  const history = new KeyHistory(storeKey);
  const heard = new Map(operations.map((one) => [one, { ...one, returned: null, isOver: false } as Growing]));
  for (let now = 0; now <= 60; now += 1) {
    for (const [one, growing] of heard) {
      if (one.invoked === now) history.add(growing);
      if (one.returned !== null && one.returned.at === now)
        Object.assign(growing, { returned: one.returned, isOver: true });
      if (one.returned === null && one.invoked + 8 === now) growing.isOver = true;
    }
    if (moments.has(now)) history.settle(now - 1);
  }
  return history;
}

test('key history: settled at any moments → verdict of the search over the whole history', () => {
  const answers = new Set<string>();
  const histories = fc.array(drawnOperation, { minLength: 1, maxLength: 14 });
  const same = fc.property(histories, fc.array(fc.integer({ min: 0, max: 60 })), (drawn, moments) => {
    const operations = operationsOf(drawn);
    const whole = judgeHistory(storeKey, operations).verdict;
    const { answer } = settledAt(operations, new Set(moments)).verdict();
    answers.add(answer);
    expect(answer).toBe(whole === 'not-judged' ? 'valid' : whole);
  });
  checkProperty('test/core/check/history/key-history.test.ts', same, 3_000);
  expect(answers).toEqual(new Set(['valid', 'violated']));
});

test('key history: operation observed after its moment was settled → unknown', () => {
  const operations = operationsOf([{ op: 'set', value: 1, from: 5, span: 2, fate: 9 }]);
  const history = settledAt(operations, new Set([20]));
  expect(history.verdict().answer).toBe('valid');
  history.add({ ...(operations[0] as Growing), name: 'late', invoked: 6 });
  expect(history.verdict().answer).toBe('unknown');
});

test('key history: 10,000 operations, twenty without an answer → all judged, few kept', () => {
  const history = new KeyHistory(storeKey);
  let kept = 0;
  let previous: string | null = null;
  for (let number = 0; number < 10_000; number += 1) {
    const value = digestOf(`value ${number}`);
    const isLost = number % 500 === 499;
    const returned = isLost ? null : { at: 10 * number + 5, output: { value, previous } };
    const input = { op: 'set', key: 'x', value } as const;
    const name = `o${number}`;
    history.add({
      name,
      client: 'C1',
      key: 'x',
      input,
      invoked: 10 * number,
      returned,
      isOver: true,
      isSettled: false,
    });
    if (!isLost) previous = value;
    if (number % 100 === 99) history.settle(10 * number);
    kept = Math.max(kept, history.operations.length);
  }
  expect(history.verdict()).toMatchObject({ answer: 'valid' });
  expect(history.counted).toBe(10_000);
  expect(kept).toBeLessThan(130);
});
