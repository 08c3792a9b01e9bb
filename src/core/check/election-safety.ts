/** Election Safety: at most one server is elected leader in a term (paper Figure 3, §5.2; rule E2). */
import { BoundedMap } from './bounded-map.ts';
import { factBytes } from './bytes.ts';
import type { Property } from './property.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const ELECTION_SAFETY_RULE = 'Figure 3, §5.2';

/** Leaders are keyed by term, so a server that is elected twice in one term, in two lives, also breaks the property. */
export function electionSafety(account: Account): Property {
  const leaders = new BoundedMap<number, { readonly server: string; readonly term: number; readonly proof: Proof }>();
  /** Highest term that was forgotten. */
  let horizon = -1;
  return {
    account,
    handlers: {
      LeaderElected(event) {
        const { term, source } = event;
        const other = leaders.get(term);
        if (other === undefined && term <= horizon) return account.unknown('forgotten');
        account.examined();
        if (other !== undefined) {
          return account.broken({ term, one: other.server, other: source }, [other.proof, proofOf(event)]);
        }
        horizon = Math.max(horizon, leaders.set(term, { server: source, term, proof: proofOf(event) })?.term ?? -1);
      },
    },
    keptBytes: () => leaders.size * factBytes({ proofs: 1 }),
  };
}
