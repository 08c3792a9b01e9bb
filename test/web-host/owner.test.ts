/** `watchOwner` reports the end of the parent process. A program that the system started has no owner. */
import { expect, test } from 'vitest';
import { type OwnerSigns, watchOwner } from '../../src/web-host/owner.ts';

/** A machine whose time and processes the test controls. */
function machine(platform: NodeJS.Platform, parent: number) {
  const living = new Set([parent]);
  let now = parent;
  let look: (() => void) | null = null;
  let gone = 0;
  const signs: OwnerSigns = {
    platform,
    parentPid: () => now,
    hasProcess: (pid) => living.has(pid),
    every: (_ms, each) => {
      look = each;
      return { stop: () => (look = null) };
    },
  };
  watchOwner(signs, () => {
    gone += 1;
  });
  return {
    isWatching: () => look !== null,
    look: () => look?.(),
    gone: () => gone,
    adopt: (pid: number) => (now = pid),
    end: () => living.delete(parent),
  };
}

test('owner: the parent’s pid changes → reported once', () => {
  const one = machine('linux', 4711);
  one.look();
  expect(one.gone()).toBe(0);
  one.adopt(1);
  one.look();
  one.look();
  expect([one.gone(), one.isWatching()]).toEqual([1, false]);
});

test('owner on Windows: same pid, process ended → reported', () => {
  const one = machine('win32', 4711);
  one.look();
  expect(one.gone()).toBe(0);
  one.end();
  one.look();
  expect(one.gone()).toBe(1);
});

test('owner: started by the system → never reported', () => {
  expect(machine('linux', 1).isWatching()).toBe(false);
});
