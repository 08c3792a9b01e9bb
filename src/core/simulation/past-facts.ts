/**
 * Facts about a cluster's past that are needed to check its present: the leader of each term and the committed entries.
 * They are part of the search's states, so two worlds with equal servers but different pasts stay distinct.
 */
import type { Chain, ServerId, Term } from '../vocabulary/index.ts';
import type { LocalState } from './local-steps.ts';

/** The facts of one past. Equal pasts have equal numbers. */
export interface Past {
  readonly number: number;
  readonly leaders: Readonly<Record<number, ServerId>>;
  /** Chains of the committed entries, from index 1 on, each with the term in which it was committed. */
  readonly committed: readonly { readonly chain: Chain; readonly inTerm: Term }[];
}

export const beginning: Past = { number: 0, leaders: {}, committed: [] };

interface After {
  readonly past: Past;
  /** The violated property; null when all properties hold. */
  readonly broken: string | null;
}

export class PastFacts {
  private readonly pasts = new Map<string, Past>();
  private readonly matching = new Map<number, boolean>();

  /** Returns the past after the server at `at` has taken a step, and checks the properties of Figure 3. */
  after(past: Past, locals: readonly LocalState[], at: number): After {
    const changed = locals[at];
    if (changed === undefined) return { past, broken: null };
    const { state, chains } = changed;
    const { leaders, committed } = past;
    const leads = state.role.name === 'leader';
    const known = leaders[state.currentTerm];
    if (leads && known !== undefined && known !== state.id) return { past, broken: 'election-safety' };
    if (locals.some((other) => !this.match(changed, other))) return { past, broken: 'log-matching' };
    const both = Math.min(state.commitIndex, committed.length);
    if (chains.slice(0, both).some((chain, index) => chain !== committed[index]?.chain)) {
      return { past, broken: 'state-machine-safety' };
    }
    const isNewLeader = leads && known === undefined;
    const lacks = committed.some(({ chain, inTerm }, index) => inTerm < state.currentTerm && chain !== chains[index]);
    if (isNewLeader && lacks) {
      return { past, broken: 'leader-completeness' };
    }
    const isNewCommit = state.commitIndex > committed.length;
    if (isNewCommit && !isOnMajority(locals, changed)) return { past, broken: 'quorum-of-disks' };
    if (!isNewLeader && !isNewCommit) return { past, broken: null };
    return {
      past: this.numbered(
        isNewLeader ? { ...leaders, [state.currentTerm]: state.id } : leaders,
        isNewCommit ? extended(committed, changed) : committed,
      ),
      broken: null,
    };
  }

  private numbered(leaders: Past['leaders'], committed: Past['committed']): Past {
    const key = JSON.stringify([leaders, committed]);
    const known = this.pasts.get(key);
    if (known !== undefined) return known;
    const past = { number: this.pasts.size + 1, leaders, committed };
    this.pasts.set(key, past);
    return past;
  }

  /**
   * Checks Log Matching: entries with equal index and term have equal chains, so the entries before them are equal too.
   */
  private match(one: LocalState, other: LocalState): boolean {
    if (one === other) return true;
    const key = one.number * 0x400000 + other.number;
    const known = this.matching.get(key);
    if (known !== undefined) return known;
    const matches = one.terms.every(
      (term, index) => term !== other.terms[index] || one.chains[index] === other.chains[index],
    );
    this.matching.set(key, matches);
    return matches;
  }
}

function extended(committed: Past['committed'], { state, chains }: LocalState): Past['committed'] {
  const added = chains.slice(committed.length, state.commitIndex);
  return [...committed, ...added.map((chain) => ({ chain, inTerm: state.currentTerm }))];
}

function isOnMajority(locals: readonly LocalState[], { state, chains }: LocalState): boolean {
  const index = state.commitIndex - 1;
  const holding = locals.filter((local) => local.chains[index] === chains[index]).length;
  return 2 * holding > locals.length;
}
