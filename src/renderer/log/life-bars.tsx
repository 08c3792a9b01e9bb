/** The entries of an index as bars: a row for each server, from when to when which entry stood there. Idle time is folded. */
import './life-bars.css';
import type { EntryLife, EntryStay, IndexLife } from '../../core/trace/index.ts';
import type { ServerId } from '../contract.ts';
import { termColour } from '../kit/term-colour.ts';
import { useTranslations } from '../store/dashboard-context.ts';
import { formatAge, formatTenths } from '../texts/format.ts';
import type { Translate } from '../texts/translations.ts';
import { contentOf } from './life-lines.ts';
import { drawnPart } from './log-cell.tsx';
import { formatMoment } from './moment.ts';
import { createTimeScale, type TimeScale } from './time-scale.ts';

export interface LifeBarsProps {
  readonly life: IndexLife;
  readonly members: readonly ServerId[];
}

/** The bars, and the time below them. */
export function LifeBars({ life, members }: LifeBarsProps) {
  const { t } = useTranslations();
  const moments = life.stays.flatMap(({ fromUs, toUs }) => [fromUs, ...(toUs === null ? [] : [toUs])]);
  const scale = createTimeScale([...moments, life.untilUs]);
  return (
    <div className="life-bars">
      {members.map((server) => {
        const stays = life.stays.filter((stay) => stay.server === server);
        const sentences = stays.map((stay) => stayText(t, life, stay));
        const label = sentences.length === 0 ? t('life.nothing') : sentences.join('; ');
        return (
          <div className="life-row" key={server}>
            <span className="life-server">{server}</span>
            <div className="life-line" role="img" aria-label={`${server}: ${label}`}>
              {stays.map((stay, at) => (
                <Bar
                  key={`${stay.term}:${stay.fromUs}`}
                  life={life}
                  stay={stay}
                  scale={scale}
                  title={sentences[at] ?? ''}
                />
              ))}
              {scale.gaps.map(({ from, to }) => (
                <i key={from} className="life-gap" style={{ left: percent(from), width: percent(to - from) }} />
              ))}
            </div>
          </div>
        );
      })}
      <Times scale={scale} momentsUs={moments} />
    </div>
  );
}

interface BarProps {
  readonly life: IndexLife;
  readonly stay: EntryStay;
  readonly scale: TimeScale;
  /** Its sentence. */
  readonly title: string;
}

function Bar({ life, stay, scale, title }: BarProps) {
  const { t } = useTranslations();
  const entry = entryOf(life, stay);
  const left = scale.at(stay.fromUs);
  const right = scale.at(stay.toUs ?? life.untilUs);
  return (
    <>
      <div
        className="life-bar"
        data-committed={stay.committedUs !== null}
        title={title}
        style={{ left: percent(left), width: percent(right - left), backgroundColor: termColour(stay.term) }}
      >
        <span style={{ maxWidth: percent(textShare(scale, left, right)) }}>
          <b>{stay.term}</b> {entry === undefined ? '' : drawnPart(contentOf(t, entry))}
        </span>
      </div>
      {stay.toUs === null ? null : <i className="life-end" style={{ left: percent(right) }} />}
    </>
  );
}

/** Share of a bar before the first folded time, where its text stands. */
function textShare({ gaps }: TimeScale, left: number, right: number): number {
  const gap = gaps.find(({ from }) => left < from && from < right);
  return gap === undefined ? 1 : (gap.from - left) / (right - left);
}

function entryOf({ entries }: IndexLife, { term }: EntryStay): EntryLife | undefined {
  return entries.find((entry) => entry.term === term);
}

function stayText(t: Translate, life: IndexLife, stay: EntryStay): string {
  const entry = entryOf(life, stay);
  const { term } = stay;
  const what = entry === undefined ? '' : drawnPart(contentOf(t, entry));
  const from = formatMoment(stay.fromUs);
  if (stay.toUs === null) return t('life.stands', { term, what, from });
  return t(stay.end === 'overwritten' ? 'life.stoodDropped' : 'life.stoodLost', {
    term,
    what,
    from,
    to: formatMoment(stay.toUs),
  });
}

/** Distance between two times of the axis, as a share of the line, below which the later one is left out. */
const NEAREST_TIMES = 0.12;

function Times({ scale, momentsUs }: { readonly scale: TimeScale; readonly momentsUs: readonly number[] }) {
  const { t } = useTranslations();
  const gaps = scale.gaps.map(({ from, to, lengthUs }) => ({
    place: (from + to) / 2,
    text: t('life.idle', {
      seconds: lengthUs < 10_000_000 ? formatTenths(lengthUs / 1e6) : Math.round(lengthUs / 1e6),
    }),
  }));
  const shown = [...gaps];
  for (const timeUs of [...momentsUs].sort((a, b) => a - b)) {
    const place = scale.at(timeUs);
    const text = formatAge(timeUs);
    const isNear = (other: { readonly place: number }): boolean => Math.abs(other.place - place) < NEAREST_TIMES;
    // Two moments of one second would show the same time twice.
    if (place > 1 - NEAREST_TIMES / 2 || shown.some((other) => other.text === text || isNear(other))) continue;
    shown.push({ place, text });
  }
  return (
    <div className="life-times" aria-hidden="true">
      {shown.map(({ place, text }) => (
        <span key={place} style={{ left: percent(place) }} data-edge={place < 0.04}>
          {text}
        </span>
      ))}
    </div>
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}
