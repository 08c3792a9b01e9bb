/** The columns of the log grid: which are open, which are folded, and which are drawn. */
import { describe, expect, test } from 'vitest';
import {
  type ColumnAsk,
  columnsInSight,
  foldPxOf,
  layOutColumns,
  leftOf,
  widthOf,
} from '../../src/renderer/log/columns.ts';

const FOLD = 22;
const TAIL = 16;

/** Columns whose open width is 50 px, unless the ask says otherwise. */
function layOut(ask: Partial<ColumnAsk> & Pick<ColumnAsk, 'head'>) {
  return layOutColumns({ widthPx: 480, foldPx: FOLD, openPxOf: () => 50, kept: [], ...ask });
}

const openOf = (columns: ReturnType<typeof layOut>): readonly number[] =>
  [...columns.open.keys()].sort((a, b) => a - b);

describe('columns that fit', () => {
  test('columns: maximum of three → the newest three, all open', () => {
    const columns = layOut({ head: 9, most: 3 });
    expect(columns.origin).toBe(7);
    expect(openOf(columns)).toEqual([7, 8, 9]);
    expect(layOut({ head: 2, most: 3 }).origin).toBe(1);
  });

  test('columns: maximum of three, too wide together → the oldest folds and nothing is cut', () => {
    const columns = layOut({ head: 9, most: 3, widthPx: 140 });
    expect(openOf(columns)).toEqual([8, 9]);
    expect(columns.totalPx).toBeLessThanOrEqual(140);
    expect(openOf(layOut({ head: 9, most: 3, widthPx: 20 }))).toEqual([9]);
  });

  test('columns: all fit → all open, side by side, the tail behind them', () => {
    const columns = layOut({ head: 3, openPxOf: (index) => 48 + index });
    expect(openOf(columns)).toEqual([1, 2, 3]);
    expect([1, 2, 3, 4].map((index) => leftOf(columns, index))).toEqual([0, 49, 99, 150]);
    expect([1, 2, 3, 4].map((index) => widthOf(columns, index))).toEqual([49, 50, 51, TAIL]);
    expect(columns.totalPx).toBe(150 + TAIL);
  });

  test('columns: not all fit → the oldest fold, as few as possible, never wider than the room', () => {
    const columns = layOut({ head: 12 });
    expect(openOf(columns)).toEqual([6, 7, 8, 9, 10, 11, 12]);
    expect(columns.totalPx).toBe(5 * FOLD + 7 * 50 + TAIL);
    expect(columns.totalPx).toBeLessThanOrEqual(480);
    expect(columns.totalPx + 50 - FOLD).toBeGreaterThan(480);
  });

  test('columns: pointed at a folded one → it opens, newer ones fold, its left edge stays', () => {
    const before = layOut({ head: 12 });
    const after = layOut({ head: 12, kept: [2] });
    expect(openOf(after)).toEqual([2, 7, 8, 9, 10, 11, 12]);
    expect(leftOf(after, 2)).toBe(leftOf(before, 2));
    expect(after.totalPx).toBe(before.totalPx);
  });

  test('columns: content unknown → folded, even when pointed at', () => {
    const columns = layOut({ head: 9, kept: [2], openPxOf: (index) => (index < 7 ? null : 60) });
    expect(openOf(columns)).toEqual([7, 8, 9]);
  });

  test('fold: terms of 1, 2, 3 and 6 digits → 22, 22, 30 and 54 px', () => {
    expect([1, 12, 123, 123_456].map(foldPxOf)).toEqual([22, 22, 30, 54]);
  });

  test('columns: long terms → an open column is at least as wide as a folded one', () => {
    const columns = layOut({ head: 2, foldPx: 54, openPxOf: () => 48 });
    expect(widthOf(columns, 1)).toBe(54);
  });
});

describe('long logs', () => {
  test('columns: a thousand → the newest four and the selected one open; few are measured', () => {
    const measured = new Set<number>();
    const openPxOf = (index: number): number => {
      measured.add(index);
      return 50;
    };
    const columns = layOut({ head: 1_000, kept: [500], openPxOf });
    expect(openOf(columns)).toEqual([500, 997, 998, 999, 1_000]);
    expect(measured.size).toBeLessThan(10);
    expect(leftOf(columns, 501) - leftOf(columns, 500)).toBe(50);
    expect(leftOf(columns, 1_001)).toBe(995 * FOLD + 5 * 50);
  });

  test('in sight: scrolled → the visible columns and four beyond each edge', () => {
    const columns = layOut({ head: 1_000 });
    expect(columnsInSight(columns, 500 * FOLD, 480)).toEqual({ first: 497, last: 526 });
    expect(columnsInSight(columns, 0, 480)).toEqual({ first: 1, last: 26 });
    expect(columnsInSight(columns, columns.totalPx - 480, 480)).toMatchObject({ last: 1_001 });
    expect(columnsInSight(layOut({ head: 1 }), 0, 480)).toEqual({ first: 1, last: 2 });
  });

  test('columns: millions → only as many as a browser can hold, the newest', () => {
    const columns = layOut({ head: 5_000_000 });
    expect(columns.totalPx).toBeLessThan(22_001_000);
    expect(columns.origin).toBe(5_000_000 - Math.floor((22_000_000 - TAIL) / FOLD) + 1);
    expect(columnsInSight(columns, 0, 480).first).toBe(columns.origin);
  });
});
