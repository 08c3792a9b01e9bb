/** A problem in a scenario file, with its place. */

/** A position in a file, counted from 1, as editors do. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A problem for which a scenario cannot be played. It is found before anything starts. */
export class ScenarioProblem extends Error {
  override readonly name = 'ScenarioProblem';
  readonly place: Place;
  /** The message without the place. */
  readonly sentence: string;

  constructor(place: Place, sentence: string) {
    super(`line ${place.line}, column ${place.column}: ${sentence}`);
    this.place = place;
    this.sentence = sentence;
  }
}

/**
 * A value that a step cannot use, found while the scenario plays or is read. The message is a sentence without a place.
 */
export class ScenarioMistake extends Error {
  override readonly name = 'ScenarioMistake';
}
