/**
 * A reporter of Vitest that writes how long each file took, including hooks and imports. `npm test` lists the slowest
 * files.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** One row of the written file. */
export interface FileDuration {
  /** Path from the repository's top. */
  readonly file: string;
  readonly seconds: number;
}

export class Durations implements Reporter {
  readonly #file: string;
  readonly #rows: FileDuration[] = [];

  /** @param file  path of the JSON file that is written when the run ends */
  constructor(file: string) {
    this.#file = file;
  }

  onTestModuleEnd(module: TestModule): void {
    const { collectDuration, duration, environmentSetupDuration, prepareDuration, setupDuration } = module.diagnostic();
    const all = collectDuration + duration + environmentSetupDuration + prepareDuration + setupDuration;
    this.#rows.push({ file: module.relativeModuleId, seconds: all / 1000 });
  }

  onTestRunEnd(): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, JSON.stringify(this.#rows));
  }
}
