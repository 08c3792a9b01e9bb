/** Conditions of the bench's cluster: one leader before the measurement, settled logs before the check. */
import { expect, test } from 'vitest';
import { agreedLeader, hasSettled, type States } from '../../../src/cli/bench/cluster.ts';
import type { ServerStateView } from '../../../src/core/lab-api/index.ts';

function state(change: Partial<ServerStateView>): ServerStateView {
  return {
    role: 'follower',
    term: 1,
    votedFor: 'S2',
    leaderId: 'S2',
    isLeader: false,
    commitIndex: 5,
    lastApplied: 5,
    lastIndex: 5,
    lastTerm: 1,
    durableIndex: 5,
    chain: 'c5',
    sessions: 1,
    keys: 1,
    ...change,
  };
}

const leader = state({ role: 'leader', isLeader: true });
const together: States = { S1: state({}), S2: leader, S3: state({}) };

test('leader: one server leads and all others follow it → that server', () => {
  expect(agreedLeader(together)).toBe('S2');
});

test('leader: a follower without a leader or an answer, or no leader → null', () => {
  expect(agreedLeader({ ...together, S3: state({ leaderId: null }) })).toBeNull();
  expect(agreedLeader({ ...together, S3: null })).toBeNull();
  expect(agreedLeader({ ...together, S2: state({}) })).toBeNull();
});

test('settled: all servers have applied up to the same last index → true', () => {
  expect(hasSettled(together)).toBe(true);
});

test('settled: a server has applied less, ends earlier, or does not answer → false', () => {
  expect(hasSettled({ ...together, S3: state({ lastApplied: 4 }) })).toBe(false);
  expect(hasSettled({ ...together, S3: state({ lastIndex: 4, lastApplied: 4 }) })).toBe(false);
  expect(hasSettled({ ...together, S3: null })).toBe(false);
  expect(hasSettled({ S1: null })).toBe(false);
});
