/**
 * One line of a trace: an event of the catalogue in its envelope (docs/trace-format.md). Which events exist and which fields
 * they have is in core/catalogue/events.
 */
import type { AnyEvent } from '../catalogue/index.ts';

/** Version of this format, in `RunStarted` and `LabRestarted`. */
export const TRACE_VERSION = 2;

/** `lab`, `network`, a server id or a client id. */
export type Source = string;

/** The envelope of an event: its source, its time, and its place in the recording. */
export interface Envelope {
  /** Arrival at the recorder, 1, 2, …: the order in the file. */
  readonly seq: number;
  /** When it happened: microseconds since the run began, one monotonic clock for all processes. */
  readonly timeUs: number;
  readonly source: Source;
  /** Counts this source's events within its life, from 1: a gap is visible. */
  readonly nseq: number;
  readonly life: number;
  /** The event reached the recorder after later ones had been delivered to live readers. */
  readonly late?: true;
}

/** One line of a trace. */
export type TraceEvent = Envelope & AnyEvent;
