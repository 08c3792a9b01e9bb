/** A row of the event list. A click selects what the event is about; a row about nothing that can be selected is plain text. *why?* opens its reason. */
import './event-row.css';
import type { TraceEvent } from '../../core/trace/index.ts';
import { useActions, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { isMarked } from '../store/notable.ts';
import { WhyButton } from '../why/why-button.tsx';
import { EventLine } from './event-line.tsx';
import { subjectOf } from './event-subject.ts';
import { eventText } from './event-text.ts';

/** The row. */
export function EventRow({ event }: { readonly event: TraceEvent }) {
  const actions = useActions();
  const { t } = useTranslations();
  const view = useDashboardState((state) => state.view);
  const subject = view === null ? null : subjectOf(event, view);
  return (
    <div
      className="event-row"
      data-seq={event.seq}
      data-why-seq={event.seq}
      data-why-of="event"
      data-marked={isMarked(event)}
    >
      <button
        type="button"
        tabIndex={-1}
        aria-disabled={subject === null}
        onClick={() => (subject === null ? undefined : actions.selectBeside(subject))}
      >
        <EventLine event={event} />
      </button>
      <WhyButton seq={event.seq} of="event" about={eventText(t, event)} />
    </div>
  );
}
