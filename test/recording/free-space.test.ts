/** The free disk space that must remain: the default, the setting, and the space that the system reports. */
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { freeBytes, leastFreeBytes } from '../../src/recording/free-space.ts';

const MIB = 1024 ** 2;

test.each([
  [undefined, 1024],
  ['', 1024],
  ['0', 0],
  ['200', 200],
])('free space: RAFT_LAB_MIN_FREE_MIB=%j → %i MiB', (text, mib) => {
  expect(leastFreeBytes({ RAFT_LAB_MIN_FREE_MIB: text })).toBe(mib * MIB);
});

test.each(['-1', '1.5', '1G', 'x'])('free space: RAFT_LAB_MIN_FREE_MIB=%j → refused with a sentence', (text) => {
  const sentence = `RAFT_LAB_MIN_FREE_MIB=${text} is not a whole number of MiB`;
  expect(() => leastFreeBytes({ RAFT_LAB_MIN_FREE_MIB: text })).toThrow(sentence);
});

test('free space: normal disk → above 0; file system without a size → Infinity', async () => {
  expect(await freeBytes(tmpdir())).toBeGreaterThan(0);
  if (process.platform === 'linux') expect(await freeBytes('/proc')).toBe(Number.POSITIVE_INFINITY);
});
