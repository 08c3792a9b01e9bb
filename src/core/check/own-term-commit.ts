/**
 * A leader counts copies only of entries of its own term. Earlier entries are committed with them, never by themselves
 * (paper §5.4.2, Figure 8; rule L1).
 */
import { factBytes } from './bytes.ts';
import type { Ground, Property } from './property.ts';
import { type Account, proofOf } from './verdict.ts';

export const OWN_TERM_COMMIT_RULE = '§5.4.2, Figure 8';

export function ownTermCommit(account: Account, { tree }: Ground): Property {
  let open = 0;
  return {
    account,
    handlers: {
      CommitAdvanced(event) {
        if (event.reason !== 'quorum') return;
        const { source: server, term, to: index, chain } = event;
        const proof = [proofOf(event)];
        open += 1;
        const waits = tree.whenKnown(chain, index, (entry) => {
          open -= 1;
          account.examined();
          if (entry.term !== term) account.broken({ server, term, index, entryTerm: entry.term }, proof);
        });
        if (!waits) {
          open -= 1;
          account.unknown('too-many-open');
        }
      },
    },
    finish() {
      account.unknown('still-open', open);
      open = 0;
    },
    keptBytes: () => open * factBytes({ proofs: 1 }),
  };
}
