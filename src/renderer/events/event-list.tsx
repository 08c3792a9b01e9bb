/**
 * The list of events that fit a filter, newest first. It stands still while a person has scrolled away from its newest end, and
 * while the view is paused.
 */
import { useEffect, useMemo, useRef, useState } from 'react';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import type { TraceEvent } from '../../core/trace/index.ts';
import { useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import type { DashboardState } from '../store/dashboard-store.ts';
import { formatClock } from '../texts/format.ts';
import { errorText } from '../texts/reasons.ts';
import { EventLine } from './event-line.tsx';
import type { ParsedFilter } from './event-query.ts';
import { eventLine } from './event-text.ts';
import type { FoundEvents } from './find-events.ts';
import { useFoundEvents } from './use-found-events.ts';

/** Shortest time between two searches of one filter, in milliseconds. */
const GAP_MS = 700;

/** Time of the newest listed event: the shown moment of a recording or of the paused view; null lists all. */
function shownUntilUs({ mode, isPaused, view }: DashboardState): number | null {
  if (mode?.mode === 'past') return mode.atUs;
  return isPaused ? (view?.timeUs ?? null) : null;
}

export interface EventListProps {
  readonly filter: ParsedFilter;
  /** Clears the filter. */
  readonly onClear: () => void;
}

/** The list, or the reason why it is empty. An invalid filter leaves the list of the last valid one. */
export function EventList({ filter, onClear }: EventListProps) {
  const { t, language } = useTranslations();
  const version = useDashboardState((state) => state.eventVersion);
  const atUs = useDashboardState(shownUntilUs);
  const last = useRef(filter);
  if (filter.ok) last.current = filter;
  const { query: base, text } = last.current.ok ? last.current : { query: {}, text: '' };
  const query = atUs === null ? base : { ...base, toUs: atUs };
  const wanted = text.toLowerCase();
  const isWanted = wanted === '' ? null : (event: TraceEvent) => eventLine(t, event).toLowerCase().includes(wanted);
  const answer = useFoundEvents({ query, isWanted }, JSON.stringify([query, text, language]), version, GAP_MS);

  if (answer === null) return <p className="faint">{t('events.reading')}</p>;
  if (!answer.ok) return <p className="problem">{errorText(t, answer.error)}</p>;
  return (
    <>
      <Searched found={answer.value} />
      {answer.value.events.length > 0 ? (
        <Rows events={answer.value.events} />
      ) : (
        <p className="faint">
          {t('events.noneFiltered')}{' '}
          <button type="button" className="quiet" onClick={onClear}>
            {t('events.clear')}
          </button>
        </p>
      )}
    </>
  );
}

/** How far the list reaches back. Renders nothing when it holds every event of the filter. */
function Searched({ found: { leftOut, searchedToUs } }: { readonly found: FoundEvents }) {
  const { t } = useTranslations();
  if (searchedToUs !== null) {
    return <p className="faint left-out">{t('events.searchedTo', { time: formatClock(searchedToUs) })}</p>;
  }
  return leftOut === 0 ? null : <p className="faint left-out">{t('events.leftOut', { count: leftOut })}</p>;
}

function Rows({ events }: { readonly events: readonly TraceEvent[] }) {
  const { t } = useTranslations();
  const followVersion = useDashboardState((state) => state.followVersion);
  const list = useRef<VirtuosoHandle>(null);
  const [isAtTop, setAtTop] = useState(true);
  const newest = useMemo(() => events.toSorted((a, b) => b.timeUs - a.timeUs || b.seq - a.seq), [events]);
  const shown = useRef(newest);
  if (isAtTop) shown.current = newest;
  const top = shown.current[0];
  const newer = top === undefined ? 0 : newest.findIndex(({ seq }) => seq === top.seq);

  function toNewest(): void {
    list.current?.scrollToIndex({ index: 0 });
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new `followVersion` scrolls the list to its newest end
  useEffect(toNewest, [followVersion]);

  return (
    <>
      {newer === 0 ? null : (
        <button type="button" className="quiet newer" data-testid="events-newer" onClick={toNewest}>
          {newer > 0 ? t('events.newer', { count: newer }) : t('events.newerMany')}
        </button>
      )}
      <Virtuoso
        ref={list}
        className="event-list"
        data-testid="events-list"
        data={shown.current}
        computeItemKey={(_, event) => event.seq}
        atTopStateChange={setAtTop}
        itemContent={(_, event) => <EventLine event={event} />}
      />
    </>
  );
}
