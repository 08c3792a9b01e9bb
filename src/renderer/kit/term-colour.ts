/**
 * The colour of a term: Paul Tol's "light" scheme, made for labelled cells with dark text, the same in both
 * themes. Two terms in a row differ for every kind of colour vision; the number is always printed as well.
 */
import type { Term } from '../contract.ts';

const TERM_COLOURS = ['#77AADD', '#99DDFF', '#44BB99', '#BBCC33', '#AAAA00', '#EEDD88', '#EE8866', '#FFAABB'] as const;

/** Fill for a cell or badge of this term; its text is `#111`. */
export function termColour(term: Term): string {
  return TERM_COLOURS[term % TERM_COLOURS.length] ?? TERM_COLOURS[0];
}
