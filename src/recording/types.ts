/**
 * The interface of the recorder and of an opened recording for the rest of the lab. A live run and an opened run answer
 * the same queries, so both are a `RunReader`.
 */
import type { WhyAsk } from '../core/actions/questions.ts';
import type { LabEvent, RunSettings } from '../core/catalogue/index.ts';
import type { CommandPage, EventPage, EventQuery, LabLag, Requests, RunGraphsPage } from '../core/lab-api/api.ts';
import type { Source, TraceEvent } from '../core/trace/events.ts';
import type { IndexLife } from '../core/trace/index-life.ts';
import type { ClusterView } from '../core/trace/view.ts';
import type { Why } from '../core/why/index.ts';
import type { EventBody } from '../core/wire/control-protocol.ts';
import type { ArrivalFeed } from './arrival-feed.ts';
import type { Listener } from './delivery.ts';
import type { IndexQuestion } from './read-index-life.ts';

/** Queries that a live run and an opened run answer alike. */
export interface RunReader {
  readonly runId: string;
  readonly settings: RunSettings;
  /** Times of the first and the last recorded event, µs since the run began. */
  span(): { readonly fromUs: number; readonly toUs: number };
  /** Resolves with the view at that moment, folded from the trace. */
  viewAt(timeUs: number): Promise<ClusterView>;
  events(query: EventQuery): Promise<EventPage>;
  commands(ask: Requests['commands']['ask']): Promise<CommandPage>;
  /** Tells which entries stood at an index, and what became of them. */
  indexLife(question: IndexQuestion): Promise<IndexLife>;
  /** Resolves with the reason of an event; null when the recording does not hold the event. */
  why(ask: WhyAsk): Promise<Why | null>;
  /** The graphs of the run so far. A long run takes several calls. */
  graphs(): Promise<RunGraphsPage>;
}

/** The recording of a live run. */
export interface Recorder extends RunReader {
  /** Present time, µs since the run began. */
  nowUs(): number;
  /** Records an event that another program sent over its control channel. Assigns `seq`. */
  record(source: Source, body: EventBody): void;
  /** Records an event of the lab itself, at the present time. Assigns time, nseq and life. */
  note(event: LabEvent): void;
  /** The live view: every event up to 20 ms ago, folded in the order of time. */
  view(): ClusterView;
  /**
   * Calls `onRelease` after each hold-back turn with the released events, in the order of time, and the new view. It
   * also passes the number of messages that were only counted because the view is behind. Returns a function that stops
   * it.
   */
  listen(onRelease: Listener): () => void;
  /**
   * Passes every event of this recorder to one consumer, the judges, in the order of arrival. A recorder has one feed.
   * If the consumer throws, the recording ends as failed.
   */
  feed(hear: (event: TraceEvent) => void): ArrivalFeed;
  /** The distance of the live view and of the judges from the newest recorded event. */
  lag(): LabLag;
  /** Resolves when all events recorded so far are in the file. Rejects after a write failed. */
  written(): Promise<void>;
  /**
   * Resolves when all events recorded so far are judged and delivered and are in the file, together with the events
   * that were recorded in response.
   */
  flush(): Promise<void>;
  /**
   * Delivers held-back events at once and resolves when they are in the file. Call it when only the lab itself still
   * records. Rejects when the recording failed.
   */
  settle(): Promise<void>;
  /**
   * Records RunEnded, releases held-back events, flushes and closes. Resolves with whether every event is in the file.
   */
  close(reason: 'closed' | 'disk-cap' | 'lab-failure'): Promise<boolean>;
}
