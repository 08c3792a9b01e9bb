/**
 * Reasons why the log of one server may be shorter than it was: a leader of a later term may overwrite entries that are not
 * committed (paper §5.3, rule L2). A cut is either reported by the server (`EntriesTruncated`), or possible: an
 * AppendEntries request with entries was sent to it, and the server may have been killed before it could report.
 */
import { RECORD_BYTES } from './bytes.ts';

/** Entries from index `from` on were or may have been removed, in this term, by this life of the server or a later one. */
export interface Cut {
  readonly life: number;
  readonly term: number;
  readonly from: number;
}

/** Cuts kept for one server. Of each life and term only the lowest is needed. */
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

  /** The last entry that must be left of a log that reached `index` in term `above`, in the files of this life and term. */
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
