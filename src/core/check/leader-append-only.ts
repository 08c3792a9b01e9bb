/**
 * Leader Append-Only: a leader never overwrites or deletes entries of its log, it only appends (paper Figure 3, §5.3).
 * Judged from the leader's own events: while it leads a term, its proposals follow each other without a gap, and it
 * truncates nothing.
 */
import { factBytes } from './bytes.ts';
import type { Property } from './property.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const LEADER_APPEND_ONLY_RULE = 'Figure 3, §5.3';

interface Leading {
  readonly term: number;
  readonly life: number;
  readonly last: number;
  readonly proof: Proof;
}

export function leaderAppendOnly(account: Account): Property {
  const leading = new Map<string, Leading>();
  return {
    account,
    gap: (source) => void leading.delete(source),
    handlers: {
      LeaderElected(event) {
        const { source, term, life, lastIndex } = event;
        leading.set(source, { term, life, last: lastIndex, proof: proofOf(event) });
      },
      SteppedDown: ({ source }) => void leading.delete(source),
      StateRestored: ({ source }) => void leading.delete(source),
      EntriesProposed(event) {
        const { source, first, last, term } = event;
        const now = leading.get(source);
        if (now === undefined) return;
        account.examined();
        if (term !== now.term || first !== now.last + 1) {
          account.broken({ server: source, term, index: first }, [now.proof, proofOf(event)]);
        }
        leading.set(source, { ...now, last, proof: proofOf(event) });
      },
      EntriesTruncated(event) {
        const { source, term, from } = event;
        const now = leading.get(source);
        if (now === undefined || term !== now.term) return;
        account.examined();
        account.broken({ server: source, term, index: from }, [now.proof, proofOf(event)]);
      },
    },
    keptBytes: () => leading.size * factBytes({ proofs: 1 }),
  };
}
