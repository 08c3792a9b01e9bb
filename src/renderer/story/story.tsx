/**
 * The story below the ring: the newest sentence on top, older ones in grey below it, each with its time. The block never grows: its
 * lines are measured, and a sentence of two lines leaves room for one older line less. A click or Enter on a sentence selects its
 * subject. story/teller.ts chooses the sentences; the live region repeats each of them once.
 */
import './story.css';
import { type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import { useActions, useDashboard, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import type { ToldItem } from '../store/dashboard-store.ts';
import { formatClockTenths } from '../texts/format.ts';
import { storyText } from '../texts/reasons.ts';
import { WhyButton } from '../why/why-button.tsx';
import { subjectOf } from './subject.ts';
import { useRoom } from './use-room.ts';

/** The block of the story; renders nothing while no run is open. */
export function Story() {
  const { t } = useTranslations();
  const isIdle = useDashboardState((state) => state.mode === null || state.mode.mode === 'idle');
  const lines = useDashboardState((state) => state.told.lines);
  const block = useRef<HTMLElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const { older, isLong } = useRoom(block, lines);
  usePush(list, lines[0]?.item.id ?? null);
  if (isIdle) return null;
  return (
    <section className="story" ref={block} data-testid="story" aria-label={t('story.title')}>
      {lines.length === 0 ? (
        <p className="story-line story-newest">{t('caption.none')}</p>
      ) : (
        <ol ref={list}>
          {lines.slice(0, 1 + older).map((line, place) => (
            <Line key={line.item.id} line={line} isNewest={place === 0} isLong={isLong} />
          ))}
        </ol>
      )}
    </section>
  );
}

interface LineProps {
  readonly line: ToldItem;
  readonly isNewest: boolean;
  /** Whether the newest sentence does not fit into two lines. */
  readonly isLong: boolean;
}

function Line({ line: { item, alike }, isNewest, isLong }: LineProps) {
  const { t } = useTranslations();
  const text = alike === 0 ? storyText(t, item) : `${storyText(t, item)} ${t('story.alike', { count: alike })}`;
  return (
    <li
      className={isNewest ? 'story-line story-newest' : 'story-line'}
      data-testid="story-line"
      data-code={item.code}
      data-seq={item.seq}
      data-why-seq={item.seq}
      data-long={isNewest && isLong}
    >
      <span className="story-time">{formatClockTenths(item.timeUs)}</span>
      <span className="story-text" title={text}>
        {isNewest ? <Behind /> : null}
        <span className="story-said">
          <Sentence line={{ item, alike }} text={text} />
        </span>
        <span className="story-why">
          <WhyButton seq={item.seq} of="story" about={text} />
        </span>
      </span>
    </li>
  );
}

/** The sentence; a button when it has a subject. On top, its outcome is bold. */
function Sentence({ line: { item }, text }: { readonly line: ToldItem; readonly text: string }) {
  const actions = useActions();
  const { store } = useDashboard();
  const hasSubject = useDashboardState(({ view }) => view !== null && subjectOf(item, view) !== null);
  const [from, to] = outcomeIn(text);
  const words = (
    <>
      {text.slice(0, from)}
      <b>{text.slice(from, to)}</b>
      {text.slice(to)}
    </>
  );
  if (!hasSubject) return words;
  function select(): void {
    const { view } = store.getState();
    const subject = view === null ? null : subjectOf(item, view);
    if (subject !== null) actions.select(subject);
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button does not break its text over two lines beside other words
    <span
      className="story-sentence"
      role="button"
      tabIndex={0}
      onClick={select}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        select();
      }}
    >
      {words}
    </span>
  );
}

/** The outcome of a sentence: after the last arrow, and before the colon that begins the explanation. */
function outcomeIn(text: string): readonly [number, number] {
  const arrow = text.lastIndexOf(' → ');
  const from = arrow < 0 ? 0 : arrow + 3;
  const colon = text.slice(from).search(/: |：/);
  if (colon >= 0) return [from, from + colon];
  return [from, arrow < 0 ? 0 : text.length];
}

/** How far the story is behind the events, with a button that tells the rest at once; renders nothing while nothing waits. */
function Behind() {
  const { t } = useTranslations();
  const actions = useActions();
  const seconds = useDashboardState((state) => state.told.behindSeconds);
  if (seconds === 0) return null;
  return (
    <span className="story-behind">
      {t('story.behind', { seconds })} ·{' '}
      <button type="button" data-testid="story-skip" onClick={() => actions.skipStory()}>
        {t('story.skip')}
      </button>
    </span>
  );
}

const PUSH_MS = 150;

/** Moves the lines down when another sentence is on top. */
function usePush(list: React.RefObject<HTMLOListElement | null>, newest: number | null): void {
  const last = useRef<number | null>(null);
  useLayoutEffect(() => {
    const before = last.current;
    last.current = newest;
    const lines = list.current;
    if (before === null || before === newest || lines === null) return;
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const height = lines.firstElementChild?.clientHeight ?? 0;
    lines.animate?.([{ transform: `translateY(${-height}px)` }, { transform: 'none' }], { duration: PUSH_MS });
  }, [list, newest]);
}
