/**
 * All judges of a run: the safety properties, the clients' history and liveness. Live runs and recordings use this one
 * list, so that both get the same verdict.
 */
import type { RunSettings, TraceEvent } from '../trace/index.ts';
import { Digests } from './digest.ts';
import { ClientHistory } from './history/index.ts';
import { createJudge, type Judge } from './judge.ts';
import { Liveness } from './liveness/index.ts';
import { atOnce, type Pieces } from './pieces.ts';
import type { RunVerdicts } from './run-verdict.ts';
import type { CopyAscii } from './text-hash.ts';
import type { Violation } from './verdict.ts';

export interface RunJudgesOptions {
  /** Settings of the run, with the pace at the time when the judges begin to observe. */
  readonly settings: RunSettings;
  /** False for a continued run, whose store has unknown contents at first. */
  readonly isWhole: boolean;
  /** Makes long texts cheaper to judge; verdicts are the same without it. */
  readonly copyAscii?: CopyAscii;
}

export interface RunEnd extends RunVerdicts {
  /** Violations that only the end of the run proves. */
  readonly foundAtEnd: readonly Violation[];
}

/** Observes every event once, in the order of the recording. */
export class RunJudges {
  readonly #judge: Judge;
  readonly #history: ClientHistory;
  readonly #liveness: Liveness;

  constructor({ settings, isWhole, copyAscii }: RunJudgesOptions) {
    // Both judges share the digests, so that each long text is hashed once.
    const digests = new Digests(copyAscii);
    this.#judge = createJudge(settings.servers, digests);
    this.#history = new ClientHistory({ digests, isWhole });
    this.#liveness = new Liveness(settings);
  }

  /** @returns the violations that this event proves; almost always none */
  observe(event: TraceEvent): readonly Violation[] {
    this.#history.observe(event);
    this.#liveness.observe(event);
    return this.#judge.observe(event);
  }

  /** Ends the run and returns all verdicts. */
  finish(): RunEnd {
    return atOnce(this.finishing());
  }

  /** `finish` in pieces. */
  *finishing(): Pieces<RunEnd> {
    const known = new Map(this.#judge.verdicts().map(({ property, violations }) => [property, violations.length]));
    const verdicts = yield* this.#judge.finishing();
    const foundAtEnd = verdicts.flatMap(({ property, violations }) => violations.slice(known.get(property)));
    const history = yield* this.#history.judging({ committedAt: this.#judge.committedAt });
    return { verdicts, history, liveness: this.#liveness.verdict(), foundAtEnd };
  }

  /** Estimated memory of all judges, in bytes. */
  keptBytes(): number {
    return this.#judge.keptBytes() + this.#history.keptBytes();
  }
}
