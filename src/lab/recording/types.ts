/**
 * What the recorder and an opened recording offer the rest of the lab. A live run and an opened run answer the
 * same questions, so both are a `RunReader`.
 */
import type { EventPage, EventQuery } from '../../core/lab-api/api.ts';
import type { LabEvent, RunSettings, Source, TraceEvent } from '../../core/trace/events.ts';
import type { ClusterView, EntryView } from '../../core/trace/view.ts';
import type { EventBody } from '../../core/wire/control-protocol.ts';

/** Questions that a live run and an opened one answer alike. */
export interface RunReader {
  readonly runId: string;
  readonly settings: RunSettings;
  /** Time of the first and the last recorded event, µs since the run began. */
  span(): { readonly fromUs: number; readonly toUs: number };
  /** The view as the trace tells it at that moment. */
  viewAt(timeUs: number): Promise<ClusterView>;
  events(query: EventQuery): Promise<EventPage>;
  entry(index: number, term: number): Promise<EntryView | null>;
}

/** The recording of a live run. */
export interface Recorder extends RunReader {
  /** µs since the run began, now. */
  nowUs(): number;
  /** An event another program said, as it came over its control channel. Assigns `seq`. */
  record(source: Source, body: EventBody): void;
  /** An event of the lab itself, happening now. Assigns time, nseq and life. */
  note(event: LabEvent): void;
  /** The live view: every event up to 20 ms ago, folded in time order. */
  view(): ClusterView;
  /** Called after each hold-back turn with the events released, in order, and the new view. Returns how to stop. */
  listen(onRelease: (released: readonly TraceEvent[], view: ClusterView) => void): () => void;
  /** Resolves when what is recorded by now has been told to those who listen, and is in the file. */
  flush(): Promise<void>;
  /** The same at once, when nobody but the lab says anything any more. */
  settle(): Promise<void>;
  /** Notes RunEnded, releases what is held back, flushes and closes. Resolves with whether all of it is in the file. */
  close(reason: 'closed' | 'disk-cap' | 'lab-failure'): Promise<boolean>;
}
