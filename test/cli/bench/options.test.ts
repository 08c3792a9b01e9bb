/** The options of `raft-lab bench`: combinations in their order, and the checkout to compare with. */
import { expect, test } from 'vitest';
import { type BenchArgs, benchOptions } from '../../../src/cli/bench/options.ts';
import { WrongArgs } from '../../../src/cli/wrong-args.ts';

const args: BenchArgs = {
  servers: [3],
  clients: [1],
  seconds: 5,
  durability: ['fsync'],
  value: 100,
  lab: 'on',
  json: false,
  against: null,
  pairs: null,
};

test('options: lists → every combination, servers outermost and clients innermost', () => {
  const { combinations } = benchOptions({
    ...args,
    servers: [3, 5],
    clients: [1, 64],
    durability: ['os-cache', 'fsync'],
  });
  const expected = [3, 5].flatMap((servers) =>
    ['os-cache', 'fsync'].flatMap((durability) => [1, 64].map((clients) => ({ servers, clients, durability }))),
  );
  expect(combinations).toEqual(expected);
});

test('options: --against → ten pairs, or the number after --pairs', () => {
  expect(benchOptions(args).against).toBeNull();
  expect(benchOptions({ ...args, against: 'x' }).against).toEqual({ folder: 'x', pairs: 10 });
  expect(benchOptions({ ...args, against: 'x', pairs: 3, lab: 'off' })).toMatchObject({
    against: { folder: 'x', pairs: 3 },
    lab: false,
  });
});

test('options: --pairs without --against → refused', () => {
  expect(() => benchOptions({ ...args, pairs: 3 })).toThrow(WrongArgs);
});
