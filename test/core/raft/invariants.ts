/**
 * The promises of Raft, checked while the cluster of cluster.ts runs: facts keyed by term or index, so each check
 * costs little. Figure 3.2's five properties, and what only a simulator can see: that nothing is revealed that is
 * not on the revealer's disk.
 */

import type { RaftEvent } from '../../../src/core/raft/events.ts';
import { chainAt, entryAt, lastIndex } from '../../../src/core/raft/index.ts';
import type { Message } from '../../../src/core/raft/messages.ts';
import type { RaftLog, RaftState } from '../../../src/core/raft/state.ts';
import type { Chain, LogEntry, LogIndex, ServerId, Term } from '../../../src/core/raft/types.ts';
import type { Cluster, SimServer } from './cluster.ts';

export type Property =
  | 'Election Safety'
  | 'Leader Append-Only'
  | 'Log Matching'
  | 'Leader Completeness'
  | 'State Machine Safety'
  | 'Durability before reveal'
  | 'Term before entries'
  | 'Committed on a quorum of disks'
  | 'Monotonic'
  | 'matchIndex on disk'
  | 'Liveness'
  /** The core itself found its state impossible. */
  | 'Invariant'
  | 'Exactly once';

/** A promise was broken; the sentence has the numbers. */
export class Violation extends Error {
  readonly property: Property;
  readonly sentence: string;

  constructor(property: Property, sentence: string) {
    super(`${property}: ${sentence}`);
    this.property = property;
    this.sentence = sentence;
  }
}

function must(holds: boolean, property: Property, sentence: () => string): void {
  if (!holds) {
    throw new Violation(property, sentence());
  }
}

/** Collects facts and compares each new one with all that came before. */
export class Judge {
  /** Highest index anybody committed, and the chain of each committed index that was named. */
  readonly committed: { highest: LogIndex; readonly chains: Map<LogIndex, Chain> } = {
    highest: 0,
    chains: new Map(),
  };
  elections = 0;
  appliedEntries = 0;
  private readonly leaders = new Map<Term, { readonly id: ServerId; readonly life: number; readonly log: RaftLog }>();
  private readonly entries = new Map<string, Chain>();
  private readonly appliedChains = new Map<LogIndex, Chain>();
  private readonly lastApplied = new Map<ServerId, LogIndex>();
  private readonly cluster: Cluster;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  started(id: ServerId): void {
    this.lastApplied.set(id, 0);
  }

  /** What must hold between any two states of one life. */
  stepped(server: SimServer, before: RaftState, after: RaftState): void {
    const { id } = server.config;
    must(
      after.currentTerm >= before.currentTerm && after.commitIndex >= before.commitIndex,
      'Monotonic',
      () =>
        `${id}: term ${before.currentTerm} → ${after.currentTerm}, commit ${before.commitIndex} → ${after.commitIndex}`,
    );
    must(
      after.currentTerm > before.currentTerm || before.votedFor === null || after.votedFor === before.votedFor,
      'Election Safety',
      () => `${id} changed its vote in term ${after.currentTerm} from ${before.votedFor} to ${after.votedFor}`,
    );
    const leads = before.role.name === 'leader' && after.role.name === 'leader';
    if (leads && before.currentTerm === after.currentTerm) {
      this.mustNotForget(server, before, after);
      const kept = lastIndex(after.log) >= lastIndex(before.log);
      must(
        kept && chainAt(after.log, lastIndex(before.log)) === before.lastChain,
        'Leader Append-Only',
        () => `${id} changed its own log as leader of term ${after.currentTerm}`,
      );
    }
  }

  private mustNotForget(server: SimServer, before: RaftState, after: RaftState): void {
    for (const peer of server.config.voters) {
      const known = before.role.name === 'leader' ? (before.role.progress[peer]?.matchIndex ?? 0) : 0;
      const now = after.role.name === 'leader' ? (after.role.progress[peer]?.matchIndex ?? 0) : 0;
      must(now >= known, 'Monotonic', () => `${server.config.id}: matchIndex of ${peer} fell from ${known} to ${now}`);
    }
  }

  /** Log Matching: one (index, term) has one chain for ever, so everything before it is equal too. */
  written(server: SimServer): void {
    for (const entry of server.disk?.entries.slice(-8) ?? []) {
      const key = `${entry.index}:${entry.term}`;
      const known = this.entries.get(key) ?? entry.chain;
      this.entries.set(key, known);
      const term = server.disk?.currentTerm ?? 0;
      must(
        entry.term <= term,
        'Term before entries',
        () => `${server.config.id} has entry ${key} on disk under term ${term}`,
      );
      must(known === entry.chain, 'Log Matching', () => `two logs differ at or before ${key} (${server.config.id})`);
    }
  }

  emitted(server: SimServer, event: RaftEvent): void {
    const { id } = server.config;
    switch (event.event) {
      case 'LeaderElected':
        this.elected(server, event.term);
        break;
      case 'EntriesAppended':
        this.mustHoldOnDisk(server, event.last, event.chain, 'said EntriesAppended');
        break;
      case 'VoteGranted':
        must(
          event.preVote || this.hasVote(server, event.term, event.candidate),
          'Durability before reveal',
          () => `${id} said it voted for ${event.candidate} in term ${event.term} before writing it`,
        );
        break;
      case 'AppendRejected':
        must(event.reason !== 'malformed', 'Election Safety', () => `${id} got what no right leader sends`);
        must(event.reason !== 'L2-committed-conflict', 'State Machine Safety', () => `${id} was told to cut a commit`);
        break;
      case 'CommitAdvanced':
        this.committedTo(server, event);
        break;
      default:
    }
  }

  sent(server: SimServer, message: Message): void {
    const term = server.disk?.currentTerm ?? 0;
    must(
      this.mayReveal(server, message, term),
      'Durability before reveal',
      () => `${server.config.id} sent ${JSON.stringify(message)} with term ${term} on its disk`,
    );
  }

  /** State Machine Safety: every server applies the same entry at an index, in order, and from its own disk. */
  applied(server: SimServer, entry: LogEntry): void {
    const { id } = server.config;
    const { index, chain } = entry;
    this.appliedEntries++;
    must(
      (this.lastApplied.get(id) ?? 0) === index - 1,
      'State Machine Safety',
      () => `${id} applied ${index} out of order`,
    );
    this.lastApplied.set(id, index);
    const known = this.appliedChains.get(index) ?? chain;
    this.appliedChains.set(index, known);
    must(known === chain, 'State Machine Safety', () => `${id} applied another entry ${index} than others did`);
    this.mustHoldOnDisk(server, index, chain, 'applied');
  }

  /** What a leader believes of a follower in its own term is on that follower's disk. */
  afterRound(): void {
    for (const leader of this.cluster.leaders()) {
      const { role, currentTerm, log } = leader.state;
      for (const [peer, progress] of role.name === 'leader' ? Object.entries(role.progress) : []) {
        const { disk } = this.cluster.server(peer);
        const { matchIndex } = progress;
        if (disk !== null && disk.currentTerm === currentTerm && matchIndex > 0) {
          must(
            disk.entries[matchIndex - 1]?.chain === chainAt(log, matchIndex),
            'matchIndex on disk',
            () =>
              `${leader.config.id} believes ${peer} has entry ${matchIndex} in term ${currentTerm}; its disk differs`,
          );
        }
      }
    }
  }

  private elected(server: SimServer, term: Term): void {
    const { id } = server.config;
    const { life, state } = server;
    this.elections++;
    const other = this.leaders.get(term);
    must(
      this.hasVote(server, term, id),
      'Durability before reveal',
      () => `${id} leads term ${term} by a vote that is not on its disk`,
    );
    must(other === undefined, 'Election Safety', () => `${other?.id} and ${id} both lead term ${term}`);
    // The event follows its step within the same batch; entries that came after do not matter here.
    this.leaders.set(term, { id, life, log: state.log });
    for (const [index, chain] of this.committed.chains) {
      must(
        entryAt(state.log, index)?.chain === chain,
        'Leader Completeness',
        () => `${id} leads term ${term} without the committed entry ${index}`,
      );
    }
  }

  private committedTo(server: SimServer, event: Extract<RaftEvent, { event: 'CommitAdvanced' }>): void {
    const { to, chain, term } = event;
    const { id } = server.config;
    const known = this.committed.chains.get(to) ?? chain;
    must(known === chain, 'State Machine Safety', () => `${id} committed another entry ${to} than others did`);
    this.committed.chains.set(to, chain);
    this.committed.highest = Math.max(this.committed.highest, to);
    if (event.reason !== 'quorum') {
      return;
    }
    const holders = [...this.cluster.servers.values()].filter(({ disk }) => disk?.entries[to - 1]?.chain === chain);
    must(
      holders.length > this.cluster.servers.size / 2,
      'Committed on a quorum of disks',
      () => `${id} committed ${to} in term ${term} with it on ${holders.length} of ${this.cluster.servers.size} disks`,
    );
    for (const [later, leader] of this.leaders) {
      must(
        later <= term || entryAt(leader.log, to)?.chain === chain,
        'Leader Completeness',
        () => `${leader.id} already leads term ${later} without entry ${to}, committed in term ${term}`,
      );
    }
  }

  /** An entry that a later input of the same batch removed again need not be there. */
  private mustHoldOnDisk(server: SimServer, index: LogIndex, chain: Chain, what: string): void {
    must(
      server.disk?.entries[index - 1]?.chain === chain || entryAt(server.state.log, index)?.chain !== chain,
      'Durability before reveal',
      () => `${server.config.id} ${what} ${index} before it was on its disk`,
    );
  }

  private mayReveal(server: SimServer, message: Message, term: Term): boolean {
    switch (message.type) {
      case 'RequestVote':
        return message.preVote || this.hasVote(server, message.term, server.config.id);
      case 'RequestVoteReply':
        return (
          message.preVote ||
          (message.voteGranted ? this.hasVote(server, message.term, message.to) : term >= message.term)
        );
      case 'AppendEntries':
        return term >= message.term;
      case 'AppendEntriesReply':
        // A later term in the same batch may have cut what was acknowledged: as if it had been written and then cut.
        return (
          term > message.term ||
          (term === message.term && (!message.success || (server.disk?.entries.length ?? 0) >= message.matchIndex))
        );
    }
  }

  private hasVote(server: SimServer, term: Term, candidate: ServerId): boolean {
    const { disk } = server;
    return disk !== null && (disk.currentTerm > term || (disk.currentTerm === term && disk.votedFor === candidate));
  }
}
