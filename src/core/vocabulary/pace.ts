/** How long a tick and a hop take at each pace of the cluster. */

/** How slow the cluster really is; lengths are in `PACES`. */
export type PaceName = 'real' | 'classroom' | 'slow-motion';

/** A pace changes lengths, never counts (architecture: Ticks). Milliseconds. */
export const PACES: Readonly<Record<PaceName, { readonly tickMs: number; readonly hopDelayMs: number }>> = {
  real: { tickMs: 10, hopDelayMs: 0 },
  classroom: { tickMs: 100, hopDelayMs: 200 },
  'slow-motion': { tickMs: 300, hopDelayMs: 600 },
};
