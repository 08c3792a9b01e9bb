/**
 * Claims about a server's own disk: the term it speaks in, the vote it gave, the last entry it acknowledged. A claim is
 * either in a message that left the server (`revealedBy`) or in an event it reported (`saidBy`).
 */
import type { TraceEvent } from '../trace/index.ts';
import { type Proof, proofOf } from './verdict.ts';

/** The highest term a server spoke in, with the vote and the last entry it claimed to have in it. */
export interface Claim {
  readonly term: number;
  readonly vote: string | null;
  readonly lastIndex: number;
  readonly proof: Proof;
}

/** Of two claims the one in the higher term; in one term both together. */
export function higher(one: Claim | null, other: Claim): Claim {
  if (one === null || other.term > one.term) return other;
  if (other.term < one.term) return one;
  const isMore = other.lastIndex > one.lastIndex || (one.vote === null && other.vote !== null);
  if (!isMore) return one;
  const lastIndex = Math.max(one.lastIndex, other.lastIndex);
  return { term: one.term, vote: one.vote ?? other.vote, lastIndex, proof: other.proof };
}

/**
 * Adds an acknowledgement to those that say the most: a higher index in the same or a later term replaces.
 *
 * @returns terms ascending, indexes descending; the same array when the acknowledgement adds nothing
 */
export function withAck(acks: readonly Claim[], ack: Claim): readonly Claim[] {
  if (ack.lastIndex === 0) return acks;
  if (acks.some(({ term, lastIndex }) => term >= ack.term && lastIndex >= ack.lastIndex)) return acks;
  const others = acks.filter(({ term, lastIndex }) => term > ack.term || lastIndex > ack.lastIndex);
  return [...others, ack].sort((a, b) => a.term - b.term);
}

/** What a message shows of its sender's disk. A PreVote's term is only asked for. */
export function revealedBy(
  event: Extract<TraceEvent, { readonly event: 'MessageSent' }>,
): { readonly server: string; readonly life: number; readonly claim: Claim } | null {
  if (event.term === null) return null;
  if (event.rpc !== 'RequestVote' && event.rpc !== 'AppendEntries') return null;
  const [server = '', to = ''] = event.link.split('>');
  const { term, kind, rpc } = event;
  const isVote = rpc === 'RequestVote' && (kind === 'request' || event.voteGranted === true);
  const vote = isVote ? (kind === 'request' ? server : to) : null;
  const isAck = rpc === 'AppendEntries' && kind === 'reply' && event.success === true;
  const lastIndex = isAck ? (event.matchIndex ?? 0) : 0;
  return { server, life: senderLife(event.id), claim: { term, vote, lastIndex, proof: proofOf(event) } };
}

/** Which life of its sender a message comes from; 0 when its id does not say. */
export function senderLife(id: string): number {
  const life = Number(id.split('.').at(-2));
  return Number.isSafeInteger(life) ? life : 0;
}

/** What a server says is on its disk. */
export function saidBy(event: TraceEvent): Claim | null {
  const said = termSaidBy(event);
  return said === null ? null : { ...said, proof: proofOf(event) };
}

function termSaidBy(event: TraceEvent): Omit<Claim, 'proof'> | null {
  switch (event.event) {
    case 'TermAdvanced':
    case 'LeaderRecognised':
      return { term: event.term, vote: null, lastIndex: 0 };
    case 'ElectionStarted':
      return { term: event.term, vote: event.source, lastIndex: event.lastLogIndex };
    case 'VoteGranted':
      return event.preVote ? null : { term: event.term, vote: event.candidate, lastIndex: 0 };
    case 'EntriesAppended':
      return { term: event.term, vote: null, lastIndex: event.last };
    case 'LeaderElected':
      return { term: event.term, vote: event.source, lastIndex: event.lastIndex };
    default:
      return null;
  }
}
