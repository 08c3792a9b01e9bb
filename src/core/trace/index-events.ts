/** Events that concern an index of the log, so that a reader of a long trace can pass over all others. */
import type { LogIndex, ServerId } from '../vocabulary/index.ts';
import type { Named, TraceEvent } from './events.ts';

/** Indexes from `first` to `last`, both included. */
export interface IndexRange {
  readonly first: LogIndex;
  readonly last: LogIndex;
}

type Readers<Read> = { readonly [Name in TraceEvent['event']]?: (event: Named<Name>) => Read };

const whole = ({ first, last }: IndexRange): IndexRange => ({ first, last });

/** The indexes whose entries an event adds, drops, commits or applies. */
const RANGES: Readers<IndexRange> = {
  EntriesProposed: whole,
  EntriesAppended: whole,
  EntriesTruncated: ({ from, last }) => ({ first: from, last }),
  CommitAdvanced: ({ from, to }) => ({ first: from + 1, last: to }),
  EntriesApplied: whole,
};

const RANGE_OF: ReadonlyMap<string, (event: never) => IndexRange> = new Map(Object.entries(RANGES));

/** The server whose whole log an event concerns: the end of its memory, and its log read from disk. */
const WHOLE_LOGS: Readers<ServerId> = {
  StateRestored: ({ source }) => source,
  ServerExited: ({ server }) => server,
  DiskObserved: ({ server }) => server,
};

/** Names of the events that concern the whole log of a server. */
export const WHOLE_LOG_EVENTS = Object.keys(WHOLE_LOGS) as readonly TraceEvent['event'][];

/** The indexes whose entries this event adds, drops, commits or applies; null for any other event. */
export function indexesOf(event: TraceEvent): IndexRange | null {
  const read = RANGE_OF.get(event.event);
  return read === undefined ? null : read(event as never);
}

/** Whether this range holds the index. */
export function holdsIndex(range: IndexRange | null, index: LogIndex): boolean {
  return range !== null && range.first <= index && index <= range.last;
}

/** Whether this event may change what stands at the index. */
export function concernsIndex(event: TraceEvent, index: LogIndex): boolean {
  return Object.hasOwn(WHOLE_LOGS, event.event) || holdsIndex(indexesOf(event), index);
}
