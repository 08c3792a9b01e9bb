/**
 * State Machine Safety: no two servers apply different entries at an index (paper Figure 3, §5.4.3), nor believe different
 * entries committed there. An index has one chain for ever.
 */
import type { TraceEvent } from '../trace/index.ts';
import { BoundedMap } from './bounded-map.ts';
import type { Property } from './property.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const STATE_MACHINE_SAFETY_RULE = 'Figure 3, §5.4.3';

export function stateMachineSafety(account: Account): Property {
  const chains = new BoundedMap<number, { readonly chain: string; readonly source: string; readonly proof: Proof }>();
  return {
    account,
    observe(event: TraceEvent) {
      if (event.event !== 'EntriesApplied' && event.event !== 'CommitAdvanced') return;
      const index = event.event === 'EntriesApplied' ? event.last : event.to;
      account.examined();
      const known = chains.get(index);
      if (known === undefined) {
        chains.set(index, { chain: event.chain, source: event.source, proof: proofOf(event) });
      } else if (known.chain !== event.chain) {
        account.broken({ one: known.source, other: event.source, index }, [known.proof, proofOf(event)]);
      }
    },
  };
}
