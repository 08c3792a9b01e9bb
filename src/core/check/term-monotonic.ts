/**
 * A server's term never falls, also across its lives (paper Figure 2: currentTerm "increases monotonically" and is
 * persistent; rule E1). A reported term is on the server's disk, so the server cannot restart with a lower one.
 */
import type { EventName, TraceEvent } from '../trace/index.ts';
import { factBytes } from './bytes.ts';
import type { Property } from './property.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const TERM_MONOTONIC_RULE = 'Figure 2, persistent state';

/** Events that report their server's term. */
export const TELLS_TERM: readonly EventName[] = [
  ...(['StateRestored', 'TermAdvanced', 'ElectionStarted', 'VoteGranted', 'LeaderElected'] as const),
  ...(['EntriesAppended', 'CommitAdvanced', 'EntriesProposed', 'LeaderRecognised', 'SteppedDown'] as const),
];

export function termMonotonic(account: Account): Property {
  const terms = new Map<string, { readonly term: number; readonly proof: Proof }>();
  return {
    account,
    observe(event: TraceEvent) {
      // A granted pre-vote names the requested term, which no server has entered yet (P1).
      if (event.event === 'VoteGranted' && event.preVote) return;
      const { term } = event as unknown as { readonly term: number };
      account.examined();
      const known = terms.get(event.source);
      if (known === undefined || term > known.term) terms.set(event.source, { term, proof: proofOf(event) });
      else if (term < known.term) {
        account.broken({ server: event.source, term, before: known.term }, [known.proof, proofOf(event)]);
      }
    },
    keptBytes: () => terms.size * factBytes({ proofs: 1 }),
  };
}
