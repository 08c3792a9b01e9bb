/**
 * The clauses of chained sentences: "S4 heard nobody for 1.6 s → stood for term 1 → won with …". A clause stands before an arrow
 * and says what led to the next one; the last part of the sentence is a caption. core/trace/story-chains.ts chooses the clauses. Their
 * texts stand in both languages under `clause` in resources/words/caption.json.
 */
import type { ParamsOf, ParamTypes } from './params.ts';

const text = 'text';
const number = 'number';
const server = text;

/** Parameters of every clause, by code. */
export const CLAUSES = {
  'heard-nobody': { server, seconds: number },
  /** The server of the clause before it stood for election. */
  stood: { term: number },
} as const satisfies Readonly<Record<string, ParamTypes>>;

/** Code of a clause. */
export type ClauseCode = keyof typeof CLAUSES;
/** Code and parameters of one clause. */
export type ClauseContent = {
  [One in ClauseCode]: { readonly code: One; readonly params: ParamsOf<(typeof CLAUSES)[One]> };
}[ClauseCode];
