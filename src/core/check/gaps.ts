/**
 * Events that were lost: each source numbers what it says in each life (`nseq`), so a number left out is an event that
 * nobody heard. The network's own order is that of what it saw, not that of when it was sent, by which a recording is
 * sorted: what it lost can only be counted at the end.
 */
import type { TraceEvent } from '../trace/index.ts';

export class Gaps {
  readonly #heard = new Map<string, { readonly highest: number; readonly count: number }>();
  readonly #fromTheFirst: boolean;

  /** @param fromTheFirst  true: the first event of each life has number 1. False: a listener who came later missed nothing. */
  constructor(fromTheFirst: boolean) {
    this.#fromTheFirst = fromTheFirst;
  }

  /** Hears an event. @returns whether one of its source was lost before it; of the network's never */
  hear({ source, life, nseq }: TraceEvent): boolean {
    const key = `${source}.${life}`;
    const { highest, count } = this.#heard.get(key) ?? { highest: this.#fromTheFirst ? 0 : nseq, count: 0 };
    this.#heard.set(key, { highest: Math.max(highest, nseq), count: count + 1 });
    return source !== 'network' && nseq > highest + 1;
  }

  /** Events of the network that were lost so far. */
  lostOnTheWire(): number {
    let lost = 0;
    for (const [key, { highest, count }] of this.#heard) if (key.startsWith('network.')) lost += highest - count;
    return lost;
  }
}
