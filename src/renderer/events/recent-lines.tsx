/**
 * The three newest events, always shown, with the note of a paused view beside them. A click on a line opens the face of
 * events; by keyboard its word and its key do that, so a line is no stop of the Tab key.
 */
import './recent-lines.css';
import { useActions, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { EventLine } from './event-line.tsx';
import { PausedNote } from './paused-note.tsx';

/** The lines and the note. */
export function RecentLines() {
  const { t } = useTranslations();
  return (
    <section className="recent" aria-label={t('events.newest')}>
      <ThreeLines />
      <PausedNote />
    </section>
  );
}

function ThreeLines() {
  const { t } = useTranslations();
  const actions = useActions();
  const recent = useDashboardState((state) => state.recent);
  const isOpen = useDashboardState((state) => state.face === 'events');
  const hasEvents = useDashboardState((state) => (state.view?.counts.events ?? 0) > 0);
  const lines = recent.slice(-3);
  if (lines.length === 0) {
    return <p className="faint three-lines">{hasEvents ? t('events.reading') : t('events.none')}</p>;
  }
  return (
    <ol className="three-lines" data-testid="events-recent">
      {lines.map((event) => (
        <li key={event.seq}>
          <button type="button" tabIndex={-1} onClick={() => (isOpen ? undefined : actions.showFace('events'))}>
            <EventLine event={event} />
          </button>
        </li>
      ))}
    </ol>
  );
}
