/**
 * The four graphs of a run. Each row says which values it draws and in which colour, and gives the words for one span and for the
 * top of its scale. The title of a row stands under `graphTitle` in resources/words/graphs.json.
 */
import type { GraphSpan } from '../../core/trace/index.ts';
import { MEMBER_RPCS } from '../../core/vocabulary/index.ts';
import type { Translations } from '../../translations/index.ts';
import { formatBytes, formatMs } from '../texts/format.ts';
import type { Translate } from '../texts/translations.ts';

/** A row of values, one for each span; null for a span without a value. */
export interface Series {
  /** A class of graphs-face.css, which gives the colour. */
  readonly look: 'ink' | 'faint' | 'append' | 'vote' | 'client';
  /** The word for its colour beside a value; absent when the graph has one series. */
  readonly word?: string;
  readonly values: readonly (number | null)[];
}

/** One graph. */
export interface GraphRow {
  /** `stacked`: filled shapes, each on the one before; `overlaid`: each before the one before; `lines`: a line for each series. */
  readonly kind: 'stacked' | 'overlaid' | 'lines';
  readonly series: (t: Translate, spans: readonly GraphSpan[], seconds: number) => readonly Series[];
  /** The words for a value. */
  readonly text: (t: Translate, value: number) => string;
}

/** Bytes a second of the RPCs that `has` accepts. */
const bytesOf = (spans: readonly GraphSpan[], seconds: number, has: (rpc: string) => boolean): readonly number[] =>
  spans.map(({ bytes }) => {
    const fitting = Object.entries(bytes).filter(([rpc]) => has(rpc));
    return fitting.reduce((sum, [, count]) => sum + count, 0) / seconds;
  });

const isClient = (rpc: string): boolean => !MEMBER_RPCS.has(rpc);
const isAppend = (rpc: string): boolean => rpc === 'AppendEntries';
const isVote = (rpc: string): boolean => !isClient(rpc) && !isAppend(rpc);

/** Counts below ten a second keep one decimal. */
const rate = (value: number): string => (value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value)));

export const GRAPHS: Readonly<Record<keyof Translations['graphTitle'], GraphRow>> = {
  answered: {
    kind: 'stacked',
    series: (_t, spans, seconds) => [{ look: 'ink', values: spans.map(({ answered }) => answered / seconds) }],
    text: (t, value) => t('graphs.aSecond', { count: rate(value) }),
  },
  latency: {
    kind: 'lines',
    series: (_t, spans) => [
      { look: 'ink', word: 'p50', values: spans.map(({ p50Us }) => ms(p50Us)) },
      { look: 'faint', word: 'p99', values: spans.map(({ p99Us }) => ms(p99Us)) },
    ],
    text: (t, value) =>
      value < 1_000
        ? t('graphs.ms', { ms: formatMs(value) })
        : t('graphs.seconds', { seconds: (value / 1_000).toFixed(1) }),
  },
  elections: {
    kind: 'overlaid',
    series: (t, spans) => [
      { look: 'faint', word: t('graphs.stood'), values: spans.map(({ elections }) => elections) },
      { look: 'vote', word: t('graphs.won'), values: spans.map(({ elected }) => elected) },
    ],
    text: (_t, value) => String(value),
  },
  bytes: {
    kind: 'stacked',
    series: (t, spans, seconds) => [
      { look: 'append', word: t('graphs.append'), values: bytesOf(spans, seconds, isAppend) },
      { look: 'vote', word: t('graphs.votes'), values: bytesOf(spans, seconds, isVote) },
      { look: 'client', word: t('graphs.clients'), values: bytesOf(spans, seconds, isClient) },
    ],
    text: (t, value) => t('graphs.bytesASecond', { bytes: formatBytes(Math.round(value)) }),
  },
};

/** All graphs, from top to bottom. */
export const GRAPH_NAMES = Object.keys(GRAPHS) as readonly (keyof Translations['graphTitle'])[];

function ms(us: number | null): number | null {
  return us === null ? null : us / 1_000;
}
