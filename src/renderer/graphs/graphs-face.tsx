/**
 * The face *Graphs*: four graphs of the whole run over one scale of time, with one cursor. The pointer or the arrow keys move the
 * cursor; without one, each graph says how high its scale reaches. The lab counts the numbers.
 */
import './graphs-face.css';
import { type KeyboardEvent, memo, type PointerEvent, useMemo, useState } from 'react';
import type { RunGraphs } from '../../core/trace/index.ts';
import { Face } from '../side/face.tsx';
import { useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { runKeyOf } from '../store/dashboard-store.ts';
import { shownUntilUs } from '../store/shown-until.ts';
import { useAsked } from '../store/use-asked.ts';
import { formatClock, formatClockTenths } from '../texts/format.ts';
import { errorText } from '../texts/reasons.ts';
import { Graph, valueTexts } from './graph.tsx';
import { GRAPH_NAMES, GRAPHS } from './graph-table.ts';

/** Shortest time between two requests while the run grows, in milliseconds. */
const GAP_MS = 1_000;

/** The face. */
export function GraphsFace() {
  const { t } = useTranslations();
  const version = useDashboardState((state) => state.eventVersion);
  const runKey = useDashboardState(({ mode }) => runKeyOf(mode));
  const untilUs = useDashboardState(shownUntilUs);
  const [share, setShare] = useState(1);
  // An answer that holds only a part of the run asks for the next one at once.
  const answer = useAsked('graphs', {}, JSON.stringify([runKey, version, share]), share < 1 ? 0 : GAP_MS);
  const nextShare = answer?.ok === true ? answer.value.share : 1;
  if (nextShare !== share) setShare(nextShare);
  const graphs = useMemo(() => (answer?.ok === true ? upTo(answer.value, untilUs) : null), [answer, untilUs]);
  return (
    <Face name="graphs" tools={share < 1 ? <Reading share={share} /> : null}>
      {answer === null ? <p className="faint">{t('graphs.reading')}</p> : null}
      {answer?.ok === false ? <p className="problem">{errorText(t, answer.error)}</p> : null}
      {graphs === null ? null : <Plots graphs={graphs} />}
    </Face>
  );
}

function Reading({ share }: { readonly share: number }) {
  const { t, language } = useTranslations();
  const percent = new Intl.NumberFormat(language, { style: 'percent' }).format(share);
  return <p className="faint">{t('graphs.read', { percent })}</p>;
}

/** Drawn again only for other numbers: the face itself hears of events ten times a second, and an answer comes once a second. */
const Plots = memo(function Plots({ graphs: { spans, spanUs } }: { readonly graphs: RunGraphs }) {
  const { t } = useTranslations();
  const [chosen, setChosen] = useState<number | null>(null);
  const last = spans.length - 1;
  const at = chosen === null || last < 0 ? null : Math.min(chosen, last);
  const seconds = spanUs / 1_000_000;

  function point(event: PointerEvent<HTMLElement>): void {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const place = Math.floor(((event.clientX - left) / Math.max(1, width)) * spans.length);
    setChosen(Math.max(0, Math.min(last, place)));
  }

  function move(event: KeyboardEvent): void {
    const to = moved(event.key, at ?? last, last);
    if (to === undefined) return;
    event.preventDefault();
    setChosen(to);
  }

  if (last < 0) return <p className="faint">{t('graphs.none')}</p>;
  const words = GRAPH_NAMES.map((name) => {
    const row = GRAPHS[name];
    const texts = valueTexts(t, row, row.series(t, spans, seconds), at ?? last);
    return `${t(`graphTitle.${name}`)}: ${texts.join(', ')}`;
  });
  return (
    <div className="graphs">
      <div
        className="graph-plots"
        role="slider"
        tabIndex={0}
        data-testid="graph-cursor"
        aria-label={t('graphs.cursor')}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={at ?? last}
        aria-valuetext={`${formatClock((at ?? last) * spanUs)}. ${words.join('. ')}`}
        onPointerMove={point}
        onPointerLeave={() => setChosen(null)}
        onKeyDown={move}
        onBlur={() => setChosen(null)}
      >
        {GRAPH_NAMES.map((name) => (
          <Graph key={name} name={name} spans={spans} seconds={seconds} at={at} />
        ))}
        {at === null ? null : (
          <span className="graph-cursor" style={{ left: `${((at + 0.5) / spans.length) * 100}%` }} />
        )}
      </div>
      <p className="graph-times faint">
        <span>{formatClockTenths(0)}</span>
        <span>{formatClockTenths(spans.length * spanUs)}</span>
        {at === null ? null : (
          <span className="graph-moment" style={{ left: `${clamped(((at + 0.5) / spans.length) * 100)}%` }}>
            {formatClock(at * spanUs)}
          </span>
        )}
      </p>
    </div>
  );
});

/** Keeps the words of the moment between both ends of the scale, in percent of its width. */
function clamped(percent: number): number {
  return Math.max(8, Math.min(92, percent));
}

/** The span to which a key moves the cursor; undefined for another key. */
function moved(key: string, at: number, last: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, at - 1);
    case 'ArrowRight':
      return Math.min(last, at + 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}

/** The spans up to the shown moment of a recording or of a paused view: what comes later is not shown yet. */
function upTo(graphs: RunGraphs, untilUs: number | null): RunGraphs {
  if (untilUs === null) return graphs;
  return { ...graphs, spans: graphs.spans.slice(0, Math.ceil(untilUs / graphs.spanUs)) };
}
