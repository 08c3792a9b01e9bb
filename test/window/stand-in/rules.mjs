/** Electron's refusals for all parts of the stand-in: use at the wrong time, and use of a destroyed object. */

/** @param {{ isReady: boolean }} clock @throws {Error} before the app is ready */
export function onlyAfterReady(clock, what) {
  if (!clock.isReady) throw new Error(`${what} cannot be used before the app is ready`);
}

/** @param {{ isReady: boolean }} clock @throws {Error} once the app is ready */
export function onlyBeforeReady(clock, what) {
  if (clock.isReady) throw new Error(`${what} can only be called before app is ready`);
}

/** @throws {TypeError} once the object is destroyed */
export function notDestroyed(isDestroyed) {
  if (isDestroyed) throw new TypeError('Object has been destroyed');
}
