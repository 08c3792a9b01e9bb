/**
 * Log Matching: if two logs hold an entry with the same index and term, they are identical up to it (paper Figure 3,
 * §5.3). The chain covers a log up to an entry, so it is one comparison: an (index, term) has one chain for ever,
 * whoever names it: the leader that proposed it, a follower that appended it, a server that came back from its disk.
 */
import type { TraceEvent } from '../trace/index.ts';
import { BoundedMap } from './bounded-map.ts';
import { factBytes } from './bytes.ts';
import type { Property } from './property.ts';
import { Unsettled } from './unsettled.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const LOG_MATCHING_RULE = 'Figure 3, §5.3';

interface Named {
  readonly index: number;
  readonly chain: string;
  readonly source: string;
  readonly proof: Proof;
}

export function logMatching(account: Account): Property {
  const chains = new BoundedMap<string, Named>();
  const unsettled = new Unsettled(account);
  /** Highest index of which a fact was forgotten. */
  let horizon = -1;

  function fact(
    event: TraceEvent,
    at: { readonly index: number; readonly term: number; readonly chain: string },
  ): void {
    const { index, term, chain } = at;
    const { source } = event;
    const key = `${index}:${term}`;
    const known = chains.get(key);
    if (known === undefined) {
      if (index > horizon) account.examined();
      else unsettled.add(source, index);
      const forgotten = chains.set(key, { index, chain, source, proof: proofOf(event) });
      if (forgotten !== undefined) horizon = Math.max(horizon, forgotten.index);
      return;
    }
    account.examined();
    if (known.chain === chain) unsettled.agrees(source, index);
    else account.broken({ one: known.source, other: source, index, term }, [known.proof, proofOf(event)]);
  }

  return {
    account,
    observe(event: TraceEvent) {
      if (event.event === 'EntriesProposed') {
        fact(event, { index: event.last, term: event.term, chain: event.chain });
      } else if (event.event === 'EntriesAppended' || event.event === 'StateRestored') {
        const run = event.runs.at(-1);
        const index = event.event === 'StateRestored' ? event.lastIndex : event.last;
        if (run !== undefined) fact(event, { index, term: run.term, chain: event.chain });
      } else if (event.event === 'EntriesTruncated') unsettled.giveUp(event.source);
    },
    finish: () => unsettled.finish(),
    keptBytes: () => chains.size * factBytes({ proofs: 1, names: 2 }) + unsettled.keptBytes(),
  };
}
