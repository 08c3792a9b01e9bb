/** The terminal's sentences: numbers agree with their nouns. */
import { expect, test } from 'vitest';
import { createSay } from '../../src/cli/words.ts';

const say = createSay('en');

test('sentences: count of one → singular; none or more → plural', () => {
  expect([0, 1, 2].map((count) => say('runServers', { count }))).toEqual(['0 servers', '1 server', '2 servers']);
  const combination = { servers: 1, clients: 64, durability: 'fsync' };
  expect(say('benchCombination', combination)).toBe('1 server, 64 clients, fsync');
  expect(say('checkHistory', { operations: 1, keys: 1, steps: 2 })).toBe('1 operation on 1 key, 2 steps');
});

test('sentences: Chinese → one form, with the number filled in', () => {
  expect(createSay('zh-CN')('runServers', { count: 1 })).toMatch(/^1 /);
});
