/** Full runs of the course tests, stored one a line as they end, so that an interrupted count can continue. */
import { appendFile, readFile } from 'node:fs/promises';
import type { ScenarioOutcome } from '../lab/index.ts';

/** The properties that all runs of one count share. */
export interface SameKind {
  readonly programs: string;
  readonly mutant: string | null;
  readonly flags: readonly string[];
  readonly only: readonly string[] | null;
}

interface Line extends SameKind {
  readonly outcomes: readonly ScenarioOutcome[];
}

export class KeptRuns {
  readonly #file: string | null;
  readonly #kind: SameKind;
  #runs: readonly (readonly ScenarioOutcome[])[];

  private constructor(file: string | null, kind: SameKind, runs: readonly (readonly ScenarioOutcome[])[]) {
    this.#file = file;
    this.#kind = kind;
    this.#runs = runs;
  }

  /** Reads the runs recorded after the last line that belongs to different programs or options. @throws on an invalid line */
  static async open(file: string | null, kind: SameKind): Promise<KeptRuns> {
    if (file === null) return new KeptRuns(null, kind, []);
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const lines = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);
    const other = lines.findLastIndex((line) => !isSame(line, kind));
    return new KeptRuns(
      file,
      kind,
      lines.slice(other + 1).map(({ outcomes }) => outcomes),
    );
  }

  get runs(): readonly (readonly ScenarioOutcome[])[] {
    return this.#runs;
  }

  async add(outcomes: readonly ScenarioOutcome[]): Promise<void> {
    this.#runs = [...this.#runs, outcomes];
    if (this.#file !== null) await appendFile(this.#file, `${JSON.stringify({ ...this.#kind, outcomes })}\n`);
  }
}

function isSame(line: SameKind, { programs, mutant, flags, only }: SameKind): boolean {
  const textOf = (kind: SameKind): string => JSON.stringify([kind.programs, kind.mutant, kind.flags, kind.only]);
  return textOf(line) === textOf({ programs, mutant, flags, only });
}
