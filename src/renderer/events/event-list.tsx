/**
 * The events: three lines that are always shown, and the whole list over the stage when it is pulled up. The lab filters the
 * list; the newest event is at the bottom. The list follows its end until a person scrolls away.
 */
import './event-list.css';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import type { TraceEvent } from '../../core/trace/index.ts';
import { isComposing } from '../keys/shortcuts.ts';
import { useActions, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import type { DashboardState } from '../store/dashboard-store.ts';
import { formatClock } from '../texts/format.ts';
import { errorText } from '../texts/reasons.ts';
import { type ParsedFilter, parseFilter } from './event-query.ts';
import { eventLine, eventText } from './event-text.ts';
import { PausedNote } from './paused-note.tsx';
import { useFoundEvents } from './use-found-events.ts';

/** The event list: three lines, or the whole list. */
export function Events() {
  const { t } = useTranslations();
  const actions = useActions();
  const isOpen = useDashboardState((state) => state.eventsOpen);
  return (
    <div className="events-place">
      <section className="events" data-open={isOpen} aria-label={t('events.title')}>
        <button
          type="button"
          className="quiet icon events-toggle"
          data-testid="events-toggle"
          aria-expanded={isOpen}
          aria-label={isOpen ? t('events.collapse') : t('events.expand')}
          title={`${isOpen ? t('events.collapse') : t('events.expand')} (/)`}
          onClick={() => actions.setEventsOpen(!isOpen)}
        >
          {isOpen ? <IconChevronDown size={16} aria-hidden="true" /> : <IconChevronUp size={16} aria-hidden="true" />}
        </button>
        {isOpen ? <WholeList /> : <ThreeLines />}
        {isOpen ? null : <PausedNote />}
      </section>
    </div>
  );
}

function ThreeLines() {
  const { t } = useTranslations();
  const recent = useDashboardState((state) => state.recent);
  const hasEvents = useDashboardState((state) => (state.view?.counts.events ?? 0) > 0);
  const lines = recent.slice(-3);
  if (lines.length === 0) {
    return <p className="faint three-lines">{hasEvents ? t('events.reading') : t('events.none')}</p>;
  }
  return (
    <ol className="three-lines" data-testid="events-recent">
      {lines.map((event) => (
        <li key={event.seq}>
          <EventLine event={event} />
        </li>
      ))}
    </ol>
  );
}

function EventLine({ event }: { readonly event: TraceEvent }) {
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

const GAP_MS = 700;

/** Time of the last listed event: the shown moment of a recording or of the paused view; null lists all. */
function shownUntilUs({ mode, isPaused, view }: DashboardState): number | null {
  if (mode?.mode === 'past') return mode.atUs;
  return isPaused ? (view?.timeUs ?? null) : null;
}

function WholeList() {
  const { t } = useTranslations();
  const actions = useActions();
  const [text, setText] = useState('');
  const [withAll, setWithAll] = useState(false);
  const filter = useMemo(() => parseFilter(text, withAll), [text, withAll]);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  /** Esc clears the text; without text it closes the list. */
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || isComposing(event.nativeEvent)) return;
    event.preventDefault();
    if (text !== '') setText('');
    else actions.setEventsOpen(false);
  }

  return (
    <div className="whole-list">
      <div className="events-tools">
        <input
          ref={input}
          type="search"
          className="filter"
          data-testid="events-filter"
          aria-label={t('events.filter')}
          aria-invalid={!filter.ok}
          placeholder={t('events.filterHint')}
          title={t('events.filterHint')}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <label className="check">
          <input type="checkbox" checked={withAll} onChange={(event) => setWithAll(event.currentTarget.checked)} />
          {t('events.messages')}
        </label>
        {filter.ok ? null : (
          <span className="problem" role="alert">
            {t('events.filterBad', { word: filter.word })}
          </span>
        )}
        <PausedNote />
      </div>
      <FilteredList filter={filter} onClear={() => setText('')} />
    </div>
  );
}

function FilteredList({ filter, onClear }: { readonly filter: ParsedFilter; readonly onClear: () => void }) {
  const { t, language } = useTranslations();
  const version = useDashboardState((state) => state.eventVersion);
  const followVersion = useDashboardState((state) => state.followVersion);
  const atUs = useDashboardState(shownUntilUs);
  const list = useRef<VirtuosoHandle>(null);
  const last = useRef(filter);
  if (filter.ok) last.current = filter;
  const { query: base, text } = last.current.ok ? last.current : { query: {}, text: '' };
  const query = atUs === null ? base : { ...base, toUs: atUs };
  const wanted = text.toLowerCase();
  const isWanted = wanted === '' ? null : (event: TraceEvent) => eventLine(t, event).toLowerCase().includes(wanted);
  const answer = useFoundEvents({ query, isWanted }, JSON.stringify([query, text, language]), version, GAP_MS);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new `followVersion` scrolls the list to its end
  useEffect(() => list.current?.scrollToIndex({ index: 'LAST' }), [followVersion]);

  if (answer === null) return <p className="faint">{t('events.reading')}</p>;
  if (!answer.ok) return <p className="problem">{errorText(t, answer.error)}</p>;
  const { events, leftOut, searchedToUs } = answer.value;
  const searched =
    searchedToUs === null ? null : (
      <p className="faint left-out">{t('events.searchedTo', { time: formatClock(searchedToUs) })}</p>
    );
  if (events.length === 0) {
    return (
      <>
        {searched}
        <p className="faint">
          {t('events.noneFiltered')}{' '}
          <button type="button" className="quiet" onClick={onClear}>
            {t('events.clear')}
          </button>
        </p>
      </>
    );
  }
  // The newest events are asked for first, so that a bounded page keeps them; they are shown in the order of time.
  const inOrder = [...events].sort((a, b) => a.timeUs - b.timeUs || a.seq - b.seq);
  return (
    <>
      {searched}
      {leftOut > 0 ? <p className="faint left-out">{t('events.leftOut', { count: leftOut })}</p> : null}
      <Virtuoso
        ref={list}
        className="event-list"
        data-testid="events-list"
        data={inOrder}
        computeItemKey={(_, event) => event.seq}
        followOutput="auto"
        initialTopMostItemIndex={inOrder.length - 1}
        itemContent={(_, event) => <EventLine event={event} />}
      />
    </>
  );
}
