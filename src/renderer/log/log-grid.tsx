/**
 * The logs side by side: a row for each server, a column for each index. A cell shows the term and the command; its frame
 * shows whether the entry is committed on that server. The signs of the newest leader say what it knows of a log. Only the
 * columns in sight are drawn; the grid follows the newest entry until a person scrolls away.
 * Flow: columns.ts (widths) and log-model.ts (cells) → use-columns.ts → here → log-cell.tsx, log-legend.tsx.
 */
import './log-grid.css';
import { IconArrowBarToRight, IconCrown } from '@tabler/icons-react';
import { type PointerEvent, type RefObject, useMemo, useRef, useState } from 'react';
import { type ClusterView, entryKey } from '../../core/trace/index.ts';
import type { LogIndex, ServerId } from '../contract.ts';
import { useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { byServer } from '../texts/format.ts';
import type { Translate } from '../texts/translations.ts';
import { entryInCell } from './cell-text.ts';
import { type Columns, columnsInSight, leftOf, widthOf } from './columns.ts';
import { type CellProps, LogCell } from './log-cell.tsx';
import { LogLegend } from './log-legend.tsx';
import { cellOf, headOf, type RowModel, rowOf } from './log-model.ts';
import { useCellFocus } from './use-cell-focus.ts';
import { useColumns } from './use-columns.ts';
import { type Follow, useFollow, useNewestInSight } from './use-follow.ts';

/** The grid with its heading. */
export function LogGrid({ view }: { readonly view: ClusterView }) {
  const { t } = useTranslations();
  const isEmpty = headOf(view) === 0;
  const scroller = useRef<HTMLDivElement>(null);
  const follow = useFollow(scroller, isEmpty);
  const isPast = useDashboardState((state) => state.mode?.mode === 'past');
  return (
    <section className="logs" aria-label={t('log.title')}>
      <div className="logs-head">
        <h2>{t('log.title')}</h2>
        {follow.isFollowing || isEmpty ? null : (
          <button type="button" className="quiet" onClick={follow.resume}>
            <IconArrowBarToRight size={16} aria-hidden="true" />
            {t('log.follow')} <kbd>L</kbd>
          </button>
        )}
      </div>
      {isEmpty ? (
        <p className="faint logs-empty">{t(isPast ? 'log.emptyPast' : 'log.empty')}</p>
      ) : (
        <Grid view={view} scroller={scroller} follow={follow} />
      )}
    </section>
  );
}

interface GridProps {
  readonly view: ClusterView;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly follow: Follow;
}

function Grid({ view, scroller, follow }: GridProps) {
  const { t } = useTranslations();
  const rows = useMemo(() => rowsOf(view), [view]);
  const ids = rows.map(({ server }) => server.id);
  const { pointed, onPointer, onLeave, onFocus } = usePointedColumn();
  const selected = useDashboardState(({ selection }) => (selection.kind === 'entry' ? selection.index : null));
  const kept = [pointed, selected].filter((index) => index !== null);
  const columns = useColumns({ view, rows, t, scroller, widthPx: follow.width, kept });
  useNewestInSight(scroller, follow, columns.totalPx);
  const inSight = columnsInSight(columns, follow.scrollLeft, follow.width);
  const indexes = Array.from({ length: Math.max(0, inSight.last - inSight.first + 1) }, (_, at) => inSight.first + at);
  const longest = rows.find(({ server }) => server.lastIndex === columns.head)?.server.id ?? '';
  const { stop, onKeyDown } = useCellFocus({ ids, longest, columns, inSight, scroller });
  const cells = rows.map((row) =>
    indexes.map((index) => ({
      ...placeOf(columns, index),
      ...cellOf(row, index),
      server: row.server.id,
      text: textAt(view, row, index, t),
      isTabStop: stop.server === row.server.id && stop.index === index,
      isSelected: selected === index,
    })),
  );
  return (
    <>
      <div className="logs-body">
        <RowNames rows={rows} />
        <div className="logs-scroll" ref={scroller} onScroll={follow.onScroll}>
          {/* biome-ignore lint/a11y/useSemanticElements: columns out of sight are not in the page, so it is no table */}
          <div
            className="logs-grid"
            role="grid"
            aria-label={t('log.title')}
            aria-rowcount={rows.length + 1}
            aria-colcount={columns.head + 1}
            style={{ width: columns.totalPx, '--term': `${columns.foldPx - 4}px` } as React.CSSProperties}
            onKeyDown={onKeyDown}
            onPointerOver={onPointer}
            onPointerLeave={onLeave}
            onFocus={onFocus}
            onBlur={onLeave}
          >
            <IndexRow indexes={indexes} columns={columns} />
            {rows.map((row, at) => (
              <Row key={row.server.id} row={row} cells={cells[at] ?? []} />
            ))}
          </div>
        </div>
      </div>
      <LogLegend cells={cells.flat()} />
    </>
  );
}

function rowsOf(view: ClusterView): readonly RowModel[] {
  return Object.values(view.servers)
    .sort((a, b) => byServer(a.id, b.id))
    .map((server) => rowOf(view, server));
}

function placeOf(columns: Columns, index: LogIndex) {
  return { index, left: leftOf(columns, index), width: widthOf(columns, index) - 2, isOpen: columns.open.has(index) };
}

function textAt(view: ClusterView, row: RowModel, index: LogIndex, t: Translate): string {
  const { term } = cellOf(row, index);
  const known = term === null ? undefined : view.entries[entryKey(index, term)];
  return known === undefined ? '' : entryInCell(t, known);
}

/** The column under the pointer or with the focus. */
function usePointedColumn() {
  const [pointed, setPointed] = useState<LogIndex | null>(null);
  function point({ target }: { readonly target: EventTarget }): void {
    const index = target instanceof Element ? target.closest('[data-index]')?.getAttribute('data-index') : null;
    if (index !== null && index !== undefined) setPointed(Number(index));
  }
  return {
    pointed,
    onPointer: (event: PointerEvent) => {
      // A finger points only while it selects, and then the column is open anyway.
      if (event.pointerType === 'mouse') point(event);
    },
    onFocus: point,
    onLeave: () => setPointed(null),
  };
}

function RowNames({ rows }: { readonly rows: readonly RowModel[] }) {
  return (
    <div className="logs-names" aria-hidden="true">
      <span />
      {rows.map(({ server, hasCrown }) => (
        <span key={server.id} data-leader={hasCrown} data-gone={server.status !== 'up'}>
          {server.id}
          {hasCrown ? <IconCrown size="1em" fill="currentColor" /> : null}
        </span>
      ))}
    </div>
  );
}

type CellOfRow = CellProps & { readonly server: ServerId };

function Row({ row, cells }: { readonly row: RowModel; readonly cells: readonly CellOfRow[] }) {
  const { id, status } = row.server;
  return (
    // biome-ignore lint/a11y/useSemanticElements: columns out of sight are not in the page, so it is no table
    // biome-ignore lint/a11y/useFocusableInteractive: the cells take the focus, not their row
    <div className="logs-row" role="row" data-testid={`log-row-${id}`} data-gone={status !== 'up'}>
      {cells.map((cell) => (
        <LogCell key={cell.index} {...cell} />
      ))}
    </div>
  );
}

interface IndexRowProps {
  readonly indexes: readonly LogIndex[];
  readonly columns: Columns;
}

function IndexRow({ indexes, columns }: IndexRowProps) {
  const { t } = useTranslations();
  return (
    // biome-ignore lint/a11y/useSemanticElements: columns out of sight are not in the page, so it is no table
    // biome-ignore lint/a11y/useFocusableInteractive: a heading is not for the focus
    <div className="logs-row logs-indexes" role="row" aria-label={t('log.index')}>
      {indexes.map((index) => {
        const { left, width, isOpen } = placeOf(columns, index);
        // Long numbers do not fit above a folded column, so only every fifth of these has its number.
        const isShown = index <= columns.head && (isOpen || index < 100 || index % 5 === 0);
        return (
          // biome-ignore lint/a11y/useSemanticElements: see above
          // biome-ignore lint/a11y/useFocusableInteractive: see above
          <span key={index} role="columnheader" data-index={index} aria-label={String(index)} style={{ left, width }}>
            {isShown ? index : ''}
          </span>
        );
      })}
    </div>
  );
}
