/**
 * The limits of one scenario: number of steps and rounds, of notes, and of simultaneous background parts. A stranger's
 * scenario that never waits could otherwise block the lab's thread or grow without bound.
 */
import { MOST_BACKGROUND, MOST_NOTES, MOST_TURNS } from '../core/scenario/index.ts';
import type { BothLanguages } from '../core/trace/index.ts';
import { createPacer } from '../recording/slices.ts';
import { ScenarioFailure } from './failure.ts';

export class Budget {
  readonly #pacer = createPacer();
  /** All parts wait for the same pause, so that their order does not depend on time. */
  #pause: Promise<void> | undefined;
  #turns = 0;
  #notes = 0;
  #parts = 0;

  /**
   * Call it before a step or a round of a loop. Gives other work a turn of the thread when the scenario has held it for
   * some milliseconds.
   *
   * @throws ScenarioFailure unknown after too many steps
   */
  async turn(): Promise<void> {
    this.#turns += 1;
    if (this.#turns > MOST_TURNS) throw new ScenarioFailure('unknown', TOO_MANY_TURNS);
    this.#pause ??= this.#pacer.pause()?.then(() => {
      this.#pause = undefined;
    });
    await this.#pause;
  }

  /** Call it before a note or a warning. @throws ScenarioFailure unknown after too many notes */
  note(): void {
    this.#notes += 1;
    if (this.#notes > MOST_NOTES) throw new ScenarioFailure('unknown', TOO_MANY_NOTES);
  }

  /** Runs a background part. @throws ScenarioFailure unknown when too many run already */
  async part(work: () => Promise<void>): Promise<void> {
    if (this.#parts >= MOST_BACKGROUND) throw new ScenarioFailure('unknown', TOO_MANY_PARTS);
    this.#parts += 1;
    try {
      await work();
    } finally {
      this.#parts -= 1;
    }
  }
}

const TOO_MANY_TURNS: BothLanguages = {
  en: `the scenario carried out ${MOST_TURNS} steps, and no scenario may do more`,
  zh: `场景已执行 ${MOST_TURNS} 步，不允许更多`,
};
const TOO_MANY_NOTES: BothLanguages = {
  en: `the scenario said ${MOST_NOTES} notes and warnings, and no scenario may say more`,
  zh: `场景已说出 ${MOST_NOTES} 条说明和警告，不允许更多`,
};
const TOO_MANY_PARTS: BothLanguages = {
  en: `${MOST_BACKGROUND} background parts run already, and no more may run at once`,
  zh: `已有 ${MOST_BACKGROUND} 个后台部分在运行，不能再多`,
};
