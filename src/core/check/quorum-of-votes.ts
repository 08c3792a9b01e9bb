/**
 * A leader was elected by a majority of the members, each of which voted for it in that term (paper §5.2; Figure 2, rules for
 * candidates; rule E4). The leader names its voters; each is held against what voter, network and disks say. A vote crosses
 * the network before it can be counted, so a vote that nobody saw was never given, if the network ended in order: one that
 * was killed, or whose lab was, may have carried what it could not tell any more.
 */
import type { TraceEvent } from '../trace/index.ts';
import type { ServerId } from '../wire/index.ts';
import { BoundedMap } from './bounded-map.ts';
import { factBytes } from './bytes.ts';
import { NetworkWitness } from './network-witness.ts';
import type { Ground, Property } from './property.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';
import { voteIn } from './vote-once.ts';

export const QUORUM_OF_VOTES_RULE = '§5.2; Figure 2, rules for candidates; rule E4';

interface Election {
  readonly leader: ServerId;
  readonly term: number;
  readonly voters: readonly ServerId[];
  readonly proof: Proof;
}

/** Elections and votes kept; an election that has to go is settled by what is known of it then. */
const MOST_ELECTIONS = 20_000;

export function quorumOfVotes(account: Account, { servers }: Ground): Property {
  /** Whom a server voted for in a term: one, unless something is broken. */
  const votes = new BoundedMap<string, readonly ServerId[]>(MOST_ELECTIONS * servers.length);
  const elections = new BoundedMap<string, Election>(MOST_ELECTIONS);
  const majority = Math.floor(servers.length / 2) + 1;
  const network = new NetworkWitness();

  function hearVote(event: TraceEvent): void {
    const vote = voteIn(event);
    if (vote === null) return;
    const key = `${vote.server}:${vote.term}`;
    const known = votes.get(key) ?? [];
    if (!known.includes(vote.candidate)) votes.set(key, [...known, vote.candidate]);
  }

  function settle({ leader, term, voters, proof }: Election, isOver: boolean): void {
    const given = voters.map((voter) => votes.get(`${voter}:${term}`));
    const counted = voters.filter((voter, at) => servers.includes(voter) && given[at]?.includes(leader) === true);
    const unseen = given.filter((candidates) => candidates === undefined).length;
    const isEvidenceWhole = !network.mayMiss(isOver) && !votes.hasForgotten && !account.hasUnknown;
    const isWrong = counted.length < voters.length || counted.length < majority;
    if (isWrong && unseen > 0 && counted.length + unseen >= majority && !isEvidenceWhole) {
      account.unknown('lost-events');
      return;
    }
    account.examined();
    if (!isWrong) return;
    account.broken({ server: leader, term, votes: counted.length, needed: majority }, [proof]);
  }

  return {
    account,
    observe(event: TraceEvent) {
      network.observe(event);
      hearVote(event);
      if (event.event !== 'LeaderElected') return;
      const { source: leader, term, voters } = event;
      const forgotten = elections.set(`${leader}:${term}`, { leader, term, voters, proof: proofOf(event) });
      if (forgotten !== undefined) settle(forgotten, false);
    },
    finish() {
      for (const election of elections.values()) settle(election, true);
    },
    keptBytes: () =>
      votes.size * factBytes({ names: 1 }) + elections.size * (factBytes({ proofs: 1, names: 1 }) + servers.length * 8),
  };
}
