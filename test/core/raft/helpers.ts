/** Helpers that build states and messages for the tests of the rules. A log is written as the terms of its entries. */

import type { RaftConfig } from '../../../src/core/raft/config.ts';
import type { RaftEvent } from '../../../src/core/raft/events.ts';
import {
  chainOf,
  defaultConfig,
  GENESIS_CHAIN,
  logOf,
  PROTOCOL,
  persistedInput,
  restore,
  step,
} from '../../../src/core/raft/index.ts';
import type { Input } from '../../../src/core/raft/input.ts';
import type { AppendEntries, AppendEntriesReply, Message, RequestVote } from '../../../src/core/raft/messages.ts';
import type { Ready } from '../../../src/core/raft/ready.ts';
import type { Progress, RaftState } from '../../../src/core/raft/state.ts';
import type { LogEntry, LogIndex, ServerId, Term, WireEntry } from '../../../src/core/vocabulary/index.ts';

export const SERVERS = ['S1', 'S2', 'S3', 'S4', 'S5'] as const;
export const { paper: PAPER, production: PRODUCTION } = PROTOCOL;

/** Returns the configuration of S1 in a cluster of `size`, with T = 10 and a heartbeat every 3 ticks. */
export function configOf(size: number, changes: Partial<RaftConfig> = {}): RaftConfig {
  return defaultConfig({ id: 'S1', voters: SERVERS.slice(0, size), electionTicks: 10, heartbeatTicks: 3, ...changes });
}

/**
 * Returns entries 1, 2, … with the given terms. The command of each is its index, so entries with equal index and term
 * are equal.
 */
export function entriesOf(terms: readonly Term[]): LogEntry[] {
  let chain = GENESIS_CHAIN;
  return terms.map((term, position) => {
    const entry = wireEntry(position + 1, term);
    chain = chainOf(chain, entry);
    return { ...entry, chain };
  });
}

/** Returns one entry as a message carries it. */
export function wireEntry(index: LogIndex, term: Term): WireEntry {
  return { type: 'command', session: null, sequence: null, command: index, index, term };
}

/** Returns a follower of `term` whose whole log is on disk. */
export function followerOf(
  config: RaftConfig,
  has: {
    readonly term: Term;
    readonly log?: readonly Term[];
    readonly votedFor?: ServerId | null;
    readonly leaderId?: ServerId;
    readonly commitIndex?: LogIndex;
  },
): RaftState {
  const restored = { currentTerm: has.term, votedFor: has.votedFor ?? null, entries: entriesOf(has.log ?? []) };
  const { state } = restore(config, restored, 7);
  return {
    ...state,
    role: { name: 'follower', leaderId: has.leaderId ?? null },
    commitIndex: has.commitIndex ?? 0,
    lastApplied: has.commitIndex ?? 0,
  };
}

/** Returns a leader of `term` whose whole log is on disk; the `before` first entries are from earlier terms. */
export function leaderOfTerm(
  config: RaftConfig,
  has: {
    readonly term: Term;
    readonly log?: readonly Term[];
    readonly commitIndex?: LogIndex;
    readonly progress?: Readonly<Record<ServerId, Partial<Extract<Progress, { state: 'replicate' }>>>>;
  },
): RaftState {
  const log = has.log ?? [];
  const follower = followerOf(config, { ...has, votedFor: config.id });
  const lastIndexBeforeTerm = log.filter((term) => term < has.term).length;
  const progress: Record<ServerId, Progress> = {};
  for (const peer of config.voters.filter((voter) => voter !== config.id)) {
    const matchIndex = has.progress?.[peer]?.matchIndex ?? 0;
    progress[peer] = {
      state: 'replicate',
      matchIndex,
      nextIndex: log.length + 1,
      inFlight: [],
      recentlyActive: true,
      commitSent: has.commitIndex ?? 0,
      ...has.progress?.[peer],
    };
  }
  return {
    ...follower,
    electionTimeout: config.electionTicks,
    role: { name: 'leader', progress, heartbeatElapsed: 0, lastIndexBeforeTerm, quorumIndex: has.commitIndex ?? 0 },
  };
}

/** Returns the state with only the log up to `durableIndex` on disk. */
export function durableUpTo(state: RaftState, durableIndex: LogIndex): RaftState {
  const term = entriesOfState(state)[durableIndex - 1]?.term ?? 0;
  return { ...state, durable: { ...state.durable, index: durableIndex, term } };
}

function entriesOfState(state: RaftState): LogEntry[] {
  return [...state.log.segments.flat(), ...state.log.tail];
}

/** Returns the terms of a state's log. */
export function termsOf(state: RaftState): Term[] {
  return entriesOfState(state).map((entry) => entry.term);
}

export const TICK: Input = { type: 'tick' };

export function receive(message: Message): Input {
  return { type: 'message', message };
}

/** Returns AppendEntries from S2 to S1, with entries of the given terms after prevLogIndex. */
export function appendEntries(
  has: Partial<AppendEntries> & { readonly term: Term; readonly terms?: readonly Term[] },
): AppendEntries {
  const { terms = [], ...given } = has;
  const prevLogIndex = given.prevLogIndex ?? 0;
  return {
    type: 'AppendEntries',
    from: 'S2',
    to: 'S1',
    prevLogIndex,
    prevLogTerm: 0,
    entries: terms.map((term, position) => wireEntry(prevLogIndex + 1 + position, term)),
    leaderCommit: 0,
    ...given,
  };
}

export function requestVote(has: Partial<RequestVote> & { readonly term: Term }): RequestVote {
  return { type: 'RequestVote', from: 'S2', to: 'S1', preVote: false, lastLogIndex: 0, lastLogTerm: 0, ...has };
}

export function accepted(from: ServerId, term: Term, matchIndex: LogIndex): AppendEntriesReply {
  return { type: 'AppendEntriesReply', from, to: 'S1', term, success: true, matchIndex };
}

export function rejected(
  from: ServerId,
  term: Term,
  hint: { readonly prevLogIndex: LogIndex; readonly conflictIndex: LogIndex; readonly conflictTerm: Term },
): AppendEntriesReply {
  return { type: 'AppendEntriesReply', from, to: 'S1', term, success: false, ...hint };
}

export function run(config: RaftConfig, state: RaftState, input: Input): { state: RaftState; ready: Ready } {
  return step(config, state, input);
}

/** Steps ticks and confirms each write at once, until `until` holds or `limit` ticks have passed. */
export function tickUntil(
  config: RaftConfig,
  from: RaftState,
  until: (state: RaftState) => boolean,
  limit = 100,
): { state: RaftState; readys: Ready[] } {
  let state = from;
  const readys: Ready[] = [];
  for (let count = 0; count < limit && !until(state); count++) {
    const ticked = step(config, state, TICK);
    state = ticked.state;
    readys.push(ticked.ready);
    if (ticked.ready.persist !== null) {
      const answered = step(config, state, persistedInput(state));
      state = answered.state;
      readys.push(answered.ready);
    }
  }
  return { state, readys };
}

/** Returns a candidate whose election has begun but whose vote is not on disk yet. */
export function candidateOf(config: RaftConfig, state: RaftState): RaftState {
  let next = state;
  for (let count = 0; count < 100 && next.role.name !== 'candidate'; count++) {
    next = step(config, next, TICK).state;
  }
  return next;
}

/** Returns the events of one kind in a Ready. */
export function eventsOf<Name extends RaftEvent['event']>(
  ready: Ready,
  name: Name,
): Extract<RaftEvent, { event: Name }>[] {
  return ready.events.filter((event): event is Extract<RaftEvent, { event: Name }> => event.event === name);
}

/** Returns all messages of a Ready. */
export function messagesOf(ready: Ready): Message[] {
  return [...ready.send, ...ready.sendAfterPersist];
}

/** Returns a proposal of plain commands without sessions. */
export function proposeCommands(...commands: readonly number[]): Input {
  return {
    type: 'propose',
    proposals: commands.map((command) => ({
      requestId: `r${command}`,
      content: { type: 'command', session: null, sequence: null, command },
    })),
  };
}

export type { Message };
export { logOf };
