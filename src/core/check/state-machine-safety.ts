/**
 * State Machine Safety: no two servers apply different entries at an index (paper Figure 3, §5.4.3), nor believe different
 * entries committed there. An index has one chain for ever.
 */
import type { TraceEvent } from '../trace/index.ts';
import { BoundedMap } from './bounded-map.ts';
import { factBytes } from './bytes.ts';
import type { Property } from './property.ts';
import { Unsettled } from './unsettled.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const STATE_MACHINE_SAFETY_RULE = 'Figure 3, §5.4.3';

interface Named {
  readonly index: number;
  readonly chain: string;
  readonly source: string;
  readonly proof: Proof;
}

export function stateMachineSafety(account: Account): Property {
  const chains = new BoundedMap<number, Named>();
  const unsettled = new Unsettled(account);
  /** Highest index of which a fact was forgotten. */
  let horizon = -1;
  return {
    account,
    observe(event: TraceEvent) {
      if (event.event !== 'EntriesApplied' && event.event !== 'CommitAdvanced') return;
      const index = event.event === 'EntriesApplied' ? event.last : event.to;
      const { source, chain } = event;
      const known = chains.get(index);
      if (known === undefined) {
        if (index > horizon) account.examined();
        else unsettled.add(source, index);
        const forgotten = chains.set(index, { index, chain, source, proof: proofOf(event) });
        if (forgotten !== undefined) horizon = Math.max(horizon, forgotten.index);
        return;
      }
      account.examined();
      if (known.chain === chain) unsettled.agrees(source, index);
      else account.broken({ one: known.source, other: source, index }, [known.proof, proofOf(event)]);
    },
    finish: () => unsettled.finish(),
    keptBytes: () => chains.size * factBytes({ proofs: 1, names: 1 }) + unsettled.keptBytes(),
  };
}
