/**
 * The logs side by side: a row for each server, a column for each index. Colour and number show the term; a solid border
 * shows that the entry is committed on that server. ● is the leader's matchIndex, ▸ its nextIndex. Only the visible columns
 * are drawn; the grid follows the newest entry until a person scrolls away.
 */
import './log-grid.css';
import { IconArrowBarToRight } from '@tabler/icons-react';
import { type KeyboardEvent, memo, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ClusterView, ServerView } from '../../core/trace/index.ts';
import type { LogIndex, ServerId, Term } from '../contract.ts';
import { termColour } from '../kit/term-colour.ts';
import { useActions, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { byServer } from '../texts/format.ts';
import { type ColumnWindow, cellOf, columnPxOf, columnWindow, headOf } from './log-model.ts';

/** The grid with its heading. */
export function LogGrid({ view }: { readonly view: ClusterView }) {
  const { t } = useTranslations();
  const head = headOf(view);
  const scroller = useRef<HTMLDivElement>(null);
  const columnPx = columnPxOf(view);
  const follow = useFollow(scroller, head, columnPx);
  const ids = Object.keys(view.servers).sort(byServer);
  const isPast = useDashboardState((state) => state.mode?.mode === 'past');
  return (
    <section className="logs" aria-label={t('log.title')}>
      <div className="logs-head">
        <h2>{t('log.title')}</h2>
        {follow.isFollowing || head === 0 ? null : (
          <button type="button" className="quiet" onClick={follow.resume}>
            <IconArrowBarToRight size={16} aria-hidden="true" />
            {t('log.follow')} <kbd>L</kbd>
          </button>
        )}
      </div>
      {head === 0 ? (
        <p className="faint logs-empty">{t(isPast ? 'log.emptyPast' : 'log.empty')}</p>
      ) : (
        <Grid view={view} ids={ids} head={head} columnPx={columnPx} scroller={scroller} follow={follow} />
      )}
    </section>
  );
}

interface GridProps {
  readonly view: ClusterView;
  readonly ids: readonly ServerId[];
  readonly head: LogIndex;
  readonly columnPx: number;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly follow: Follow;
}

function Grid({ view, ids, head, columnPx, scroller, follow }: GridProps) {
  const { t } = useTranslations();
  const columns = columnWindow(head, follow.scrollLeft, follow.width, columnPx);
  const { origin, first, last } = columns;
  const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, step) => first + step);
  const { stop, onKeyDown } = useCellFocus({ view, ids, head, columns, scroller });
  return (
    <div className="logs-body">
      <RowNames view={view} ids={ids} />
      <div className="logs-scroll" ref={scroller} onScroll={follow.onScroll}>
        {/* biome-ignore lint/a11y/useSemanticElements: columns out of sight are not in the page, so it is no table */}
        <div
          className="logs-grid"
          role="grid"
          aria-label={t('log.title')}
          aria-rowcount={ids.length + 1}
          aria-colcount={columns.columns}
          style={{ width: columns.columns * columnPx, '--column': `${columnPx}px` } as React.CSSProperties}
          onKeyDown={onKeyDown}
        >
          <IndexRow indexes={indexes} origin={origin} columnPx={columnPx} />
          {ids.map((id) => {
            const server = view.servers[id];
            if (server === undefined) return null;
            const stopIndex = stop.server === id ? stop.index : null;
            return (
              <Row key={id} view={view} server={server} indexes={indexes} columns={columns} stopIndex={stopIndex} />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function RowNames({ view, ids }: { readonly view: ClusterView; readonly ids: readonly ServerId[] }) {
  return (
    <div className="logs-names" aria-hidden="true">
      <span />
      {ids.map((id) => (
        <span key={id} data-leader={view.leader?.server === id} data-gone={view.servers[id]?.status !== 'up'}>
          {id}
        </span>
      ))}
    </div>
  );
}

interface RowProps {
  readonly view: ClusterView;
  readonly server: ServerView;
  readonly indexes: readonly LogIndex[];
  readonly columns: ColumnWindow;
  /** The cell that Tab reaches, if it is in this row. */
  readonly stopIndex: LogIndex | null;
}

function Row({ view, server, indexes, columns, stopIndex }: RowProps) {
  const selected = useDashboardState(({ selection }) => (selection.kind === 'entry' ? selection : null));
  const { id, status } = server;
  return (
    // biome-ignore lint/a11y/useSemanticElements: columns out of sight are not in the page, so it is no table
    // biome-ignore lint/a11y/useFocusableInteractive: the cells take the focus, not their row
    <div className="logs-row" role="row" data-testid={`log-row-${id}`} data-gone={status !== 'up'}>
      {indexes.map((index) => (
        <Cell
          key={index}
          server={id}
          index={index}
          left={(index - columns.origin) * columns.columnPx}
          isTabStop={stopIndex === index}
          selectedTerm={selected?.index === index ? selected.term : null}
          {...cellOf(view, server, index)}
        />
      ))}
    </div>
  );
}

interface CellFocusParts {
  readonly view: ClusterView;
  readonly ids: readonly ServerId[];
  readonly head: LogIndex;
  readonly columns: ColumnWindow;
  readonly scroller: RefObject<HTMLDivElement | null>;
}

/** Roving focus: Tab reaches one cell, the arrow keys move from there and bring their column into sight. */
function useCellFocus({ view, ids, head, columns, scroller }: CellFocusParts) {
  const { origin, first, last, columnPx } = columns;
  const [wanted, setWanted] = useState<{ readonly server: ServerId; readonly index: LogIndex } | null>(null);
  const longest = ids.find((id) => view.servers[id]?.lastIndex === head) ?? '';
  const isInSight = wanted !== null && first <= wanted.index && wanted.index <= last;
  const stop = isInSight ? wanted : { server: longest, index: Math.min(head, last) };

  function onKeyDown(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const row = Math.min(ids.length - 1, Math.max(0, ids.indexOf(stop.server) + step.row));
    const server = ids[row] ?? stop.server;
    const index = Math.min(head, Math.max(origin, stop.index + step.index));
    setWanted({ server, index });
    const box = scroller.current;
    if (box === null) return;
    const left = (index - origin) * columnPx;
    box.scrollLeft = Math.min(left, Math.max(box.scrollLeft, left + columnPx - box.clientWidth));
    requestAnimationFrame(() => box.querySelector<HTMLElement>(`[data-cell="${server}:${index}"]`)?.focus());
  }

  return { stop, onKeyDown };
}

const STEPS: Readonly<Record<string, { readonly row: number; readonly index: number }>> = {
  ArrowLeft: { row: 0, index: -1 },
  ArrowRight: { row: 0, index: 1 },
  ArrowUp: { row: -1, index: 0 },
  ArrowDown: { row: 1, index: 0 },
};

function IndexRow({
  indexes,
  origin,
  columnPx,
}: {
  readonly indexes: readonly LogIndex[];
  readonly origin: LogIndex;
  readonly columnPx: number;
}) {
  const { t } = useTranslations();
  return (
    // biome-ignore lint/a11y/useSemanticElements: columns out of sight are not in the page, so it is no table
    // biome-ignore lint/a11y/useFocusableInteractive: a heading is not for the focus
    <div className="logs-row logs-indexes" role="row" aria-label={t('log.index')}>
      {indexes.map((index) => {
        // Long numbers do not fit into 22 px, so only every fifth column has its number.
        const isShown = index < 100 || index % 5 === 0;
        return (
          // biome-ignore lint/a11y/useSemanticElements: see above
          // biome-ignore lint/a11y/useFocusableInteractive: see above
          <span
            key={index}
            role="columnheader"
            aria-label={String(index)}
            style={{ left: (index - origin) * columnPx }}
          >
            {isShown ? index : ''}
          </span>
        );
      })}
    </div>
  );
}

interface CellProps {
  readonly server: ServerId;
  readonly index: LogIndex;
  readonly left: number;
  readonly term: Term | null;
  readonly isCommitted: boolean;
  readonly isMatch: boolean;
  readonly isNext: boolean;
  readonly isTabStop: boolean;
  readonly selectedTerm: Term | null;
}

const Cell = memo(function Cell(props: CellProps) {
  const { server, index, left, term, isCommitted, isMatch, isNext, isTabStop, selectedTerm } = props;
  const { t } = useTranslations();
  const actions = useActions();
  if (term === null && !isNext) return null;
  const select = () => {
    if (term !== null) actions.select({ kind: 'entry', index, term, server });
  };
  const state = isCommitted ? t('log.committed') : t('log.uncommitted');
  const facts = [
    term === null ? t('log.none', { server, index }) : t('log.cell', { server, index, term, state }),
    isMatch ? t('log.match') : '',
    isNext ? t('log.next') : '',
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: columns out of sight are not in the page, so it is no table
    <div
      className="cell"
      role="gridcell"
      data-cell={`${server}:${index}`}
      data-term={term}
      data-committed={isCommitted}
      data-selected={term !== null && selectedTerm === term}
      tabIndex={isTabStop ? 0 : -1}
      aria-label={facts.filter((fact) => fact !== '').join(', ')}
      style={{ left, ...(term === null ? {} : { background: termColour(term) }) }}
      onClick={select}
      onKeyDown={(event) => {
        if (event.key === 'Enter') select();
      }}
    >
      {term}
      {isMatch ? <i className="match" /> : null}
      {isNext ? <i className="next" /> : null}
    </div>
  );
});

interface Follow {
  readonly isFollowing: boolean;
  readonly scrollLeft: number;
  readonly width: number;
  readonly onScroll: () => void;
  readonly resume: () => void;
}

/** Keeps the newest column visible until a person scrolls away, and again when they ask for it. */
function useFollow(scroller: RefObject<HTMLDivElement | null>, head: LogIndex, columnPx: number): Follow {
  const [place, setPlace] = useState({ scrollLeft: 0, width: 600 });
  const [isFollowing, setFollowing] = useState(true);
  const followVersion = useDashboardState((state) => state.followVersion);
  const isEmpty = head === 0;

  function look(): void {
    const box = scroller.current;
    if (box === null) return;
    const width = box.clientWidth || 600;
    setPlace((old) =>
      old.scrollLeft === box.scrollLeft && old.width === width ? old : { scrollLeft: box.scrollLeft, width },
    );
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: it must run again when the head or `isFollowing` changes
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box !== null && isFollowing) box.scrollLeft = box.scrollWidth;
    look();
  }, [head, columnPx, isFollowing, followVersion]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the scroller exists once the log is not empty
  useEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const observer = new ResizeObserver(look);
    observer.observe(box);
    return () => observer.disconnect();
  }, [isEmpty]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new `followVersion` makes it follow again
  useEffect(() => setFollowing(true), [followVersion]);

  return {
    isFollowing,
    ...place,
    onScroll() {
      const box = scroller.current;
      if (box === null) return;
      setFollowing(box.scrollLeft + box.clientWidth >= box.scrollWidth - columnPx);
      look();
    },
    resume: () => setFollowing(true),
  };
}
