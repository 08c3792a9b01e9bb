/**
 * The list of events that fit a filter, newest first, until the shown moment of a recording or of a paused view.
 */
import { useMemo, useRef } from 'react';
import type { TraceEvent } from '../../core/trace/index.ts';
import { StillList } from '../kit/still-list.tsx';
import { useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { shownUntilUs } from '../store/shown-until.ts';
import { formatClock } from '../texts/format.ts';
import { errorText } from '../texts/reasons.ts';
import { EventLine } from './event-line.tsx';
import type { ParsedFilter } from './event-query.ts';
import { eventLine } from './event-text.ts';
import type { FoundEvents } from './find-events.ts';
import { useFoundEvents } from './use-found-events.ts';

/** Shortest time between two searches of one filter, in milliseconds. */
const GAP_MS = 700;

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
  const newest = useMemo(() => events.toSorted((a, b) => b.timeUs - a.timeUs || b.seq - a.seq), [events]);
  return (
    <StillList
      items={newest}
      keyOf={({ seq }) => seq}
      name={t('events.list')}
      testId="events-list"
      row={(event) => <EventLine event={event} />}
    />
  );
}
