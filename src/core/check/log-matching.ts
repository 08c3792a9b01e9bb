/**
 * Log Matching: if two logs hold an entry with the same index and term, they are identical up to it (paper Figure 3,
 * §5.3). A chain covers the log up to an entry, so one comparison is enough: each (index, term) has one chain, whether
 * the leader that proposed it, a follower that appended it or a restarted server reports it. If only one of two servers
 * reports a chain there, the entries of the other's log are compared (longest-log.ts), within one term.
 */
import type { Named as NamedEvent, TraceEvent } from '../trace/index.ts';
import { BoundedMap } from './bounded-map.ts';
import { factBytes } from './bytes.ts';
import { LongestLog } from './longest-log.ts';
import type { Ground, Property } from './property.ts';
import { Unsettled } from './unsettled.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const LOG_MATCHING_RULE = 'Figure 3, §5.3';

interface Named {
  readonly index: number;
  readonly chain: string;
  readonly source: string;
  readonly proof: Proof;
}

export function logMatching(account: Account, { tree }: Ground): Property {
  const chains = new BoundedMap<string, Named>();
  /** The longest log of each term. Each term has a leader of its own, so in a working cluster it has one log. */
  const longest = new BoundedMap<number, LongestLog<Named>>();
  const unsettled = new Unsettled(account);
  /** Highest index for which a fact was forgotten. */
  let horizon = -1;

  function differ(one: Named, other: Named, at: { readonly index: number; readonly term: number }): void {
    account.broken({ one: one.source, other: other.source, ...at }, [one.proof, other.proof]);
  }

  function longestOf(term: number): LongestLog<Named> {
    const known = longest.get(term);
    if (known !== undefined) return known;
    const next = new LongestLog<Named>({
      ...{ tree, term },
      namedAt: (index) => chains.get(keyOf(index, term)),
      onDiffer: (one, other, index) => differ(one, other, { index, term }),
    });
    longest.set(term, next);
    return next;
  }

  function fact(
    event: TraceEvent,
    at: { readonly index: number; readonly term: number; readonly chain: string },
  ): void {
    const { index, term, chain } = at;
    const { source } = event;
    const key = keyOf(index, term);
    const known = chains.get(key);
    if (known === undefined) {
      if (index > horizon) account.examined();
      else unsettled.add(source, index);
      const named = { index, chain, source, proof: proofOf(event) };
      const forgotten = chains.set(key, named);
      if (forgotten !== undefined) horizon = Math.max(horizon, forgotten.index);
      longestOf(term).add(named);
      return;
    }
    account.examined();
    if (known.chain === chain) unsettled.agrees(source, index);
    else differ(known, { index, chain, source, proof: proofOf(event) }, { index, term });
  }

  /** Takes the end of the log that an event reports. */
  function endOf(event: NamedEvent<'EntriesAppended' | 'StateRestored'>, index: number): void {
    const run = event.runs.at(-1);
    if (run !== undefined) fact(event, { index, term: run.term, chain: event.chain });
  }

  return {
    account,
    handlers: {
      EntriesProposed: (event) => fact(event, { index: event.last, term: event.term, chain: event.chain }),
      EntriesAppended: (event) => endOf(event, event.last),
      StateRestored: (event) => endOf(event, event.lastIndex),
      EntriesTruncated: ({ source }) => unsettled.giveUp(source),
    },
    finish: () => unsettled.finish(),
    keptBytes: () =>
      chains.size * factBytes({ proofs: 1, names: 2 }) +
      longest.size * factBytes({ records: 4 }) +
      unsettled.keptBytes(),
  };
}

function keyOf(index: number, term: number): string {
  return `${index}:${term}`;
}
