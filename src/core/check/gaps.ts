/**
 * Events that were lost: each source numbers what it says in each life (`nseq`), so a number left out is an event that
 * nobody heard. The network's own order is that of what it saw, not that of when it was sent, by which a recording is
 * sorted: what it lost can only be counted at the end.
 */
import type { TraceEvent } from '../trace/index.ts';
import { MAP_ENTRY_BYTES, RECORD_BYTES } from './bytes.ts';

/** The events heard of one life of a source. */
interface Life {
  readonly life: number;
  highest: number;
  count: number;
}

/** Lives of one source that may still say something: the last events of one can come after the first of the next. */
const MOST_LIVES = 4;

export class Gaps {
  /** The newest lives of each source, oldest first. */
  readonly #heard = new Map<string, Life[]>();
  readonly #fromTheFirst: boolean;
  /** Lost in lives of the network that are not followed any more. */
  #lostBefore = 0;

  /** @param fromTheFirst  true: the first event of each life has number 1. False: a listener who came later missed nothing. */
  constructor(fromTheFirst: boolean) {
    this.#fromTheFirst = fromTheFirst;
  }

  /** Hears an event. @returns whether one of its source was lost before it; of the network's never */
  hear({ source, life, nseq }: TraceEvent): boolean {
    const known = this.#lifeOf(source, life, nseq);
    if (known === null) return false;
    const isGap = source !== 'network' && nseq > known.highest + 1;
    known.count += 1;
    if (nseq > known.highest) known.highest = nseq;
    return isGap;
  }

  /** Events of the network that were lost so far. */
  lostOnTheWire(): number {
    return (this.#heard.get('network') ?? []).reduce((sum, life) => sum + lostIn(life), this.#lostBefore);
  }

  keptBytes(): number {
    return this.#heard.size * (MAP_ENTRY_BYTES + MOST_LIVES * RECORD_BYTES);
  }

  /** null: a life too old to be followed. */
  #lifeOf(source: string, life: number, nseq: number): Life | null {
    const lives = this.#heard.get(source);
    const newest = lives?.at(-1);
    if (newest?.life === life) return newest;
    const known = lives?.find((one) => one.life === life);
    if (known !== undefined) return known;
    const next = { life, highest: this.#fromTheFirst ? 0 : nseq, count: 0 };
    if (lives === undefined) {
      this.#heard.set(source, [next]);
      return next;
    }
    if (lives.length >= MOST_LIVES) {
      if (life < (lives[0]?.life ?? 0)) return null;
      const oldest = lives.shift();
      if (source === 'network' && oldest !== undefined) this.#lostBefore += lostIn(oldest);
    }
    lives.push(next);
    lives.sort((a, b) => a.life - b.life);
    return next;
  }
}

function lostIn({ highest, count }: Life): number {
  return highest - count;
}
