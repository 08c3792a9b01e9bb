/**
 * Calls back once the page has been painted, or after a time limit. A hidden window may get no frames (on Wayland, for example)
 * and would then never report that it is ready, so no server would start.
 */

/** The callback comes after this time in any case. Milliseconds. */
export const PAINT_WITHIN_MS = 1_000;

/** Calls `act` once. Two frames: the first is asked for before the page is painted, the second comes after. */
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
