/**
 * Calls back once the page has been painted, or after a time limit. A hidden window may get no frames (on Wayland, for example)
 * and would then never report that it is ready, so no server would start.
 */

/** Longest wait before the callback, in milliseconds. */
export const PAINT_WITHIN_MS = 1_000;

/** Calls `act` once, in the second frame, since the first frame begins before the page is painted. */
export function afterPaint(act: () => void): void {
  let isDone = false;
  const once = (): void => {
    clearTimeout(limit);
    if (isDone) return;
    isDone = true;
    act();
  };
  const limit = setTimeout(once, PAINT_WITHIN_MS);
  requestAnimationFrame(() => requestAnimationFrame(once));
}
