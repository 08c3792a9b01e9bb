/**
 * Nothing leaves a server that is not on its disk: a term it speaks in, a vote it gave, entries it acknowledged (paper
 * Figure 2: "updated on stable storage before responding to RPCs"; §3.8; rule E1). Every message it sent and every claim it
 * made in a life is held against every witness of that life's end: the lab's looks at the files, and what the next life
 * restores. Broken when a file's term is below the claim's, or equal with the vote or the entry missing; a higher term supersedes the claim.
 */
import type { EventName, TraceEvent } from '../trace/index.ts';
import { BoundedMap } from './bounded-map.ts';
import { factBytes } from './bytes.ts';
import type { Property } from './property.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const DURABLE_BEFORE_REVEAL_RULE = 'Figure 2, §3.8; rule E1';

/** Messages, looks at the files, and what servers say of their own disks. */
export const DURABLE_BEFORE_REVEAL_HEARS: readonly EventName[] = [
  ...(['MessageSent', 'DiskObserved', 'StateRestored', 'TermAdvanced', 'LeaderRecognised'] as const),
  ...(['ElectionStarted', 'VoteGranted', 'EntriesAppended', 'LeaderElected'] as const),
];

/** The highest term somebody spoke in, with the vote and the last entry it claimed to have in it. */
interface Claim {
  readonly term: number;
  readonly vote: string | null;
  readonly lastIndex: number;
  readonly proof: Proof;
}

interface File {
  readonly term: number;
  readonly vote: string | null;
  readonly lastIndex: number;
  readonly proof: Proof;
}

interface LifeStory {
  /** What it revealed, and what it had said of itself by then. */
  claim: Claim | null;
  said: Claim | null;
  claims: number;
  /** Every witness of what the files held at this life's end: the lab's look at them, and the next life's own word. */
  files: readonly File[];
  isBroken: boolean;
}

const MOST_LIVES = 10_000;
/** Witnesses kept of one life; each is held against every claim that was heard before it. */
const MOST_WITNESSES = 8;
/** No vote, in a sentence of any language. */
const NONE = '–';

export function durableBeforeReveal(account: Account): Property {
  const stories = new BoundedMap<string, LifeStory>(MOST_LIVES);

  function storyOf(server: string, life: number): LifeStory {
    const key = `${server}.${life}`;
    const known = stories.get(key);
    if (known !== undefined) return known;
    const story: LifeStory = { claim: null, said: null, claims: 0, files: [], isBroken: false };
    const forgotten = stories.set(key, story);
    if (forgotten !== undefined) settle(account, forgotten);
    return story;
  }

  function judge(server: string, story: LifeStory): void {
    const { claim, files } = story;
    if (claim === null || story.isBroken) return;
    const file = files.find((one) => !isKept(claim, one));
    if (file === undefined) return;
    story.isBroken = true;
    account.broken(paramsOf(server, claim, file), [claim.proof, file.proof]);
  }

  function witness(server: string, life: number, file: File): void {
    if (life < 1) return;
    const story = storyOf(server, life);
    story.files = [...story.files, file].slice(-MOST_WITNESSES);
    judge(server, story);
  }

  return {
    account,
    observe(event: TraceEvent) {
      if (event.event === 'DiskObserved') {
        const { server, ofLife, ok, term, votedFor: vote, lastIndex } = event;
        if (ok) witness(server, ofLife, { term, vote, lastIndex, proof: proofOf(event) });
        return;
      }
      if (event.event === 'StateRestored') {
        const { source, life, term, votedFor: vote, lastIndex } = event;
        witness(source, life - 1, { term, vote, lastIndex, proof: proofOf(event) });
        storyOf(source, life).said = { term, vote, lastIndex, proof: proofOf(event) };
        return;
      }
      const revealed = revealedBy(event);
      if (revealed !== null) {
        const { server, life, claim } = revealed;
        const story = storyOf(server, life);
        story.claims += 1;
        story.claim = higher(story.claim, claim);
        return judge(server, story);
      }
      const said = saidBy(event);
      if (said === null) return;
      const story = storyOf(event.source, event.life);
      // A new term keeps the log: what is on the disk stays there.
      const kept = story.said === null ? said : { ...said, lastIndex: Math.max(said.lastIndex, story.said.lastIndex) };
      story.said = higher(story.said, kept);
    },
    finish() {
      for (const story of stories.values()) settle(account, story);
    },
    keptBytes: () => stories.size * factBytes({ proofs: 4, names: 1, records: 5 }),
  };
}

/** Counts what a life revealed: no further witness of its end is heard. */
function settle(account: Account, { claim, said, claims, files }: LifeStory): void {
  if (claim === null) return;
  // Of a server that lives on, its own word is all there is: it is sent after the write and before the message.
  const isSettled = files.length > 0 || (said !== null && isKept(claim, said));
  if (!isSettled) account.unknown('still-open', claims);
  else for (let at = 0; at < claims; at += 1) account.examined();
}

function paramsOf(server: string, claim: Claim, file: File) {
  return {
    ...{ server, term: claim.term, vote: claim.vote ?? NONE, index: claim.lastIndex },
    ...{ fileTerm: file.term, fileVote: file.vote ?? NONE, fileIndex: file.lastIndex },
  };
}

function isKept(claim: Claim, file: Omit<File, 'proof'>): boolean {
  if (file.term !== claim.term) return file.term > claim.term;
  return (claim.vote === null || claim.vote === file.vote) && claim.lastIndex <= file.lastIndex;
}

/** Of two claims the one in the higher term; in one term both together. */
function higher(one: Claim | null, other: Claim): Claim {
  if (one === null || other.term > one.term) return other;
  if (other.term < one.term) return one;
  const proof = other.lastIndex > one.lastIndex || (one.vote === null && other.vote !== null) ? other.proof : one.proof;
  return {
    term: one.term,
    vote: one.vote ?? other.vote,
    lastIndex: Math.max(one.lastIndex, other.lastIndex),
    proof,
  };
}

/** What a message shows of its sender's disk. A PreVote's term is only asked for. */
function revealedBy(
  event: TraceEvent,
): { readonly server: string; readonly life: number; readonly claim: Claim } | null {
  if (event.event !== 'MessageSent' || event.term === null) return null;
  if (event.rpc !== 'RequestVote' && event.rpc !== 'AppendEntries') return null;
  const [server = '', to = ''] = event.link.split('>');
  const life = Number(event.id.split('.').at(-2));
  const { term, kind, rpc } = event;
  const isVote = rpc === 'RequestVote' && (kind === 'request' || event.voteGranted === true);
  const vote = isVote ? (kind === 'request' ? server : to) : null;
  const isAck = rpc === 'AppendEntries' && kind === 'reply' && event.success === true;
  const lastIndex = isAck ? (event.matchIndex ?? 0) : 0;
  return { server, life, claim: { term, vote, lastIndex, proof: proofOf(event) } };
}

/** What a server says is on its disk. */
function saidBy(event: TraceEvent): Claim | null {
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
