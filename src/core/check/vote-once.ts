/**
 * A server votes for at most one candidate in a term, also across restarts (paper Figure 2, votedFor; §5.2; rule E2).
 * Witnesses are its reports, its messages and its files.
 */
import { endsOf } from '../vocabulary/index.ts';
import { BoundedMap } from './bounded-map.ts';
import { factBytes } from './bytes.ts';
import { type Handlers, reading } from './handlers.ts';
import type { Property } from './property.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const VOTE_ONCE_RULE = 'Figure 2, votedFor; §5.2';

export interface Vote {
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
    handlers: reading(VOTES, (vote, event) => {
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
    }),
    keptBytes: () => votes.size * factBytes({ proofs: 1, names: 1 }),
  };
}

/** Readers of the vote that an event shows; null when it shows none. */
export const VOTES: Handlers<Vote | null> = {
  VoteGranted: ({ preVote, source: server, term, candidate }) => (preVote ? null : { server, term, candidate }),
  ElectionStarted: ({ source, term }) => ({ server: source, term, candidate: source }),
  StateRestored: ({ source, term, votedFor }) => voteFor(source, term, votedFor),
  DiskObserved: ({ server, term, votedFor, ok }) => (ok ? voteFor(server, term, votedFor) : null),
  MessageSent({ rpc, kind, term, link, voteGranted }) {
    if (rpc !== 'RequestVote' || term === null) return null;
    const { from: server, to: candidate } = endsOf(link);
    if (kind === 'request') return { server, term, candidate: server };
    return voteGranted === true ? { server, term, candidate } : null;
  },
};

function voteFor(server: string, term: number, candidate: string | null): Vote | null {
  return candidate === null ? null : { server, term, candidate };
}
