/**
 * A leader was elected by a majority of the members, each of which voted for it in that term (paper §5.2; Figure 2,
 * rules for candidates; rule E4). The leader names its voters. Each vote is compared with what the voter, the network
 * and the disks report. A vote crosses the network before it can be counted. If the network ended in order, a vote that
 * it did not see does not count, whatever the voter reports. A network that was killed, or whose lab was killed, may
 * have carried votes that it could not report.
 */
import type { TraceEvent } from '../trace/index.ts';
import type { ServerId } from '../wire/index.ts';
import { BoundedMap } from './bounded-map.ts';
import { factBytes } from './bytes.ts';
import { joined, reading } from './handlers.ts';
import { NetworkWitness } from './network-witness.ts';
import type { Ground, Property } from './property.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';
import { VOTES, type Vote } from './vote-once.ts';

export const QUORUM_OF_VOTES_RULE = '§5.2; Figure 2, rules for candidates; rule E4';

interface Election {
  readonly leader: ServerId;
  readonly term: number;
  readonly voters: readonly ServerId[];
  readonly proof: Proof;
}

/** The candidates for which a server voted in a term; more than one only if a rule is broken. */
interface Votes {
  /** Votes from any report. */
  readonly told: readonly ServerId[];
  /** Votes in messages that the network saw. */
  readonly sent: readonly ServerId[];
}

/** Maximum number of elections kept. A forgotten election is settled by the votes that are known at that time. */
const MOST_ELECTIONS = 20_000;

export function quorumOfVotes(account: Account, { servers }: Ground): Property {
  /** Votes by server and term. */
  const votes = new BoundedMap<string, Votes>(MOST_ELECTIONS * servers.length);
  const elections = new BoundedMap<string, Election>(MOST_ELECTIONS);
  const majority = Math.floor(servers.length / 2) + 1;
  const network = new NetworkWitness();

  function hearVote(vote: Vote, event: TraceEvent): void {
    const key = `${vote.server}:${vote.term}`;
    const { told, sent } = votes.get(key) ?? NO_VOTES;
    const isSent = event.event === 'MessageSent';
    const isNews = !told.includes(vote.candidate) || (isSent && !sent.includes(vote.candidate));
    if (!isNews) return;
    votes.set(key, { told: withOne(told, vote.candidate), sent: isSent ? withOne(sent, vote.candidate) : sent });
  }

  function settle({ leader, term, voters, proof }: Election, isOver: boolean): void {
    const given = voters.map((voter) => votes.get(`${voter}:${term}`));
    const unseen = given.filter((known) => known === undefined).length;
    const isEvidenceWhole = !network.mayMiss(isOver) && !votes.hasForgotten && !account.hasUnknown;
    const mustBeSent = isEvidenceWhole && network.toldAll(isOver);
    const counted = voters.filter((voter, at) => {
      const { told, sent } = given[at] ?? NO_VOTES;
      return servers.includes(voter) && (mustBeSent && voter !== leader ? sent : told).includes(leader);
    });
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
    handlers: joined(network.handlers, reading(VOTES, hearVote), {
      LeaderElected(event) {
        const { source: leader, term, voters } = event;
        const forgotten = elections.set(`${leader}:${term}`, { leader, term, voters, proof: proofOf(event) });
        if (forgotten !== undefined) settle(forgotten, false);
      },
    }),
    *finishing() {
      for (const election of elections.values()) {
        settle(election, true);
        yield;
      }
    },
    keptBytes: () =>
      votes.size * factBytes({ names: 1 }) + elections.size * (factBytes({ proofs: 1, names: 1 }) + servers.length * 8),
  };
}

const NO_VOTES: Votes = { told: [], sent: [] };

function withOne(candidates: readonly ServerId[], one: ServerId): readonly ServerId[] {
  return candidates.includes(one) ? candidates : [...candidates, one];
}
