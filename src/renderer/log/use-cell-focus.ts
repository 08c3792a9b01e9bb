/** Moves the focus in the log grid: Tab reaches one cell, and the arrow keys move from there and bring their column into sight. */
import { type KeyboardEvent, type RefObject, useState } from 'react';
import type { LogIndex, ServerId } from '../contract.ts';
import { type Columns, leftOf, widthOf } from './columns.ts';

/** A cell of the grid. */
export interface Stop {
  readonly server: ServerId;
  readonly index: LogIndex;
}

interface CellFocusParts {
  readonly ids: readonly ServerId[];
  /** Server with the longest log. */
  readonly longest: ServerId;
  readonly columns: Columns;
  readonly inSight: { readonly first: LogIndex; readonly last: LogIndex };
  readonly scroller: RefObject<HTMLDivElement | null>;
}

/** Keys that move the focus, and how far. */
const STEPS: Readonly<Record<string, { readonly row: number; readonly index: number }>> = {
  ArrowLeft: { row: 0, index: -1 },
  ArrowRight: { row: 0, index: 1 },
  ArrowUp: { row: -1, index: 0 },
  ArrowDown: { row: 1, index: 0 },
  Home: { row: 0, index: Number.NEGATIVE_INFINITY },
  End: { row: 0, index: Number.POSITIVE_INFINITY },
};

/** The cell that Tab reaches, and the handler of the keys. */
export function useCellFocus({ ids, longest, columns, inSight, scroller }: CellFocusParts) {
  const { origin, head } = columns;
  const [wanted, setWanted] = useState<Stop | null>(null);
  const isInSight = wanted !== null && inSight.first <= wanted.index && wanted.index <= inSight.last;
  const stop = isInSight ? wanted : { server: longest, index: Math.min(head, inSight.last) };

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
    const left = leftOf(columns, index);
    const right = left + widthOf(columns, index);
    box.scrollLeft = Math.min(left, Math.max(box.scrollLeft, right - box.clientWidth));
    requestAnimationFrame(() => box.querySelector<HTMLElement>(`[data-cell="${server}:${index}"]`)?.focus());
  }

  return { stop, onKeyDown };
}
