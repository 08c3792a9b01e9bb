/** Events that each server, the network process and the lab report about themselves. */
import { count, milliseconds } from '../fields.ts';
import type { EventTable } from './row.ts';

/** Rows of these events. */
export const PROGRAM_EVENTS = {
  /** A tick of this source came half an election timeout late or later: the machine was too slow, or the process stood still. */
  TicksLate: {
    teller: 'program',
    quiet: true,
    fields: {
      /** Time between when the tick was due and when it came. */
      lateMs: milliseconds,
      /** Number of ticks skipped before it. */
      missed: count,
    },
  },
} as const satisfies EventTable;
