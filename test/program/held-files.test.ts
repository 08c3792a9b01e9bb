/** Calls on a file that another program holds for a moment are retried; a file that stays refused fails the call. */
import { expect, test } from 'vitest';
import { HELD_PAUSES_MS, whenFree, whenFreeSync } from '../../src/program/held-files.ts';

const refusal = (code: string) => Object.assign(new Error(`${code}: refused`), { code });

/** A call that fails a given number of times, and then returns `done`. */
function refusing(times: number, code: string) {
  let calls = 0;
  return {
    calls: () => calls,
    act: () => {
      calls += 1;
      if (calls <= times) throw refusal(code);
      return 'done';
    },
  };
}

test.each(['EPERM', 'EACCES', 'EBUSY'])(
  'whenFreeSync: refused twice with %s → succeeds, and onHeld is called once',
  (code) => {
    const { act } = refusing(2, code);
    const pauses: number[] = [];
    const told: unknown[] = [];
    expect(
      whenFreeSync(
        act,
        (held) => told.push(held),
        (ms) => pauses.push(ms),
      ),
    ).toBe('done');
    expect(pauses).toEqual([10, 20]);
    expect(told).toEqual([{ code, refusals: 2, waitedMs: 30 }]);
  },
);

test('whenFreeSync: succeeds at once → onHeld is not called', () => {
  const told: unknown[] = [];
  expect(whenFreeSync(refusing(0, '').act, (held) => told.push(held))).toBe('done');
  expect(told).toEqual([]);
});

test('whenFreeSync: always refused → the system’s error after all pauses', () => {
  const held = refusing(99, 'EPERM');
  const pauses: number[] = [];
  const act = () =>
    whenFreeSync(
      held.act,
      () => expect.unreachable(),
      (ms) => pauses.push(ms),
    );
  expect(act).toThrow('EPERM: refused');
  expect(pauses).toEqual(HELD_PAUSES_MS);
  expect(held.calls()).toBe(HELD_PAUSES_MS.length + 1);
});

test.each(['ENOSPC', 'ENOENT', 'EMFILE'])('whenFreeSync: %s → fails at once', (code) => {
  const disk = refusing(1, code);
  expect(() => whenFreeSync(disk.act, () => expect.unreachable())).toThrow(code);
  expect(disk.calls()).toBe(1);
});

test('whenFree: refused twice → succeeds; another error → fails at once', async () => {
  const held = refusing(2, 'EBUSY');
  expect(await whenFree(async () => held.act())).toBe('done');
  expect(held.calls()).toBe(3);
  const full = refusing(1, 'ENOSPC');
  await expect(whenFree(async () => full.act())).rejects.toThrow('ENOSPC');
  expect(full.calls()).toBe(1);
});
