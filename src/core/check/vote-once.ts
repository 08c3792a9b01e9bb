/**
 * A server votes for at most one candidate in a term, also across restarts (paper Figure 2, votedFor; §5.2; rule E2).
 * Witnesses are its reports, its messages and its files.
 */
import type { EventName, TraceEvent } from '../trace/index.ts';
import { endsOf } from '../vocabulary/index.ts';
import { BoundedMap } from './bounded-map.ts';
import { factBytes } from './bytes.ts';
import type { Property } from './property.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const VOTE_ONCE_RULE = 'Figure 2, votedFor; §5.2';

interface Vote {
  readonly server: string;
  readonly term: number;
  readonly candidate: string;
}

type Known = Vote & { readonly proof: Proof };

export function voteOnce(account: Account): Property {
  const votes = new BoundedMap<string, Known>();
  /** Highest term of each server for which a vote was forgotten. */
  const horizons = new Map<string, number>();
  return {
    account,
    observe(event: TraceEvent) {
      const vote = voteIn(event);
      if (vote === null) return;
      const { server, term, candidate } = vote;
      const key = `${server}:${term}`;
      const known = votes.get(key);
      if (known === undefined && term <= (horizons.get(server) ?? -1)) return account.unknown('forgotten');
      account.examined();
      if (known === undefined) {
        const forgotten = votes.set(key, { ...vote, proof: proofOf(event) });
        if (forgotten === undefined) return;
        horizons.set(forgotten.server, Math.max(forgotten.term, horizons.get(forgotten.server) ?? -1));
      } else if (known.candidate !== candidate) {
        account.broken({ server, term, one: known.candidate, other: candidate }, [known.proof, proofOf(event)]);
      }
    },
    keptBytes: () => votes.size * factBytes({ proofs: 1, names: 1 }),
  };
}

/** Events that may show a vote. */
export const TELLS_VOTE: readonly EventName[] = [
  ...(['VoteGranted', 'ElectionStarted', 'StateRestored', 'DiskObserved', 'MessageSent'] as const),
];

/** Returns the vote that this event shows; null when it shows none. */
export function voteIn(event: TraceEvent): Vote | null {
  switch (event.event) {
    case 'VoteGranted':
      return event.preVote ? null : { server: event.source, term: event.term, candidate: event.candidate };
    case 'ElectionStarted':
      return { server: event.source, term: event.term, candidate: event.source };
    case 'StateRestored': {
      const { source: server, term, votedFor: candidate } = event;
      return candidate === null ? null : { server, term, candidate };
    }
    case 'DiskObserved': {
      const { server, term, votedFor: candidate, ok } = event;
      return candidate === null || !ok ? null : { server, term, candidate };
    }
    case 'MessageSent': {
      if (event.rpc !== 'RequestVote' || event.term === null) return null;
      const { from: server, to: candidate } = endsOf(event.link);
      if (event.kind === 'request') return { server, term: event.term, candidate: server };
      return event.voteGranted === true ? { server, term: event.term, candidate } : null;
    }
    default:
      return null;
  }
}
