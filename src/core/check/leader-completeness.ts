/**
 * Leader Completeness: an entry committed in a term is in the log of the leaders of all higher terms (paper Figure 3,
 * §5.4). A leader's log is identified by the chain with which it was elected. A commit of an earlier term must be an
 * ancestor of that chain's entry.
 *
 * Only the highest commit of each term is kept. It is *covered* when it is an ancestor of the commit of the next
 * committed term: a log that holds that one also holds this one. In a working cluster every commit is covered, so a
 * leader is compared with one commit, the newest of a lower term. Commits that are not covered are few and are kept
 * apart.
 */
import { ByTerm } from './by-term.ts';
import { factBytes } from './bytes.ts';
import type { EntryNode } from './entry-node.ts';
import { ancestorAt, type EntryTree } from './entry-tree.ts';
import type { Handlers } from './handlers.ts';
import type { Ground, Property } from './property.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const LEADER_COMPLETENESS_RULE = 'Figure 3, §5.4';

interface Elected {
  readonly server: string;
  readonly term: number;
  readonly log: EntryNode;
  readonly proof: Proof;
  /** Each leader is counted once, because the order of events decides how many commits it is compared with. */
  state: 'new' | 'examined' | 'broken';
}

interface Committed {
  readonly term: number;
  readonly entry: EntryNode;
  readonly proof: Proof;
}

/** Maximum number of leaders, and of committed terms, that are kept. Those of the lowest terms are forgotten. */
const MOST = 2_000;
/** Maximum number of commits that no later commit covers. Each is compared with every later leader. */
const MOST_UNCOVERED = 64;

export function leaderCompleteness(account: Account, ground: Ground): Property {
  return new LeaderCompleteness(account, ground);
}

class LeaderCompleteness implements Property {
  readonly account: Account;
  readonly handlers: Handlers = {
    LeaderElected: (event) => {
      const { term, source: server } = event;
      const proof = proofOf(event);
      this.#whenKnown(event.chain, event.lastIndex, (log) => this.#elected({ server, term, log, proof, state: 'new' }));
    },
    CommitAdvanced: (event) => {
      if (event.reason !== 'quorum') return;
      const { term } = event;
      const proof = proofOf(event);
      this.#whenKnown(event.chain, event.to, (entry) => this.#committed({ term, entry, proof }));
    },
  };
  readonly #tree: EntryTree;
  readonly #leaders = new ByTerm<Elected>(MOST);
  readonly #commits = new ByTerm<Committed>(MOST);
  #uncovered: readonly Committed[] = [];
  /** Number of leaders and commits whose entry is not known yet. */
  #open = 0;

  constructor(account: Account, { tree }: Ground) {
    this.account = account;
    this.#tree = tree;
  }

  finish(): void {
    this.account.unknown('still-open', this.#open);
    this.#open = 0;
  }

  keptBytes(): number {
    return (this.#leaders.size + this.#commits.size + this.#uncovered.length) * factBytes({ proofs: 1 });
  }

  #whenKnown(chain: string, index: number, then: (node: EntryNode) => void): void {
    this.#open += 1;
    const waits = this.#tree.whenKnown(chain, index, (node) => {
      this.#open -= 1;
      then(node);
    });
    if (waits) return;
    this.#open -= 1;
    this.account.unknown('too-many-open');
  }

  #elected(leader: Elected): void {
    const newest = this.#commits.below(leader.term);
    if (newest !== undefined) this.#judge(leader, newest);
    else if (this.#commits.hasForgottenBelow(leader.term)) this.account.unknown('forgotten');
    for (const commit of this.#uncovered) this.#judge(leader, commit);
    this.#leaders.add(leader);
  }

  #committed(commit: Committed): void {
    const before = this.#commits.of(commit.term);
    if (before !== undefined && commit.entry.index <= before.entry.index) {
      this.#cover(commit, before);
      return;
    }
    this.#commits.set(commit);
    const next = this.#commits.above(commit.term);
    this.#cover(before ?? this.#commits.below(commit.term), commit);
    this.#cover(commit, next);
    // This commit may be observed late. Leaders up to the next committed term were not compared with it. Later leaders
    // were compared with a commit that covers it.
    const upTo = next?.term ?? Number.POSITIVE_INFINITY;
    for (const leader of this.#leaders.between(commit.term, upTo)) this.#judge(leader, commit);
  }

  /** Checks whether a log that holds `upper` also holds `lower`. If not, later leaders are compared with both. */
  #cover(lower: Committed | undefined, upper: Committed | undefined): void {
    if (lower === undefined || upper === undefined) return;
    const below = ancestorAt(upper.entry, lower.entry.index);
    if (below === null && upper.entry.index >= lower.entry.index) this.account.unknown('forgotten');
    else if (below?.chain !== lower.entry.chain) this.#leaveUncovered(lower);
  }

  #leaveUncovered(commit: Committed): void {
    for (const leader of this.#leaders.between(commit.term, Number.POSITIVE_INFINITY)) this.#judge(leader, commit);
    const { term, entry } = commit;
    const others = this.#uncovered.filter((one) => one.term !== term || one.entry.chain !== entry.chain);
    this.#uncovered = [...others, commit].slice(-MOST_UNCOVERED);
    if (others.length === MOST_UNCOVERED) this.account.unknown('too-many-open');
  }

  #judge(leader: Elected, commit: Committed): void {
    if (leader.term <= commit.term || leader.state === 'broken') return;
    const { entry } = commit;
    const own = ancestorAt(leader.log, entry.index);
    if (own === null && leader.log.index >= entry.index) {
      this.account.unknown('forgotten');
      return;
    }
    if (leader.state === 'new') this.account.examined();
    leader.state = 'examined';
    if (own?.chain === entry.chain) return;
    leader.state = 'broken';
    const params = { server: leader.server, term: leader.term, index: entry.index, commitTerm: commit.term };
    this.account.broken(params, [commit.proof, leader.proof]);
  }
}
