/**
 * Claims of a server about its own disk: the term that it is in, the vote that it gave, the last entry that it
 * acknowledged. A claim is either in a message that left the server (`revealedBy`) or in an event that it reported
 * (`SAID`).
 */
import type { Named } from '../trace/index.ts';
import type { LinkEnds } from '../vocabulary/index.ts';
import type { Handlers } from './handlers.ts';
import type { Proof } from './verdict.ts';

/** The highest term in a server's claims, with the vote and the last entry that it claimed in that term. */
export interface Said {
  readonly term: number;
  readonly vote: string | null;
  readonly lastIndex: number;
}

/** A claim with the event that proves it. */
export interface Claim extends Said {
  readonly proof: Proof;
}

/** Whether the other claim adds something: a higher term, or in the same term a vote or a higher index. */
export function addsTo(one: Said | null, other: Said): boolean {
  if (one === null || other.term !== one.term) return one === null || other.term > one.term;
  return other.lastIndex > one.lastIndex || (one.vote === null && other.vote !== null);
}

/** Returns the claim of the higher term, or both claims combined when they have the same term. */
export function higher<Kind extends Said>(one: Kind | null, other: Kind): Kind {
  if (one === null || other.term > one.term) return other;
  if (!addsTo(one, other)) return one;
  const hasAll = other.lastIndex >= one.lastIndex && (one.vote === null || one.vote === other.vote);
  if (hasAll) return other;
  return { ...other, vote: one.vote ?? other.vote, lastIndex: Math.max(one.lastIndex, other.lastIndex) };
}

/** Whether an acknowledgement promises more than the known ones. */
export function addsToAcks(acks: readonly Said[], ack: Said): boolean {
  if (ack.lastIndex === 0) return false;
  return !acks.some(({ term, lastIndex }) => term >= ack.term && lastIndex >= ack.lastIndex);
}

/**
 * Adds an acknowledgement to those that promise the most. It replaces those of the same or an earlier term whose index
 * is not higher.
 *
 * @returns terms ascending, indexes descending; the same array when the acknowledgement adds nothing
 */
export function withAck(acks: readonly Claim[], ack: Claim): readonly Claim[] {
  if (!addsToAcks(acks, ack)) return acks;
  const others = acks.filter(({ term, lastIndex }) => term > ack.term || lastIndex > ack.lastIndex);
  return others.length === 0 ? [ack] : [...others, ack].sort((a, b) => a.term - b.term);
}

/**
 * Returns what a message reveals about its sender's disk. A PreVote reveals nothing, because its term is only proposed.
 */
export function revealedBy(event: Named<'MessageSent'>, { from, to }: LinkEnds): Said | null {
  const { term, kind, rpc } = event;
  if (term === null || (rpc !== 'RequestVote' && rpc !== 'AppendEntries')) return null;
  const isVote = rpc === 'RequestVote' && (kind === 'request' || event.voteGranted === true);
  const vote = isVote ? (kind === 'request' ? from : to) : null;
  const isAck = rpc === 'AppendEntries' && kind === 'reply' && event.success === true;
  const lastIndex = isAck ? (event.matchIndex ?? 0) : 0;
  return { term, vote, lastIndex };
}

/** Returns the life of a message's sender; 0 when the message's id does not contain it. */
export function senderLife(id: string): number {
  const end = id.lastIndexOf('.');
  const life = Number(id.slice(id.lastIndexOf('.', end - 1) + 1, Math.max(end, 0)));
  return Number.isSafeInteger(life) ? life : 0;
}

const termAlone = ({ term }: { readonly term: number }): Said => ({ term, vote: null, lastIndex: 0 });

/** Readers of the state that a server reports as durable. */
export const SAID: Handlers<Said | null> = {
  TermAdvanced: termAlone,
  LeaderRecognised: termAlone,
  ElectionStarted: ({ term, source: vote, lastLogIndex: lastIndex }) => ({ term, vote, lastIndex }),
  VoteGranted: ({ preVote, term, candidate: vote }) => (preVote ? null : { term, vote, lastIndex: 0 }),
  EntriesAppended: ({ term, last: lastIndex }) => ({ term, vote: null, lastIndex }),
  LeaderElected: ({ term, source: vote, lastIndex }) => ({ term, vote, lastIndex }),
};
