/**
 * A setup file of the unit tests that share a thread: fails a file that leaves a change behind for the next one. It
 * compares the working folder, the environment, the clock, the global names, and the listeners on the process.
 */
import { afterAll, expect, vi } from 'vitest';

/** Names that helpers of compiled packages, such as `__extends`, add once to each thread. */
const OF_PACKAGES = /^__/;

/** Returns the state that all files of a thread share: name → value. */
function sharedState(): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['working folder', process.cwd()],
    ['fake timers', vi.isFakeTimers()],
    ...Object.entries(process.env).map(([name, value]) => [`environment: ${name}`, value] as const),
    ...globalNames().map((name) => [`global: ${name}`, true] as const),
    ...process.eventNames().map((name) => [`listeners: ${String(name)}`, process.listenerCount(name)] as const),
  ]);
}

/**
 * Returns the global names whose value is not undefined, because React's test flag is cleared by setting it to
 * undefined. Calls no getter.
 */
function globalNames(): readonly string[] {
  const properties = Object.entries(Object.getOwnPropertyDescriptors(globalThis));
  const isCleared = (property: PropertyDescriptor): boolean => 'value' in property && property.value === undefined;
  return properties.filter(([name, property]) => !OF_PACKAGES.test(name) && !isCleared(property)).map(([name]) => name);
}

const before = sharedState();

// Registered before the file's own hooks, so it runs after them.
afterAll(() => {
  const after = sharedState();
  const names = new Set([...before.keys(), ...after.keys()]);
  // Names only: a value of the environment may be a secret.
  const changed = [...names].filter((name) => before.get(name) !== after.get(name));
  expect(changed, 'left behind for the next file of this thread').toEqual([]);
});
