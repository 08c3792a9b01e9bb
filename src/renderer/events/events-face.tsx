/**
 * The face of events: every event of the run, newest first, and a filter over them. The lab answers what it can decide by name
 * and source; find-events.ts searches the words.
 */
import './events-face.css';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { isComposing } from '../keys/shortcuts.ts';
import { Face } from '../side/face.tsx';
import { useActions, useTranslations } from '../store/dashboard-context.ts';
import { EventList } from './event-list.tsx';
import { parseFilter } from './event-query.ts';
import type { FoundEvents } from './find-events.ts';
import { useFilteredEvents } from './use-filtered-events.ts';

/** The face of events. */
export function EventsFace() {
  const { t } = useTranslations();
  const actions = useActions();
  const [text, setText] = useState('');
  const [withAll, setWithAll] = useState(false);
  const filter = useMemo(() => parseFilter(text, withAll), [text, withAll]);
  const found = useFilteredEvents(filter, withAll);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  /** Esc clears the text; without text it closes the face. */
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || isComposing(event.nativeEvent)) return;
    event.preventDefault();
    if (text !== '') setText('');
    else actions.showFace('selection');
  }

  return (
    <Face
      name="events"
      tools={
        <>
          <input
            ref={input}
            id="events-filter"
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
          {found?.ok === true ? <Count found={found.value} isFiltered={text.trim() !== ''} /> : null}
        </>
      }
    >
      <div className="events-tools">
        <label className="check">
          <input type="checkbox" checked={withAll} onChange={(event) => setWithAll(event.currentTarget.checked)} />
          {t('events.messages')}
        </label>
        {filter.ok ? null : (
          <span className="problem" role="alert">
            {t('events.filterBad', { word: filter.word })}
          </span>
        )}
      </div>
      <EventList found={found} onClear={() => setText('')} />
    </Face>
  );
}

/** `3,108 events`, `46 of 3,108`, or `46 found` when older events were not searched. */
function Count({ found, isFiltered }: { readonly found: FoundEvents; readonly isFiltered: boolean }) {
  const { t, language } = useTranslations();
  const number = new Intl.NumberFormat(language);
  const { events, leftOut, searchedToUs, total } = found;
  const fitting = number.format(events.length + leftOut);
  const all = number.format(total);
  const text = !isFiltered
    ? t('events.count', { shown: all, count: total })
    : searchedToUs === null
      ? t('events.countOf', { found: fitting, total: all })
      : t('events.countFound', { found: fitting });
  return (
    <span className="faint events-count" data-testid="events-count">
      {text}
    </span>
  );
}
