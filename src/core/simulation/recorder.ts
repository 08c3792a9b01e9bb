/**
 * The trace of a simulated run, in the format of a real one. Each event gets its envelope and is passed to the judge
 * and to the caller's sink.
 */
import { createJudge, type Judge, type Violation } from '../check/index.ts';
import type { AnyEvent, TraceEvent } from '../trace/index.ts';

/** Records a run. It numbers the events of each source in each life. */
export class SimRecorder {
  readonly judge: Judge;
  readonly #onEvent: ((event: TraceEvent) => void) | null;
  readonly #onViolation: (violation: Violation) => void;
  readonly #nseqs = new Map<string, number>();
  #seq = 0;

  constructor(options: {
    readonly servers: readonly string[];
    readonly onViolation: (violation: Violation) => void;
    readonly onEvent: ((event: TraceEvent) => void) | null;
  }) {
    this.judge = createJudge(options.servers);
    this.#onEvent = options.onEvent;
    this.#onViolation = options.onViolation;
  }

  get events(): number {
    return this.#seq;
  }

  tell(source: string, life: number, timeUs: number, event: AnyEvent): void {
    this.#seq += 1;
    const key = `${source}.${life}`;
    const nseq = (this.#nseqs.get(key) ?? 0) + 1;
    this.#nseqs.set(key, nseq);
    const told = { seq: this.#seq, timeUs, source, nseq, life, ...event } as TraceEvent;
    this.#onEvent?.(told);
    for (const violation of this.judge.observe(told)) this.#onViolation(violation);
  }

  /** Ends the run. Some properties can be decided only then. */
  finish(): void {
    for (const { violations } of this.judge.finish()) for (const violation of violations) this.#onViolation(violation);
  }
}
