/** The languages of all texts for people. */

/** A sentence in English and in Simplified Chinese. */
export interface BothLanguages {
  readonly en: string;
  readonly zh: string;
}
