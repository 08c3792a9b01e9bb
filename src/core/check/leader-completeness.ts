/**
 * Leader Completeness: an entry committed in a term is in the log of the leaders of all higher terms (paper Figure 3,
 * §5.4). A leader's log is named by the chain it was elected with; a commit of an earlier term must lie on its way down.
 */
import type { TraceEvent } from '../trace/index.ts';
import { ancestorAt, type EntryNode } from './entry-tree.ts';
import type { Ground, Property } from './property.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const LEADER_COMPLETENESS_RULE = 'Figure 3, §5.4';

interface Elected {
  readonly server: string;
  readonly term: number;
  readonly log: EntryNode;
  readonly proof: Proof;
  /** It was compared with a commit of a lower term. Counted once: how many commits it meets depends on their order. */
  isExamined: boolean;
}

interface Committed {
  readonly term: number;
  readonly entry: EntryNode;
  readonly proof: Proof;
}

/** Leaders and commits that later facts are compared with: the newest of each; whoever is older was compared already. */
const MOST = 2_000;

export function leaderCompleteness(account: Account, { tree }: Ground): Property {
  const leaders: Elected[] = [];
  /** The highest commit of each term. */
  const commits: Committed[] = [];
  let open = 0;

  function judge(leader: Elected, commit: Committed): void {
    if (leader.term <= commit.term) return;
    const { entry } = commit;
    const own = ancestorAt(leader.log, entry.index);
    if (own === null && leader.log.index >= entry.index) {
      account.unknown();
      return;
    }
    if (!leader.isExamined) account.examined();
    leader.isExamined = true;
    if (own?.chain === entry.chain) return;
    const params = { server: leader.server, term: leader.term, index: entry.index, commitTerm: commit.term };
    account.broken(params, [commit.proof, leader.proof]);
  }

  function elected(leader: Elected): void {
    for (const commit of commits) judge(leader, commit);
    leaders.push(leader);
    if (leaders.length > MOST) leaders.shift();
  }

  function committed(commit: Committed): void {
    for (const leader of leaders) judge(leader, commit);
    // Below a commit everything is committed as well: one for each term is enough.
    const at = commits.findIndex(({ term }) => term === commit.term);
    const before = at >= 0 ? commits[at] : undefined;
    if (before !== undefined && before.entry.index >= commit.entry.index) return;
    if (at >= 0) commits[at] = commit;
    else commits.push(commit);
    if (commits.length > MOST) commits.shift();
  }

  function later(chain: string, then: (node: EntryNode) => void): void {
    open += 1;
    const waits = tree.whenKnown(chain, (node) => {
      open -= 1;
      then(node);
    });
    if (waits) return;
    open -= 1;
    account.unknown();
  }

  return {
    account,
    observe(event: TraceEvent) {
      const proof = proofOf(event);
      if (event.event === 'LeaderElected') {
        const { term, source: server } = event;
        later(event.chain, (log) => elected({ server, term, log, proof, isExamined: false }));
      } else if (event.event === 'CommitAdvanced' && event.reason === 'quorum') {
        const { term } = event;
        later(event.chain, (entry) => committed({ term, entry, proof }));
      }
    },
    finish() {
      for (; open > 0; open -= 1) account.unknown();
    },
  };
}
