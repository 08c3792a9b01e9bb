/**
 * The part of a recorder that a running cluster needs: a receiver of events, and the view for random faults. The lab
 * passes in a recorder of `src/recording`, or one that only counts.
 */
import type { ClusterView, LabEvent, Source } from '../core/trace/index.ts';
import type { EventBody } from '../core/wire/index.ts';

/** Receives the events of one run. */
export interface RunRecorder {
  readonly runId: string;
  /** The time of the run now, µs since it began. */
  nowUs(): number;
  /** Records an event of a program, as it arrived over the control channel. */
  record(source: Source, body: EventBody): void;
  /** Records an event of the lab itself, with the present time. */
  note(event: LabEvent): void;
  /** The live view: all events except those of the last 20 ms, folded in time order. */
  view(): ClusterView;
}
