/** All judges of a run together, with a stopwatch: mean time, slowest event, and the time of the garbage collector. */
import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { PROPERTIES, type RunJudges } from '../../src/core/check/index.ts';
import type { RunSettings, TraceEvent } from '../../src/core/trace/index.ts';
import { judgesOf } from '../../src/recording/judges.ts';

/** A span of time, in milliseconds of `performance.now()`. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Spans longer than this, in milliseconds, are stored one by one. Shorter ones hardly contain a pause. */
const SLOW_MS = 0.2;

/** Adds up the measured spans and stores the slow ones. */
export class Stopwatch {
  totalMs = 0;
  readonly #slow: Span[] = [];
  readonly #beganMs = performance.now();
  readonly #cpu = process.cpuUsage();

  add(from: number, to: number): void {
    this.totalMs += to - from;
    if (to - from > SLOW_MS) this.#slow.push({ from, to });
  }

  /** Duration of the slowest span without the collector's pauses, milliseconds. */
  slowestMs(pauses: readonly Span[]): number {
    const lengths = pausedIn(this.#slow, pauses).map((paused, at) => lengthOf(this.#slow[at] as Span) - paused);
    return lengths.reduce((most, length) => Math.max(most, length), 0);
  }

  /** Sum of the collector's pauses within slow spans, milliseconds. */
  pausedMs(pauses: readonly Span[]): number {
    return pausedIn(this.#slow, pauses).reduce((sum, paused) => sum + paused, 0);
  }

  /** Mean number of processors that this process has used so far. */
  share(): number {
    const { user, system } = process.cpuUsage(this.#cpu);
    return (user + system) / 1_000 / (performance.now() - this.#beganMs);
  }
}

function lengthOf({ from, to }: Span): number {
  return to - from;
}

/** Returns the paused time of each span. Both lists are in the order of time, and no pause lies in two spans. */
function pausedIn(spans: readonly Span[], pauses: readonly Span[]): readonly number[] {
  let next = 0;
  return spans.map(({ from, to }) => {
    let paused = 0;
    for (; (pauses[next]?.from ?? Number.POSITIVE_INFINITY) < to; next += 1) {
      const pause = pauses[next] as Span;
      paused += Math.max(0, Math.min(to, pause.to) - Math.max(from, pause.from));
    }
    return paused;
  });
}

/** Records the garbage collector's pauses from its creation on. */
export class Pauses {
  readonly #spans: Span[] = [];
  readonly #observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      this.#spans.push({ from: startTime, to: startTime + duration });
  });

  constructor() {
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** Stops recording and returns the pauses in the order of time. */
  async all(): Promise<readonly Span[]> {
    // Node reports the entries in a later turn of the event loop.
    await setTimeout(20);
    this.#observer.disconnect();
    return this.#spans.toSorted((a, b) => a.from - b.from);
  }
}

export class AllJudges {
  readonly watch = new Stopwatch();
  readonly #judges: RunJudges;

  constructor(settings: RunSettings) {
    this.#judges = judgesOf({ settings, isWhole: true });
  }

  hear(event: TraceEvent): void {
    const from = performance.now();
    this.#judges.observe(event);
    this.watch.add(from, performance.now());
  }

  keptBytes(): number {
    return this.#judges.keptBytes();
  }

  /** Ends the run and returns the outcome of each property. */
  outcomes(): Readonly<Record<string, string>> {
    const { verdicts, history, liveness } = this.#judges.finish();
    const properties = verdicts.map(({ property, outcome }) => [property, outcome]);
    return Object.fromEntries([...properties, ['history', history.verdict], ['liveness', liveness.outcome]]) as Record<
      string,
      string
    >;
  }

  static readonly allValid: Readonly<Record<string, string>> = Object.fromEntries(
    [...PROPERTIES, 'history', 'liveness'].map((name) => [name, 'valid']),
  );
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
