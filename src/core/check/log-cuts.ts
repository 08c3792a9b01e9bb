/**
 * Reasons why the log of one server may be shorter than it was. A leader of a later term may overwrite entries that are
 * not committed (paper §5.3, rule L2). A cut is certain when the server reported it (`EntriesTruncated`). A cut is
 * possible when an AppendEntries request with entries was sent to the server, because it may have been killed before
 * its report.
 */
import { RECORD_BYTES } from './bytes.ts';

/**
 * Entries from index `from` on were or may have been removed in this term, by this life of the server or a later one.
 */
export interface Cut {
  readonly life: number;
  readonly term: number;
  readonly from: number;
}

/** Maximum number of cuts kept for one server. Only the lowest cut of each life and term is needed. */
const MOST_CUTS = 512;

export class LogCuts {
  #cuts: Cut[] = [];
  #forgottenUpTo = 0;

  get size(): number {
    return this.#cuts.length;
  }

  add(cut: Cut): void {
    const at = this.#cuts.findLastIndex(({ life, term }) => life === cut.life && term === cut.term);
    const known = this.#cuts[at];
    if (known !== undefined) {
      if (cut.from < known.from) this.#cuts[at] = cut;
      return;
    }
    this.#cuts.push(cut);
    if (this.#cuts.length <= MOST_CUTS) return;
    const forgotten = this.#cuts.splice(0, MOST_CUTS / 2);
    this.#forgottenUpTo = forgotten.reduce((highest, { term }) => Math.max(highest, term), this.#forgottenUpTo);
  }

  /** Returns the last index that this file must hold of a log that reached `index` in term `above`. */
  leaves(index: number, above: number, file: { readonly life: number; readonly term: number }): number {
    return this.#cuts
      .filter(({ life, term }) => term > above && term <= file.term && life <= file.life)
      .reduce((left, { from }) => Math.min(left, from - 1), index);
  }

  /** Whether a cut in a term above this one was forgotten. */
  hasForgottenAbove(term: number): boolean {
    return this.#forgottenUpTo > term;
  }

  keptBytes(): number {
    return this.#cuts.length * RECORD_BYTES;
  }
}
