/**
 * Compares what one server revealed in each of its lives with every witness of what its files held at the end of that
 * life and of each later one. Lives are numbered, so sources may be read in any order. A loss that nothing can excuse
 * breaks the property at once. A log that is too short in a later term may have been truncated lawfully, and the source
 * that shows the truncation may be read late. Such a log is judged when its life is dropped, or at the end of the run.
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
  /**
   * Facts that the server revealed in messages (`claim`) and reported in events (`said`), for the highest term of each.
   */
  claim: Claim | null;
  said: Said | null;
  /** Number of messages that revealed something. */
  claims: number;
  /** The acknowledgements that promise the most (`withAck`). */
  acks: readonly Claim[];
  files: readonly File[];
  /** Whether judging has ended: a loss was found, or cannot be distinguished from a lawful truncation. */
  isOver: boolean;
}

/** Maximum number of a server's newest lives that are kept separately. Older ones are merged into one (`#before`). */
const MOST_LIVES = 64;
/** Maximum number of witnesses kept for one life. Each is compared with every claim that was observed before it. */
const MOST_WITNESSES = 8;
/** Maximum number of acknowledgements kept for one life, each of a different term. */
const MOST_ACKS = 64;
/** Stands for "no vote" in a sentence of any language. */
const NONE = '–';

export class DiskPromises {
  readonly cuts = new LogCuts();
  readonly #server: string;
  readonly #account: Account;
  readonly #isEvidenceWhole: () => boolean;
  /** Lives in ascending order of their numbers. */
  #lives: Life[] = [];
  /** Facts that the dropped lives revealed, as one life with the number of the newest of them. */
  #before: Life = newLife(0);

  /** @param isEvidenceWhole  false: a truncation may have been lost, so a log that is too short proves nothing */
  constructor(server: string, account: Account, isEvidenceWhole: () => boolean) {
    this.#server = server;
    this.#account = account;
    this.#isEvidenceWhole = isEvidenceWhole;
  }

  /** @param event  the message that reveals `said` */
  reveal(number: number, said: Said, event: TraceEvent): void {
    const life = this.#lifeOf(number) ?? this.#before;
    // `#count` has already run for a dropped life, so its late messages are counted here.
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

  /** Adds what the server reports about itself. A new term keeps the log, so the last index only grows. */
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

  /** Judges what is left at the end of the run. */
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

  /** Returns null for a dropped life. */
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

  /** Judges entries that were acknowledged in a term below that of the files and that no truncation explains. */
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

  /** Ends judging of this life and earlier ones: their facts are lost by the same loss, which is reported once. */
  #closeUpTo(newest: Life): void {
    for (const life of this.#livesUpTo(newest.life)) life.isOver = true;
  }

  /** Lives up to this number, newest first. */
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

  /** Counts the messages of a life once no further witness of it can be observed. */
  #count({ claim, said, claims }: Life, hasWitness: boolean): void {
    if (claim === null) return;
    // The files of a running server have no witness yet, so its own report counts: it is sent after the write and
    // before the message.
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

/** Returns the vote that is known in this term. */
function voteIn(known: Said | null, term: number): string | null {
  return known?.term === term ? known.vote : null;
}

function newLife(life: number): Life {
  return { life, claim: null, said: null, claims: 0, acks: [], files: [], isOver: false };
}

/** Whether the files keep the claim. Files of a higher term count as keeping it; `#decide` judges their logs. */
function isKept(claim: Claim, held: Pick<File, 'term' | 'vote' | 'lastIndex'>): boolean {
  if (held.term !== claim.term) return held.term > claim.term;
  return (claim.vote === null || claim.vote === held.vote) && claim.lastIndex <= held.lastIndex;
}
