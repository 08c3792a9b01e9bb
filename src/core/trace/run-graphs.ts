/**
 * The numbers behind the graphs of a run: answered commands and their latency, elections, and bytes by RPC, each in equal spans of
 * time from the beginning on. Events may come in any order that keeps each source's own. Flow: trace → here → the face *Graphs*.
 */
import type { Rpc } from '../vocabulary/index.ts';
import type { TraceEvent } from './events.ts';

/** One span of a run. */
export interface GraphSpan {
  /** Number of commands whose answer reached their client in this span. */
  readonly answered: number;
  /** Half of them took at most this long, and 99 of 100, in microseconds, to within 2.5 %; null without an answer. */
  readonly p50Us: number | null;
  readonly p99Us: number | null;
  /** Number of candidacies that began, and of leaders that were elected. */
  readonly elections: number;
  readonly elected: number;
  /** Bytes that crossed the links, requests and replies together, by RPC. An RPC without bytes is absent. */
  readonly bytes: Readonly<Partial<Record<Rpc, number>>>;
}

/** The graphs of a run. */
export interface RunGraphs {
  /** Length of a span in microseconds. Span `n` begins at `n * spanUs`. */
  readonly spanUs: number;
  readonly spans: readonly GraphSpan[];
}

/** Collects the graphs of a run. */
export interface GraphCollector {
  hear(event: TraceEvent): void;
  graphs(): RunGraphs;
}

/** Most spans that are kept. When the run outgrows them, two neighbours become one and the spans twice as long. */
export const MOST_SPANS = 240;
/** Length of a span at first, in microseconds. */
const FIRST_SPAN_US = 250_000;
/** Ratio between the bounds of two neighbouring bins of latencies. */
const BIN_RATIO = 1.05;

interface Span {
  answered: number;
  elections: number;
  elected: number;
  /** Number of answers by the bin of their latency. */
  readonly latencies: Map<number, number>;
  readonly bytes: Map<Rpc, number>;
}

/** Returns an empty collector. Its memory does not grow with the run. */
export function createGraphCollector(): GraphCollector {
  let spanUs = FIRST_SPAN_US;
  let spans: Span[] = [];

  function spanAt(timeUs: number): Span {
    while (timeUs >= MOST_SPANS * spanUs) {
      spanUs *= 2;
      spans = inPairs(spans);
    }
    const at = Math.max(0, Math.floor(timeUs / spanUs));
    while (spans.length <= at) spans.push(emptySpan());
    return spans[at] as Span;
  }

  return {
    hear(event) {
      switch (event.event) {
        case 'CommandDone': {
          const span = spanAt(event.timeUs);
          span.answered += 1;
          add(span.latencies, binOf(event.latencyUs), 1);
          return;
        }
        case 'ElectionStarted':
          spanAt(event.timeUs).elections += 1;
          return;
        case 'LeaderElected':
          spanAt(event.timeUs).elected += 1;
          return;
        case 'MessageSent':
          add(spanAt(event.timeUs).bytes, event.rpc, event.bytes * (event.copies ?? 1));
          return;
        default:
          // Every event makes the run at least this long.
          spanAt(event.timeUs);
      }
    },
    graphs: () => ({ spanUs, spans: spans.map(shown) }),
  };
}

function emptySpan(): Span {
  return { answered: 0, elections: 0, elected: 0, latencies: new Map(), bytes: new Map() };
}

function inPairs(spans: readonly Span[]): Span[] {
  return Array.from({ length: Math.ceil(spans.length / 2) }, (_, at) => {
    const both = emptySpan();
    for (const one of spans.slice(2 * at, 2 * at + 2)) {
      both.answered += one.answered;
      both.elections += one.elections;
      both.elected += one.elected;
      for (const [bin, count] of one.latencies) add(both.latencies, bin, count);
      for (const [rpc, bytes] of one.bytes) add(both.bytes, rpc, bytes);
    }
    return both;
  });
}

function add<Key>(sums: Map<Key, number>, key: Key, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

function shown({ answered, elections, elected, latencies, bytes }: Span): GraphSpan {
  const bins = [...latencies].sort(([a], [b]) => a - b);
  return {
    ...{ answered, elections, elected },
    p50Us: quantile(bins, answered, 0.5),
    p99Us: quantile(bins, answered, 0.99),
    bytes: Object.fromEntries(bytes),
  };
}

function binOf(latencyUs: number): number {
  return Math.round(Math.log(Math.max(1, latencyUs)) / Math.log(BIN_RATIO));
}

/** The latency within which this share of the answers came: the middle of its bin. */
function quantile(bins: readonly (readonly [number, number])[], total: number, share: number): number | null {
  let seen = 0;
  for (const [bin, count] of bins) {
    seen += count;
    if (seen >= share * total) return Math.round(BIN_RATIO ** bin);
  }
  return null;
}
