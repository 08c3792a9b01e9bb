/** The events of a filter, kept current. Flow: events-face.tsx → here → find-events.ts → the lab. */
import { useRef } from 'react';
import type { TraceEvent } from '../../core/trace/index.ts';
import { useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { shownUntilUs } from '../store/shown-until.ts';
import { type ParsedFilter, scopeNames } from './event-query.ts';
import { eventLine } from './event-text.ts';
import { useFoundEvents } from './use-found-events.ts';

/** Shortest time between two searches of one filter, in milliseconds. */
const GAP_MS = 700;

/**
 * Lists nothing after the shown moment of a recording or of a paused view. An invalid filter keeps the events of the last valid
 * one.
 *
 * @param withAll  counts messages and timers, too
 * @returns null until the first answer
 */
export function useFilteredEvents(filter: ParsedFilter, withAll: boolean) {
  const { t, language } = useTranslations();
  const version = useDashboardState((state) => state.eventVersion);
  const atUs = useDashboardState(shownUntilUs);
  const last = useRef(filter);
  if (filter.ok) last.current = filter;
  const { query, tests, text } = last.current.ok ? last.current : { query: {}, tests: [], text: '' };
  const until = atUs === null ? {} : { toUs: atUs };
  const wanted = text.toLowerCase();
  const isWanted =
    wanted === '' && tests.length === 0
      ? null
      : (event: TraceEvent) =>
          tests.every((test) => test(event)) && (wanted === '' || eventLine(t, event).toLowerCase().includes(wanted));
  const search = { query: { ...query, ...until }, scope: { names: scopeNames(withAll), ...until }, isWanted };
  const key = JSON.stringify([search.query, last.current.ok ? last.current.typed : '', language]);
  return useFoundEvents(search, key, version, GAP_MS);
}
