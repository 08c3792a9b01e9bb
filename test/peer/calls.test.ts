/** Every caller gets exactly one answer, with what is known about its proposal (rules L10, R5). */
import { expect, test } from 'vitest';
import type { LogEntry } from '../../src/core/vocabulary/index.ts';
import { type CallOutcome, createCalls } from '../../src/peer/calls.ts';

const entry = (index: number, term: number): LogEntry => ({ type: 'noop', index, term, chain: '0'.repeat(16) });
const answer = { type: 'session', session: 1 } as const;

function waiting() {
  const calls = createCalls();
  const outcomes: Record<string, CallOutcome[]> = {};
  const begin = (name: string, isStart = false): string => {
    const list: CallOutcome[] = [];
    outcomes[name] = list;
    return calls.begin({ accepted: () => isStart, done: (outcome) => list.push(outcome) });
  };
  return { calls, outcomes, begin };
}

test('calls: entry applied → the caller with its index and term is answered, once', () => {
  const { calls, outcomes, begin } = waiting();
  calls.settle([{ type: 'accepted', requestId: begin('a'), index: 4, term: 2 }]);
  calls.applied(entry(3, 2), answer);
  expect(outcomes.a).toEqual([]);
  calls.applied(entry(4, 2), answer);
  calls.applied(entry(4, 2), answer);
  expect(outcomes.a).toEqual([{ type: 'applied', index: 4, term: 2, answer }]);
  expect(calls.count()).toBe(0);
});

test('L10 calls: entry of another term applied at the index → unknown', () => {
  const { calls, outcomes, begin } = waiting();
  calls.settle([{ type: 'accepted', requestId: begin('a'), index: 4, term: 2 }]);
  calls.applied(entry(4, 3), answer);
  expect(outcomes.a).toEqual([{ type: 'unknown', leaderId: null }]);
});

test('L10 calls: leadership lost → unapplied calls of that term or an earlier one → unknown', () => {
  const { calls, outcomes, begin } = waiting();
  calls.settle([
    { type: 'accepted', requestId: begin('applied'), index: 1, term: 2 },
    { type: 'accepted', requestId: begin('lost'), index: 2, term: 2 },
  ]);
  calls.applied(entry(1, 2), answer);
  calls.settle([{ type: 'leadership-lost', term: 2, leaderId: 'S3', outcome: 'unknown' }]);
  expect(outcomes.applied).toHaveLength(1);
  expect(outcomes.lost).toEqual([{ type: 'unknown', leaderId: 'S3' }]);
  calls.applied(entry(2, 2), answer);
  expect(outcomes.lost).toHaveLength(1);
});

test('calls: index accepted again in a later term → the earlier call is unknown', () => {
  const { calls, outcomes, begin } = waiting();
  calls.settle([{ type: 'accepted', requestId: begin('old'), index: 2, term: 2 }]);
  calls.settle([{ type: 'accepted', requestId: begin('new'), index: 2, term: 4 }]);
  expect(outcomes).toEqual({ old: [{ type: 'unknown', leaderId: null }], new: [] });
});

test('calls: rejection → names the leader; Start → not called again once accepted', () => {
  const { calls, outcomes, begin } = waiting();
  const rejected = { type: 'rejected', reason: 'not-leader', leaderId: 'S2', term: 5 } as const;
  calls.settle([{ ...rejected, requestId: begin('a') }]);
  expect(outcomes.a).toEqual([rejected]);
  calls.settle([{ type: 'accepted', requestId: begin('start', true), index: 9, term: 5 }]);
  expect(calls.count()).toBe(0);
});
