/**
 * The clauses of chained sentences: "S1 was killed → nobody led for 2.1 s → S4 won term 2 with …". A clause stands before an arrow
 * and says what led to the next one; the last part of the sentence is a caption. A caption that is repeated as a clause names it in the
 * column `clause` of its row; core/trace/story-chains.ts chooses the others. Their texts stand in both languages under `clause` in
 * resources/words/caption.json.
 */
import type { ParamsOf, ParamTypes } from './params.ts';

const text = 'text';
const number = 'number';
const server = text;

/** Parameters of every clause, by code. */
export const CLAUSES = {
  'was-killed': { server },
  died: { server, signal: text },
  failed: { server },
  stopped: { server },
  'was-frozen': { server },
  'went-on': { server },
  'was-cut-off': { servers: text, count: number },
  'was-split': { groups: text },
  'links-were-cut': { links: text },
  'connected-again': { servers: text },
  'is-whole': {},
  'led-no-longer': { server, term: number },
  /** Time between the end of the last leader and this election. */
  'nobody-led': { seconds: number },
  /** `terms`: terms without a leader, as one text (`2, 3`). */
  'votes-split': { terms: text },
  'heard-nobody': { server, seconds: number },
  /** The server of the clause before it stood for election. */
  stood: { term: number },
  'read-disk': { server, term: number, lastIndex: number },
  'is-committed': { what: text, index: number, count: number, servers: number },
} as const satisfies Readonly<Record<string, ParamTypes>>;

/** Code of a clause. */
export type ClauseCode = keyof typeof CLAUSES;
/** Code and parameters of one clause. */
export type ClauseContent = {
  [One in ClauseCode]: { readonly code: One; readonly params: ParamsOf<(typeof CLAUSES)[One]> };
}[ClauseCode];
