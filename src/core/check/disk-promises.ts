/**
 * Facts that one server revealed in each of its lives, held against every witness of what its files held at the end of that life
 * and of each later one. Lives are numbers, so it does not matter which source is heard first. A loss that nothing can
 * excuse is broken at once. A log that is too short in a later term may have been cut lawfully, and the source that shows
 * it may be heard late: that is decided when a life is let go or the run is over.
 */
import type { TraceEvent } from '../trace/index.ts';
import { factBytes } from './bytes.ts';
import { LogCuts } from './log-cuts.ts';
import type { Pieces } from './pieces.ts';
import { addsTo, addsToAcks, type Claim, higher, type Said, withAck } from './revealed.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

/** A witness of what the files held at the end of a life. */
export interface File {
  readonly life: number;
  readonly term: number;
  readonly vote: string | null;
  readonly lastIndex: number;
  readonly proof: Proof;
}

interface Life {
  readonly life: number;
  /** Facts that the server revealed in its highest term, and its reports about itself until then. */
  claim: Claim | null;
  said: Said | null;
  /** Number of messages that revealed something. */
  claims: number;
  /** The acknowledgements that say the most (`withAck`). */
  acks: readonly Claim[];
  files: readonly File[];
  /** Whether judging has ended: a loss was found, or cannot be distinguished from a lawful truncation. */
  isOver: boolean;
}

/** Newest lives of a server that are followed one by one. What older ones revealed is kept as that of one life. */
const MOST_LIVES = 64;
/** Witnesses kept of one life; each is held against every claim that was heard before it. */
const MOST_WITNESSES = 8;
/** Acknowledgements of one life in different terms, each lower than the one before. */
const MOST_ACKS = 64;
/** No vote, in a sentence of any language. */
const NONE = '–';

export class DiskPromises {
  readonly cuts = new LogCuts();
  readonly #server: string;
  readonly #account: Account;
  readonly #isEvidenceWhole: () => boolean;
  /** In the order of their numbers. */
  #lives: Life[] = [];
  /** Facts revealed by lives that were let go; its number is that of the newest. */
  #before: Life = newLife(0);

  /** @param isEvidenceWhole  false: what cut a log may have been lost, so a log that is too short proves nothing */
  constructor(server: string, account: Account, isEvidenceWhole: () => boolean) {
    this.#server = server;
    this.#account = account;
    this.#isEvidenceWhole = isEvidenceWhole;
  }

  /** @param event  the message that reveals it */
  reveal(number: number, said: Said, event: TraceEvent): void {
    const life = this.#lifeOf(number) ?? this.#before;
    // Nothing more can be heard of a life that was let go.
    if (life === this.#before) this.#account.examined();
    else life.claims += 1;
    // Most messages repeat what was revealed before.
    if (!addsTo(life.claim, said) && !addsToAcks(life.acks, said)) return;
    const { term, lastIndex } = said;
    const claim = { term, vote: said.vote ?? voteIn(life.claim, term), lastIndex, proof: proofOf(event) };
    life.claim = higher(life.claim, claim);
    life.acks = this.#bounded(withAck(life.acks, claim));
    for (const file of this.#filesFrom(life.life)) this.#hold(life, file);
  }

  /** A new term keeps the log: what is on the disk stays there. */
  say(number: number, said: Said): void {
    const life = this.#lifeOf(number);
    if (life === null) return;
    const { term } = said;
    const lastIndex = Math.max(said.lastIndex, life.said?.lastIndex ?? 0);
    life.said = higher(life.said, { term, vote: said.vote ?? voteIn(life.said, term), lastIndex });
  }

  witness(file: File): void {
    const own = this.#lifeOf(file.life);
    if (own === null) {
      this.#account.unknown('forgotten');
      return;
    }
    own.files = [...own.files, file].slice(-MOST_WITNESSES);
    for (const life of this.#livesUpTo(file.life)) {
      if (!this.#hold(life, file)) continue;
      this.#closeUpTo(life);
      return;
    }
  }

  /** The run is over: nothing more is heard. */
  *finishing(): Pieces<void> {
    for (const file of this.#lives.flatMap(({ files }) => files)) {
      this.#decide(file);
      yield;
    }
    let hasWitness = false;
    for (const life of this.#lives.toReversed()) {
      hasWitness ||= life.files.length > 0;
      this.#count(life, hasWitness);
    }
  }

  keptBytes(): number {
    const facts = this.#lives.reduce((sum, { files, acks }) => sum + 3 + files.length + acks.length, 3);
    return facts * factBytes({ proofs: 1, names: 1 }) + this.cuts.keptBytes();
  }

  /** null: a life that was let go. */
  #lifeOf(number: number): Life | null {
    const newest = this.#lives.at(-1);
    if (newest?.life === number) return newest;
    const known = this.#lives.find(({ life }) => life === number);
    if (known !== undefined) return known;
    if (number <= this.#before.life) return null;
    const next = newLife(number);
    const at = this.#lives.findLastIndex(({ life }) => life < number) + 1;
    this.#lives.splice(at, 0, next);
    if (this.#lives.length > MOST_LIVES) this.#letGo();
    return number <= this.#before.life ? null : next;
  }

  #letGo(): void {
    const [oldest] = this.#lives;
    if (oldest === undefined) return;
    for (const file of oldest.files) this.#decide(file);
    this.#count(
      oldest,
      this.#lives.some(({ files }) => files.length > 0),
    );
    this.#lives.shift();
    const before = newLife(oldest.life);
    for (const { isOver, claim, acks } of [this.#before, oldest]) {
      if (isOver || claim === null) continue;
      before.claim = higher(before.claim, claim);
      before.acks = this.#bounded(acks.reduce(withAck, before.acks));
    }
    this.#before = before;
  }

  /** Breaks the property for a loss that nothing excuses. @returns whether it did */
  #hold(life: Life, file: File): boolean {
    const { claim, isOver } = life;
    if (isOver || claim === null || isKept(claim, file)) return false;
    this.#lost(life, claim, file);
    return true;
  }

  /** Entries that were acknowledged in a lower term than that of the files, and that no cut explains. */
  #decide(file: File): void {
    for (const life of this.#livesUpTo(file.life)) {
      const ack = life.isOver ? undefined : life.acks.find((one) => this.#isMissing(one, file));
      if (ack === undefined) continue;
      if (!this.#isEvidenceWhole()) this.#account.unknown('lost-events');
      else if (this.cuts.hasForgottenAbove(ack.term)) this.#account.unknown('forgotten');
      else this.#lost(life, { ...ack, vote: null }, file);
      this.#closeUpTo(life);
      return;
    }
  }

  #isMissing({ term, lastIndex }: Claim, file: File): boolean {
    return lastIndex > file.lastIndex && this.cuts.leaves(lastIndex, term, file) > file.lastIndex;
  }

  #lost(life: Life, claim: Claim, file: File): void {
    life.isOver = true;
    const params = {
      ...{ server: this.#server, term: claim.term, vote: claim.vote ?? NONE, index: claim.lastIndex },
      ...{ fileTerm: file.term, fileVote: file.vote ?? NONE, fileIndex: file.lastIndex },
    };
    this.#account.broken(params, [claim.proof, file.proof]);
  }

  /** The same loss also loses facts that earlier lives revealed: it is reported once. */
  #closeUpTo(newest: Life): void {
    for (const life of this.#livesUpTo(newest.life)) life.isOver = true;
  }

  /** The newest first. */
  *#livesUpTo(number: number): Generator<Life> {
    for (let at = this.#lives.length - 1; at >= 0; at -= 1) {
      const life = this.#lives[at] as Life;
      if (life.life <= number) yield life;
    }
    yield this.#before;
  }

  /** File observations at the end of this life and of later ones; empty for the life that is running. */
  #filesFrom(number: number): readonly File[] {
    if (this.#lives.at(-1)?.life === number && this.#lives.at(-1)?.files.length === 0) return [];
    return this.#lives.flatMap(({ life, files }) => (life >= number ? files : []));
  }

  /** Counts what a life revealed: no further witness of it is heard. */
  #count({ claim, said, claims }: Life, hasWitness: boolean): void {
    if (claim === null) return;
    // Of a server that lives on, its own word is all there is: it is sent after the write and before the message.
    const isSettled = hasWitness || (said !== null && isKept(claim, said));
    if (!isSettled) this.#account.unknown('still-open', claims);
    else for (let at = 0; at < claims; at += 1) this.#account.examined();
  }

  #bounded(acks: readonly Claim[]): readonly Claim[] {
    if (acks.length <= MOST_ACKS) return acks;
    this.#account.unknown('forgotten');
    return acks.slice(1);
  }
}

/** The vote that is known in this term. */
function voteIn(known: Said | null, term: number): string | null {
  return known?.term === term ? known.vote : null;
}

function newLife(life: number): Life {
  return { life, claim: null, said: null, claims: 0, acks: [], files: [], isOver: false };
}

/** A higher term supersedes the vote. Whether it excuses a shorter log is not decided here. */
function isKept(claim: Claim, held: Pick<File, 'term' | 'vote' | 'lastIndex'>): boolean {
  if (held.term !== claim.term) return held.term > claim.term;
  return (claim.vote === null || claim.vote === held.vote) && claim.lastIndex <= held.lastIndex;
}
