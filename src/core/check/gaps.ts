/**
 * Finds lost events. Each source numbers its events in each life (`nseq`), so a missing number is a lost event. The
 * network numbers its events when it sees messages, but a recording is sorted by the time at which they were sent. So
 * the network's lost events can only be counted at the end.
 */
import type { TraceEvent } from '../trace/index.ts';
import { MAP_ENTRY_BYTES, RECORD_BYTES } from './bytes.ts';

/** The events observed of one life of a source. */
interface Life {
  readonly life: number;
  highest: number;
  count: number;
}

/** Maximum number of followed lives of one source. The last events of a life can come after the first of the next. */
const MOST_LIVES = 4;

export class Gaps {
  /** The newest lives of each source, oldest first. */
  readonly #heard = new Map<string, Life[]>();
  readonly #fromTheFirst: boolean;
  /** Number of events lost in lives of the network that are no longer followed. */
  #lostBefore = 0;

  /** @param fromTheFirst  true: each life begins with number 1. false: events before the first one do not count */
  constructor(fromTheFirst: boolean) {
    this.#fromTheFirst = fromTheFirst;
  }

  /** Takes an event. @returns whether an event of its source was lost before it; always false for the network */
  hear({ source, life, nseq }: TraceEvent): boolean {
    const known = this.#lifeOf(source, life, nseq);
    if (known === null) return false;
    const isGap = source !== 'network' && nseq > known.highest + 1;
    known.count += 1;
    if (nseq > known.highest) known.highest = nseq;
    return isGap;
  }

  /** Number of the network's events that were lost so far. */
  lostOnTheWire(): number {
    return (this.#heard.get('network') ?? []).reduce((sum, life) => sum + lostIn(life), this.#lostBefore);
  }

  keptBytes(): number {
    return this.#heard.size * (MAP_ENTRY_BYTES + MOST_LIVES * RECORD_BYTES);
  }

  /** Returns null for a life that is too old to be followed. */
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
