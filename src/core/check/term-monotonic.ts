/**
 * A server's term never falls, also across its lives (paper Figure 2: currentTerm "increases monotonically" and is
 * persistent; rule E1). A reported term is on the server's disk, so the server cannot restart with a lower one.
 */
import type { TraceEvent } from '../trace/index.ts';
import { factBytes } from './bytes.ts';
import { type Handlers, reading } from './handlers.ts';
import type { Property } from './property.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const TERM_MONOTONIC_RULE = 'Figure 2, persistent state';

const termOf = ({ term }: { readonly term: number }): number => term;

/** Readers of the term that an event's server is in. */
const TERMS: Handlers<number | null> = {
  StateRestored: termOf,
  TermAdvanced: termOf,
  ElectionStarted: termOf,
  // A granted pre-vote names the requested term, which no server has entered yet (P1).
  VoteGranted: ({ preVote, term }) => (preVote ? null : term),
  LeaderElected: termOf,
  EntriesAppended: termOf,
  CommitAdvanced: termOf,
  EntriesProposed: termOf,
  LeaderRecognised: termOf,
  SteppedDown: termOf,
};

export function termMonotonic(account: Account): Property {
  const terms = new Map<string, { readonly term: number; readonly proof: Proof }>();
  return {
    account,
    handlers: reading(TERMS, (term, event: TraceEvent) => {
      account.examined();
      const known = terms.get(event.source);
      if (known === undefined || term > known.term) terms.set(event.source, { term, proof: proofOf(event) });
      else if (term < known.term) {
        account.broken({ server: event.source, term, before: known.term }, [known.proof, proofOf(event)]);
      }
    }),
    keptBytes: () => terms.size * factBytes({ proofs: 1 }),
  };
}
