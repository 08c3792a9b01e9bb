/**
 * One line of a trace: an event of the catalogue in its envelope (docs/trace-format.md). core/catalogue/events lists the events
 * and their fields.
 */
import type { AnyEvent } from '../catalogue/index.ts';

/** Version of this format, in `RunStarted` and `LabRestarted`. */
export const TRACE_VERSION = 2;

/** `lab`, `network`, a server id or a client id. */
export type Source = string;

/** The envelope of an event: its source, its time, and its place in the recording. */
export interface Envelope {
  /** Position in the file, from 1: the order in which events reached the recorder. */
  readonly seq: number;
  /** Time of the event in microseconds since the run began, from one monotonic clock for all processes. */
  readonly timeUs: number;
  readonly source: Source;
  /** Number of this event among those of its source's life, from 1. A gap shows that events are missing. */
  readonly nseq: number;
  readonly life: number;
  /** Set when the event reached the recorder after later events had been sent to live readers. */
  readonly late?: true;
}

/** One line of a trace. */
export type TraceEvent = Envelope & AnyEvent;

/** An event of this name. */
export type Named<Name extends TraceEvent['event']> = Extract<TraceEvent, { readonly event: Name }>;
