/** Election Safety: at most one server is elected leader in a term (paper Figure 3, §5.2; rule E2). */
import type { TraceEvent } from '../trace/index.ts';
import { BoundedMap } from './bounded-map.ts';
import type { Property } from './property.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const ELECTION_SAFETY_RULE = 'Figure 3, §5.2';

/** Keyed by term: a server that leads a term twice, in two lives, breaks it as well. */
export function electionSafety(account: Account): Property {
  const leaders = new BoundedMap<number, { readonly server: string; readonly life: number; readonly proof: Proof }>();
  return {
    account,
    observe(event: TraceEvent) {
      if (event.event !== 'LeaderElected') return;
      account.examined();
      const { term, source, life } = event;
      const other = leaders.get(term);
      if (other === undefined) leaders.set(term, { server: source, life, proof: proofOf(event) });
      else account.broken({ term, one: other.server, other: source }, [other.proof, proofOf(event)]);
    },
  };
}
