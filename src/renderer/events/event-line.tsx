/** An event in one line: its time, its source and its sentence. A sentence that does not fit is whole in the tooltip. */
import './event-line.css';
import type { TraceEvent } from '../../core/trace/index.ts';
import { useTranslations } from '../store/dashboard-context.ts';
import { formatClock } from '../texts/format.ts';
import { eventText } from './event-text.ts';

/** One line. */
export function EventLine({ event }: { readonly event: TraceEvent }) {
  const { t } = useTranslations();
  const text = eventText(t, event);
  return (
    <span className="event" data-event={event.event}>
      <span className="event-time">{formatClock(event.timeUs)}</span>
      <span className="event-source">{event.source}</span>
      <span className="event-text" title={text}>
        {text}
      </span>
    </span>
  );
}
