/**
 * A list of any length, newest on top, that draws only the visible rows. It stands still while a person has scrolled away from
 * its newest end, and counts what has come since. The list is one stop of the Tab key; arrow up and down, Home and End walk
 * through its rows.
 */
import './still-list.css';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { useDashboardState, useTranslations } from '../store/dashboard-context.ts';

export interface StillListProps<Item> {
  /** Newest first. */
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => number;
  /** A row. Its first button or link takes the focus of the row, and has `tabIndex` -1. */
  readonly row: (item: Item) => ReactNode;
  readonly name: string;
  readonly testId: string;
  /** Called when a person reaches the oldest row. */
  readonly onOldest?: () => void;
}

/** The list. */
export function StillList<Item>({ items, keyOf, row, name, testId, onOldest }: StillListProps<Item>) {
  const { t } = useTranslations();
  const followVersion = useDashboardState((state) => state.followVersion);
  const list = useRef<VirtuosoHandle>(null);
  const frame = useRef<HTMLElement>(null);
  const [isAtTop, setAtTop] = useState(true);
  const shown = useRef(items);
  const newer = isAtTop ? 0 : newerThan(shown.current, items, keyOf);
  // Rows may change in place, and older ones may join, but no row moves while a person reads.
  if (isAtTop || newer === 0) shown.current = items;
  else shown.current = items.slice(newer);

  function toNewest(): void {
    list.current?.scrollToIndex({ index: 0 });
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new `followVersion` scrolls the list to its newest end
  useEffect(toNewest, [followVersion]);

  function onKeyDown(event: KeyboardEvent): void {
    const place = document.activeElement?.closest('[data-index]');
    const from = place === null || place === undefined ? null : Number(place.getAttribute('data-index'));
    const first = Number(frame.current?.querySelector('[data-index]')?.getAttribute('data-index') ?? 0);
    const wanted = rowAfter(event.key, from, { first, last: shown.current.length - 1 });
    if (wanted === null) return;
    event.preventDefault();
    const focus = () => frame.current?.querySelector<HTMLElement>(`[data-index="${wanted}"] :is(button, a)`)?.focus();
    list.current?.scrollIntoView({ index: wanted, done: focus });
  }

  return (
    <>
      {newer === 0 ? null : (
        <button type="button" className="quiet newer" data-testid={`${testId}-newer`} onClick={toNewest}>
          {t('face.newer', { count: newer })}
        </button>
      )}
      <section ref={frame} className="still-list" aria-label={name} onKeyDown={onKeyDown}>
        <Virtuoso
          ref={list}
          // The list's own style would hide the outline of the focus.
          style={{ outline: undefined }}
          data-testid={testId}
          data={shown.current}
          computeItemKey={(_, item) => keyOf(item)}
          atTopStateChange={setAtTop}
          {...(onOldest === undefined ? {} : { endReached: onOldest })}
          itemContent={(_, item) => row(item)}
        />
      </section>
    </>
  );
}

/** Number of items that are newer than the first shown one. */
function newerThan<Item>(shown: readonly Item[], items: readonly Item[], keyOf: (item: Item) => number): number {
  const top = shown[0];
  if (top === undefined) return 0;
  // A first row that is no longer among the items leaves nothing to hold on to.
  return Math.max(
    0,
    items.findIndex((item) => keyOf(item) === keyOf(top)),
  );
}

/** Index of the row that a key moves to; null for another key. From the list itself the first visible row is next. */
function rowAfter(key: string, from: number | null, { first, last }: { first: number; last: number }): number | null {
  switch (key) {
    case 'ArrowDown':
      return from === null ? first : Math.min(last, from + 1);
    case 'ArrowUp':
      return from === null ? first : Math.max(0, from - 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
