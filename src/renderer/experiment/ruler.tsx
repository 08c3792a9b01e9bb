/** The ruler: heartbeats, the way of a vote and back, and the range of election timeouts on one scale. */
import './ruler.css';
import type { Experiment } from '../../core/vocabulary/index.ts';
import { useTranslations } from '../store/dashboard-context.ts';
import { type Ruler as Marks, rulerOf } from './draft.ts';

/** Vertical centre of each row in pixels. */
const ROWS = { heartbeats: 16, vote: 46, timeout: 76 } as const;
const HEIGHT = 92;

/** The ruler of an experiment. */
export function Ruler({ experiment }: { readonly experiment: Experiment }) {
  const { t } = useTranslations();
  const marks = rulerOf(experiment);
  const at = (ms: number): string => `${(ms / marks.endMs) * 100}%`;
  const lines = Array.from({ length: Math.round(marks.endMs / marks.stepMs) + 1 }, (_, line) => line * marks.stepMs);
  const label = t('experiment.ruler', {
    heartbeat: marks.heartbeats[1] ?? marks.endMs,
    roundTrip: marks.roundTripMs,
    shortest: marks.shortestMs,
    longest: marks.longestMs,
  });
  return (
    <div className="ruler" role="img" aria-label={label} title={label} data-testid="ruler">
      <div className="ruler-rows" aria-hidden="true">
        <span>{t('experiment.heartbeats')}</span>
        <span>{t('experiment.vote')}</span>
        <span>{t('experiment.timeout')}</span>
      </div>
      <div className="ruler-scale" aria-hidden="true">
        <svg width="100%" height={HEIGHT} aria-hidden="true">
          {lines.map((ms) => (
            <line key={ms} className="ruler-line" x1={at(ms)} x2={at(ms)} y1={2} y2={HEIGHT} />
          ))}
          <Lengths marks={marks} at={at} />
        </svg>
        <div className="ruler-times numbers">
          {lines.map((ms) => (
            <span key={ms} style={{ left: at(ms) }}>
              {ms === 0 ? '0' : t('paceDetail.seconds', { length: ms / 1_000 })}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

function Lengths({ marks, at }: { readonly marks: Marks; readonly at: (ms: number) => string }) {
  const { heartbeats, roundTripMs, shortestMs, longestMs } = marks;
  return (
    <>
      {heartbeats.map((ms) => (
        <circle key={ms} className="ruler-heartbeat" cx={at(ms)} cy={ROWS.heartbeats} r={5} />
      ))}
      <line className="ruler-vote" x1="0" x2={at(roundTripMs)} y1={ROWS.vote} y2={ROWS.vote} />
      <rect
        className="ruler-timeout"
        x={at(shortestMs)}
        y={ROWS.timeout - 10}
        width={at(longestMs - shortestMs)}
        height={20}
        rx={4}
      />
    </>
  );
}
