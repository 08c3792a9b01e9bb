/**
 * Within a life a server's commitIndex only grows (paper Figure 2: "increases monotonically"; rules L1, L3). A server
 * never truncates entries that it knows to be committed, because that is the same as a falling commitIndex.
 */

import type { Named } from '../trace/index.ts';
import { factBytes } from './bytes.ts';
import type { Property } from './property.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const COMMIT_MONOTONIC_RULE = 'Figure 2, commitIndex';

export function commitMonotonic(account: Account): Property {
  const commits = new Map<string, { readonly to: number; readonly life: number; readonly proof: Proof }>();
  /** Servers whose earlier commits were lost. Their next commit is not compared with an earlier one. */
  const lost = new Set<string>();

  function cut(event: Named<'EntriesTruncated'>): void {
    const known = commits.get(event.source);
    if (known === undefined || known.life !== event.life || event.from > known.to) return;
    account.broken({ server: event.source, from: known.to, to: event.from - 1 }, [known.proof, proofOf(event)]);
  }

  return {
    account,
    gap: (source) => void lost.add(source),
    handlers: {
      EntriesTruncated: cut,
      CommitAdvanced(event) {
        account.examined();
        const { source, life, from, to } = event;
        const known = commits.get(source);
        const before = known !== undefined && known.life === life ? known.to : 0;
        const isLost = lost.delete(source);
        if ((!isLost && from !== before) || to <= from) {
          const proof = known === undefined ? [proofOf(event)] : [known.proof, proofOf(event)];
          account.broken({ server: source, from: before, to }, proof);
        }
        commits.set(source, { to, life, proof: proofOf(event) });
      },
    },
    keptBytes: () => commits.size * factBytes({ proofs: 1 }),
  };
}
