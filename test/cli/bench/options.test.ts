/** The options of `raft-lab bench`: combinations in their order, defaults, and one sentence for each mistake. */
import { expect, test } from 'vitest';
import { readBenchOptions } from '../../../src/cli/bench/options.ts';
import { createSay } from '../../../src/cli/words.ts';

test('options: none → three servers with fsync at 1, 16, 64 and 256 clients, the lab on', () => {
  expect(readBenchOptions({})).toEqual({
    ok: true,
    options: {
      combinations: [1, 16, 64, 256].map((clients) => ({ servers: 3, clients, durability: 'fsync' })),
      ...{ seconds: 5, valueBytes: 100, lab: true, json: false, against: null },
    },
  });
});

test('options: lists → every combination, servers outermost and clients innermost', () => {
  const read = readBenchOptions({ servers: '3,5', clients: '1, 64', durability: 'os-cache,fsync', seconds: '1.5' });
  const expected = [3, 5].flatMap((servers) =>
    ['os-cache', 'fsync'].flatMap((durability) => [1, 64].map((clients) => ({ servers, clients, durability }))),
  );
  expect(read).toMatchObject({ ok: true, options: { combinations: expected, seconds: 1.5 } });
});

test('options: --against → ten pairs, or as many as --pairs names', () => {
  expect(readBenchOptions({ against: 'x' })).toMatchObject({ options: { against: { folder: 'x', pairs: 10 } } });
  expect(readBenchOptions({ against: 'x', pairs: '3', lab: 'off' })).toMatchObject({
    options: { against: { folder: 'x', pairs: 3 }, lab: false },
  });
});

test.each([
  [{ servers: '0' }, '--servers: “0” is no whole number from 1 to 9.'],
  [{ servers: '10' }, '--servers: “10” is no whole number from 1 to 9.'],
  [{ clients: '1,x' }, '--clients: “x” is no whole number from 1 to 1000.'],
  [{ clients: '1,,16' }, '--clients: “” is no whole number from 1 to 1000.'],
  [{ clients: '16.5' }, '--clients: “16.5” is no whole number from 1 to 1000.'],
  [{ clients: '16,16' }, '--clients names “16” twice; once is enough.'],
  [{ seconds: '0' }, '--seconds: “0” is no number of seconds from 1 to 600.'],
  [{ seconds: '1e2' }, '--seconds: “1e2” is no number of seconds from 1 to 600.'],
  [{ durability: 'fsync,disk' }, '--durability: “disk” is neither fsync nor os-cache.'],
  [{ value: '65537' }, '--value: “65537” is no whole number from 1 to 65536.'],
  [{ pairs: '3' }, '--pairs needs --against DIR: pairs are rows of two checkouts in turns.'],
  [{ pairs: '101', against: 'x' }, '--pairs: “101” is no whole number from 1 to 100.'],
])('options: %o → a sentence', (words, sentence) => {
  const read = readBenchOptions(words);
  expect(read.ok ? read : createSay('en')(read.key, read.params)).toBe(sentence);
});
