/** Events that each server, the network process and the lab report about themselves. */
import { count, milliseconds } from '../fields.ts';
import type { EventTable } from './row.ts';

/** Rows of these events. */
export const PROGRAM_EVENTS = {
  /** A tick of this source was late by at least half an election timeout: the machine was too slow, or the process was stopped. */
  TicksLate: {
    teller: 'program',
    unseen: true,
    quiet: true,
    fields: {
      /** Delay of the tick after its due time. */
      lateMs: milliseconds,
      /** Number of ticks skipped before it. */
      missed: count,
    },
  },
} as const satisfies EventTable;
