/**
 * Calls back once the page has been painted, or after a time limit: a hidden window, or one on a Wayland compositor
 * that gives hidden windows no frames, would otherwise never say that it is ready, and no server would start.
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
