/** One graph: its title, the words for the span under the cursor or for the top of its scale, and the drawing. */
import type { GraphSpan } from '../../core/trace/index.ts';
import { useTranslations } from '../store/dashboard-context.ts';
import type { Translate } from '../texts/translations.ts';
import { GRAPHS, type GraphRow, type Series } from './graph-table.ts';
import { linePath, scaleTop, stepsPath } from './plot.ts';

export interface GraphProps {
  readonly name: keyof typeof GRAPHS;
  readonly spans: readonly GraphSpan[];
  /** Length of a span in seconds. */
  readonly seconds: number;
  /** The span under the cursor; null without one. */
  readonly at: number | null;
}

/** The graph. */
export function Graph({ name, spans, seconds, at }: GraphProps) {
  const { t } = useTranslations();
  const row = GRAPHS[name];
  const series = row.series(t, spans, seconds);
  const top = scaleTop(row.kind === 'stacked' ? sumsOf(series) : series.flatMap(({ values }) => values.map(orZero)));
  return (
    <div className="graph" data-testid={`graph-${name}`}>
      <div className="graph-head">
        <h3>{t(`graphTitle.${name}`)}</h3>
        {at === null ? (
          <span className="faint">{t('graphs.top', { value: row.text(t, top) })}</span>
        ) : (
          <Values series={series} row={row} at={at} />
        )}
      </div>
      <svg viewBox={`0 0 ${Math.max(1, spans.length)} 1`} preserveAspectRatio="none" aria-hidden="true">
        {row.kind === 'lines' ? (
          <Lines series={series} top={top} />
        ) : (
          <Shapes series={series} top={top} isStacked={row.kind === 'stacked'} />
        )}
      </svg>
    </div>
  );
}

/** The words for one span: `p50 812 ms · p99 1.6 s`. */
export function valueTexts(t: Translate, row: GraphRow, series: readonly Series[], at: number): readonly string[] {
  return series.map(({ word, values }) => {
    const value = values[at] ?? null;
    const text = value === null ? '–' : row.text(t, value);
    return word === undefined ? text : `${word} ${text}`;
  });
}

function Values({
  series,
  row,
  at,
}: {
  readonly series: readonly Series[];
  readonly row: GraphRow;
  readonly at: number;
}) {
  const { t } = useTranslations();
  const texts = valueTexts(t, row, series, at);
  return (
    <span className="graph-values">
      {series.map(({ look }, place) => (
        <span key={look}>
          {series.length === 1 ? null : <i className={`graph-swatch look-${look}`} aria-hidden="true" />}
          {texts[place]}
        </span>
      ))}
    </span>
  );
}

interface ShapesProps {
  readonly series: readonly Series[];
  readonly top: number;
  readonly isStacked: boolean;
}

function Shapes({ series, top, isStacked }: ShapesProps) {
  let from: readonly number[] = [];
  return series.map(({ look, values }) => {
    const base = from;
    const to = values.map((value, at) => (base[at] ?? 0) + orZero(value));
    if (isStacked) from = to;
    return <path key={look} className={`look-${look}`} d={stepsPath(base, to, top)} />;
  });
}

function Lines({ series, top }: { readonly series: readonly Series[]; readonly top: number }) {
  return series.map(({ look, values }) => (
    <path key={look} className={`graph-line look-${look}`} d={linePath(values, top)} />
  ));
}

function sumsOf(series: readonly Series[]): readonly number[] {
  const [first] = series;
  return (first?.values ?? []).map((_, at) => series.reduce((sum, { values }) => sum + orZero(values[at] ?? null), 0));
}

function orZero(value: number | null): number {
  return value ?? 0;
}
