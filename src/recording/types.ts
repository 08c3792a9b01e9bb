/**
 * The interface of the recorder and of an opened recording for the rest of the lab. A live run and an opened run answer the
 * same questions, so both are a `RunReader`.
 */
import type { LabEvent, RunSettings } from '../core/catalogue/index.ts';
import type { EventPage, EventQuery, LabLag } from '../core/lab-api/api.ts';
import type { Source, TraceEvent } from '../core/trace/events.ts';
import type { ClusterView, EntryView } from '../core/trace/view.ts';
import type { EventBody } from '../core/wire/control-protocol.ts';
import type { ArrivalFeed } from './arrival-feed.ts';
import type { Listener } from './delivery.ts';

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
  /** Records an event of another program, as it came over its control channel. Assigns `seq`. */
  record(source: Source, body: EventBody): void;
  /** Records an event of the lab itself that happens now. Assigns time, nseq and life. */
  note(event: LabEvent): void;
  /** The live view: every event up to 20 ms ago, folded in time order. */
  view(): ClusterView;
  /**
   * Called after each hold-back turn with the events released, in order, the new view, and how many messages were left out
   * because the picture is behind. Returns how to stop.
   */
  listen(onRelease: Listener): () => void;
  /**
   * Gives every event of this recorder to one hearer, in the order of arrival: the judges. One feed a recorder. A hearer
   * that throws ends the recording as failed.
   */
  feed(hear: (event: TraceEvent) => void): ArrivalFeed;
  /** The distance of the picture and of the feed's hearer from the newest recorded event. */
  lag(): LabLag;
  /** Resolves when all events recorded by now are in the file. */
  written(): Promise<void>;
  /**
   * Resolves when all events recorded by now are heard and delivered, with the events noted about them, and are in the
   * file.
   */
  flush(): Promise<void>;
  /** Does the same at once. To be called when only the lab itself still records. */
  settle(): Promise<void>;
  /** Notes RunEnded, releases what is held back, flushes and closes. Resolves with whether all of it is in the file. */
  close(reason: 'closed' | 'disk-cap' | 'lab-failure'): Promise<boolean>;
}
