/**
 * The filter of a query. It decides whether an event matches, and it counts the matches of a block from the block's
 * counts.
 */
import type { EventQuery } from '../core/lab-api/api.ts';
import { isMessageEvent } from '../core/trace/event-kinds.ts';
import type { TraceEvent } from '../core/trace/events.ts';

/** A query with sets instead of lists, and with both times set. */
export interface Filter {
  readonly fromUs: number;
  readonly toUs: number;
  readonly text: string;
  /** Whether source and name alone decide if an event matches. */
  readonly isCountable: boolean;
  readonly accepts: (source: string, name: string) => boolean;
}

/** Prepares a query. Message events match only when the query names them, because they are nine tenths of a trace. */
export function filterOf(query: EventQuery): Filter {
  const names = query.names === undefined ? null : new Set(query.names);
  const sources = query.sources === undefined ? null : new Set(query.sources);
  const text = (query.text ?? '').toLowerCase();
  return {
    fromUs: query.fromUs ?? Number.NEGATIVE_INFINITY,
    toUs: query.toUs ?? Number.POSITIVE_INFINITY,
    text,
    isCountable: text === '',
    accepts: (source, name) => {
      const isWanted = names === null ? !isMessageEvent(name) : names.has(name);
      return isWanted && (sources === null || sources.has(source));
    },
  };
}

/** Whether the event matches, its time included. */
export function matches(filter: Filter, event: TraceEvent): boolean {
  if (event.timeUs < filter.fromUs || event.timeUs > filter.toUs) return false;
  if (!filter.accepts(event.source, event.event)) return false;
  return filter.text === '' || JSON.stringify(event).toLowerCase().includes(filter.text);
}
