/** A problem in a scenario file, with its place. */

/** 1-based, as editors count. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A file that cannot be played; nothing has been started. */
export class ScenarioProblem extends Error {
  override readonly name = 'ScenarioProblem';
  readonly place: Place;
  /** The same without the place. */
  readonly sentence: string;

  constructor(place: Place, sentence: string) {
    super(`line ${place.line}, column ${place.column}: ${sentence}`);
    this.place = place;
    this.sentence = sentence;
  }
}

/** A value that a step cannot work with, found while it was worked out. The message is a sentence without a place. */
export class ScenarioMistake extends Error {
  override readonly name = 'ScenarioMistake';
}
