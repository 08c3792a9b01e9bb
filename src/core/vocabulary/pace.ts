/** The lengths of a tick and of a hop at each pace of the cluster. */

/** How much the cluster is slowed down; `PACES` has the lengths. */
export type PaceName = 'real' | 'classroom' | 'slow-motion';

/** Lengths of a pace in milliseconds. A pace changes lengths, never numbers of ticks. */
export const PACES: Readonly<Record<PaceName, { readonly tickMs: number; readonly hopDelayMs: number }>> = {
  real: { tickMs: 10, hopDelayMs: 0 },
  classroom: { tickMs: 100, hopDelayMs: 200 },
  'slow-motion': { tickMs: 300, hopDelayMs: 600 },
};
