/**
 * The list of all judges of a run: the safety properties, the clients' history and liveness. Live runs and recordings are
 * judged with this one list, so that both get the same verdict.
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
  /** Of the run; `pace` as it is when the judges begin to listen. */
  readonly settings: RunSettings;
  /** False: the run is continued, so nobody here knows what its store holds. */
  readonly isWhole: boolean;
  /** Makes long texts cheaper to judge; verdicts are the same without it. */
  readonly copyAscii?: CopyAscii;
}

export interface RunEnd extends RunVerdicts {
  /** Violations that only the end of the run proves. */
  readonly foundAtEnd: readonly Violation[];
}

/** Hears every event once, in the order of the recording. */
export class RunJudges {
  readonly #judge: Judge;
  readonly #history: ClientHistory;
  readonly #liveness: Liveness;

  constructor({ settings, isWhole, copyAscii }: RunJudgesOptions) {
    // Shared, so that each long text is hashed once for both.
    const digests = new Digests(copyAscii);
    this.#judge = createJudge(settings.servers, digests);
    this.#history = new ClientHistory({ digests, isWhole });
    this.#liveness = new Liveness(settings);
  }

  /** @returns what this event proves to be broken; almost always nothing */
  observe(event: TraceEvent): readonly Violation[] {
    this.#history.observe(event);
    this.#liveness.observe(event);
    return this.#judge.observe(event);
  }

  /** The run is over. */
  finish(): RunEnd {
    return atOnce(this.finishing());
  }

  /** The same in pieces. */
  *finishing(): Pieces<RunEnd> {
    const known = new Map(this.#judge.verdicts().map(({ property, violations }) => [property, violations.length]));
    const verdicts = yield* this.#judge.finishing();
    const foundAtEnd = verdicts.flatMap(({ property, violations }) => violations.slice(known.get(property)));
    const history = yield* this.#history.judging({ committedAt: this.#judge.committedAt });
    return { verdicts, history, liveness: this.#liveness.verdict(), foundAtEnd };
  }

  /** An estimate of the memory that all judges take, bytes. */
  keptBytes(): number {
    return this.#judge.keptBytes() + this.#history.keptBytes();
  }
}
