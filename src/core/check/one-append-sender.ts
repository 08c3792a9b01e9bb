/**
 * Only one server sends AppendEntries requests in a term, which follows from Election Safety (§5.2). The network
 * observes the requests, so it is a witness even when the sender is killed before it can report its election.
 */
import { endsOf } from '../vocabulary/index.ts';
import { BoundedMap } from './bounded-map.ts';
import { factBytes } from './bytes.ts';
import type { Property } from './property.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const ONE_APPEND_SENDER_RULE = '§5.2';

export function oneAppendSender(account: Account): Property {
  const senders = new BoundedMap<number, { readonly server: string; readonly term: number; readonly proof: Proof }>();
  /** Highest term that was forgotten. */
  let horizon = -1;
  return {
    account,
    handlers: {
      MessageSent(event) {
        if (event.rpc !== 'AppendEntries' || event.kind !== 'request') return;
        const { term } = event;
        if (term === null) return;
        const { from: server } = endsOf(event.link);
        const other = senders.get(term);
        if (other === undefined && term <= horizon) return account.unknown('forgotten');
        account.examined();
        if (other === undefined) {
          horizon = Math.max(horizon, senders.set(term, { server, term, proof: proofOf(event) })?.term ?? -1);
        } else if (other.server !== server) {
          account.broken({ term, one: other.server, other: server }, [other.proof, proofOf(event)]);
        }
      },
    },
    keptBytes: () => senders.size * factBytes({ proofs: 1, names: 1 }),
  };
}
