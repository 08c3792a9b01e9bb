/**
 * Checks durability before reveal from inside a server: a message must not claim anything that the server's disk does
 * not hold at that moment (paper Figure 2, §3.8; rule E1). In a real run only a crash reveals such a fault; the
 * simulation checks every message.
 */
import { chainAt, entryAt } from '../raft/index.ts';
import type { Message } from '../raft/messages.ts';
import type { RaftState, RestoredState } from '../raft/state.ts';
import type { LogEntry } from '../vocabulary/index.ts';
import { Broken } from './broken.ts';

/** A server in the form that these checks need: its memory and the contents of its files. */
export interface RevealingServer {
  readonly id: string;
  readonly state: RaftState;
  readonly disk: RestoredState | null;
}

/**
 * Checks that the server's disk covers everything that a message claims.
 *
 * @throws Broken durable-before-reveal
 */
export function mayReveal(server: RevealingServer, message: Message): void {
  if (isCovered(server, message)) return;
  const { disk } = server;
  const had = `term ${disk?.currentTerm ?? 0}, vote ${disk?.votedFor ?? 'none'}, ${disk?.entries.length ?? 0} entries`;
  const { type, term, to } = message;
  throw new Broken(
    'durable-before-reveal',
    `${server.id} sent ${type} of term ${term} to ${to} with ${had} on its disk`,
  );
}

function isCovered({ disk, id }: RevealingServer, message: Message): boolean {
  const term = disk?.currentTerm ?? 0;
  const hasVote = (candidate: string): boolean =>
    term > message.term || (term === message.term && disk?.votedFor === candidate);
  switch (message.type) {
    case 'RequestVote':
      return message.preVote || hasVote(id);
    case 'RequestVoteReply':
      return message.preVote || (message.voteGranted ? hasVote(message.to) : term >= message.term);
    case 'AppendEntries':
      return term >= message.term;
    case 'AppendEntriesReply': {
      // A later term in the same batch may have truncated the acknowledged entries, as if they had been written first.
      if (term !== message.term) return term > message.term;
      return !message.success || (disk?.entries.length ?? 0) >= message.matchIndex;
    }
  }
}

/**
 * Checks that an applied entry is on the server's own disk.
 *
 * @throws Broken applied-in-order
 */
export function mustBeOnDisk({ id, disk }: RevealingServer, { index, chain }: LogEntry): void {
  if (disk?.entries[index - 1]?.chain === chain) return;
  throw new Broken('applied-in-order', `${id} applied entry ${index}, which is not on its disk`);
}

/**
 * Checks that a new leader's own vote is on its disk.
 *
 * @throws Broken durable-before-reveal
 */
export function mustHaveOwnVote({ id, disk, state }: RevealingServer): void {
  const term = disk?.currentTerm ?? 0;
  if (term > state.currentTerm || (term === state.currentTerm && disk?.votedFor === id)) return;
  throw new Broken('durable-before-reveal', `${id} leads term ${state.currentTerm} by a vote that is not on its disk`);
}

/**
 * Checks that a leader's matchIndex of each follower does not fall.
 *
 * @throws Broken match-index-monotonic
 */
export function matchMustNotFall(before: RaftState, after: RaftState): void {
  if (before.role.name !== 'leader' || after.role.name !== 'leader' || before.currentTerm !== after.currentTerm) return;
  const { progress } = after.role;
  for (const [peer, { matchIndex }] of Object.entries(before.role.progress)) {
    const now = progress[peer]?.matchIndex ?? 0;
    if (now >= matchIndex) continue;
    throw new Broken('match-index-monotonic', `${after.id}: matchIndex of ${peer} fell from ${matchIndex} to ${now}`);
  }
}

/**
 * Checks that entries up to a leader's matchIndex are on that follower's disk.
 *
 * @throws Broken match-index-on-disk
 */
export function beliefsMustHold(leader: RevealingServer, others: ReadonlyMap<string, RevealingServer>): void {
  const { role, currentTerm, log } = leader.state;
  if (role.name !== 'leader') return;
  for (const [peer, { matchIndex }] of Object.entries(role.progress)) {
    const disk = others.get(peer)?.disk ?? null;
    if (disk === null || disk.currentTerm !== currentTerm || matchIndex === 0) continue;
    if (disk.entries[matchIndex - 1]?.chain === chainAt(log, matchIndex)) continue;
    const has = entryAt(log, matchIndex);
    const what = `${leader.id} believes that ${peer} has entry ${matchIndex} of term ${has?.term} in term ${currentTerm}`;
    throw new Broken('match-index-on-disk', `${what}; its disk differs`);
  }
}
