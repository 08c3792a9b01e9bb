/** The columns of the log grid as the page draws them: measured with the grid's own font, open where a person looks. */
import { type RefObject, useCallback, useLayoutEffect, useState } from 'react';
import type { ClusterView } from '../../core/trace/index.ts';
import type { LogIndex } from '../contract.ts';
import { useDashboardState } from '../store/dashboard-context.ts';
import type { Translate } from '../texts/translations.ts';
import { entryInCell } from './cell-text.ts';
import { type Columns, foldPxOf, layOutColumns } from './columns.ts';
import { drawnPart } from './log-cell.tsx';
import { entriesAt, headOf, highestTerm, type RowModel } from './log-model.ts';
import { createMeasure, type Measure } from './measure-text.ts';

/** Font size for which the widths below are given, in CSS pixels. Another size scales them. */
const BASE_PX = 12;
/** Number of columns in presentation. */
const PRESENTED = 3;
const NARROWEST_PX = 48;
const WIDEST_PX = 112;
/** Room of an open cell beside term and content: borders, padding, and the gap to the next cell. */
const AROUND_PX = 14;
/** Part of a folded column that is not the term's: the gap and the frame. */
const FOLD_FRAME_PX = 4;

interface CellFont {
  readonly measure: Measure;
  /** Size of the font divided by `BASE_PX`. */
  readonly scale: number;
}

const FIRST_FONT: CellFont = { measure: () => 0, scale: 1 };

export interface ColumnParts {
  readonly view: ClusterView;
  readonly rows: readonly RowModel[];
  readonly t: Translate;
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Visible width in CSS pixels. */
  readonly widthPx: number;
  readonly kept: readonly LogIndex[];
}

/** Lays out the columns of a view. */
export function useColumns({ view, rows, t, scroller, widthPx, kept }: ColumnParts): Columns {
  const { measure, scale } = useCellFont(scroller, widthPx);
  const foldPx = foldPxOf(highestTerm(view)) * scale;
  const openPxOf = useCallback(
    (index: LogIndex): number | null => {
      const entries = entriesAt(view, rows, index);
      if (entries.length === 0) return null;
      const content = Math.max(...entries.map((entry) => measure(drawnPart(entryInCell(t, entry)))));
      const px = foldPx + content + (AROUND_PX - FOLD_FRAME_PX) * scale;
      return Math.ceil(Math.min(WIDEST_PX * scale, Math.max(NARROWEST_PX * scale, px)));
    },
    [view, rows, t, measure, scale, foldPx],
  );
  const isPresenting = useDashboardState((state) => state.isPresenting);
  const most = isPresenting ? { most: PRESENTED } : {};
  return layOutColumns({ head: headOf(view), widthPx, foldPx, openPxOf, kept, ...most });
}

/** The font of the cells, read from the page. Its size may change with the width of the page. */
function useCellFont(scroller: RefObject<HTMLDivElement | null>, widthPx: number): CellFont {
  const [font, setFont] = useState({ css: '', ...FIRST_FONT });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another width may come with another size of the font
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const { fontSize, fontFamily } = getComputedStyle(box);
    const css = `${fontSize} ${fontFamily}`;
    setFont((old) =>
      old.css === css
        ? old
        : { css, measure: createMeasure(css), scale: (Number.parseFloat(fontSize) || BASE_PX) / BASE_PX },
    );
  }, [scroller, widthPx]);
  return font;
}
