/** The list of the events that fit the filter, newest first, or the reason why it is empty. */
import { useMemo } from 'react';
import type { LabResult } from '../../core/lab-api/index.ts';
import { StillList } from '../kit/still-list.tsx';
import { useTranslations } from '../store/dashboard-context.ts';
import { formatClock } from '../texts/format.ts';
import { errorText } from '../texts/reasons.ts';
import { EventRow } from './event-row.tsx';
import type { FoundEvents } from './find-events.ts';

export interface EventListProps {
  /** Null until the first answer. */
  readonly found: LabResult<FoundEvents> | null;
  /** Clears the filter. */
  readonly onClear: () => void;
}

/** The list. */
export function EventList({ found, onClear }: EventListProps) {
  const { t } = useTranslations();
  if (found === null) return <p className="faint">{t('events.reading')}</p>;
  if (!found.ok) return <p className="problem">{errorText(t, found.error)}</p>;
  const { events, searchedToUs } = found.value;
  return (
    <>
      {searchedToUs === null ? null : (
        <p className="faint left-out">{t('events.searchedTo', { time: formatClock(searchedToUs) })}</p>
      )}
      {events.length > 0 ? (
        <Rows events={events} />
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

function Rows({ events }: Pick<FoundEvents, 'events'>) {
  const { t } = useTranslations();
  const newest = useMemo(() => events.toSorted((a, b) => b.timeUs - a.timeUs || b.seq - a.seq), [events]);
  return (
    <StillList
      items={newest}
      keyOf={({ seq }) => seq}
      name={t('events.list')}
      testId="events-list"
      row={(event) => <EventRow event={event} />}
    />
  );
}
