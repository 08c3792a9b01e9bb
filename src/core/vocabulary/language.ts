/** The languages of everything a person reads. */

/** A sentence in English and in Simplified Chinese. */
export interface BothLanguages {
  readonly en: string;
  readonly zh: string;
}
