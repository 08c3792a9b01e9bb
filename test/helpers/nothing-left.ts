/**
 * A setup file of the unit tests that share a thread: a file that leaves something behind for the next one fails. It compares
 * the working folder, the environment, the clock, the names of the global object, and the listeners on the process.
 */
import { afterAll, expect, vi } from 'vitest';

/** Names that the helpers of compiled packages add once a thread, such as `__extends`. */
const OF_PACKAGES = /^__/;

/** State of the thread that all its files share: name → value. */
function sharedState(): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['working folder', process.cwd()],
    ['fake timers', vi.isFakeTimers()],
    ...Object.entries(process.env).map(([name, value]) => [`environment: ${name}`, value] as const),
    ...globalNames().map((name) => [`global: ${name}`, true] as const),
    ...process.eventNames().map((name) => [`listeners: ${String(name)}`, process.listenerCount(name)] as const),
  ]);
}

/** Names whose value is undefined are left out: React's test flag is cleared that way. Getters are not called. */
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
