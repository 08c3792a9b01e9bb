/**
 * The colour of a term: seven colours of Paul Tol's "light" scheme, made for labelled cells with dark text, the same in both
 * themes. Their order keeps two terms in a row far apart for every kind of colour vision. Terms further apart may look alike, so
 * the number is printed wherever the colour is.
 */
import type { Term } from '../contract.ts';

/** Colours of terms 1 to 7; term 8 begins again. */
export const TERM_COLOURS = ['#99DDFF', '#EE8866', '#77AADD', '#BBCC33', '#FFAABB', '#EEDD88', '#44BB99'] as const;

/** Fill for a cell or badge of this term; its text is `#111`. Term 0, in which no server leads, has the colour of term 7. */
export function termColour(term: Term): string {
  const { length } = TERM_COLOURS;
  return TERM_COLOURS[(term + length - 1) % length] ?? TERM_COLOURS[0];
}
