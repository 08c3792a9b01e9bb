/**
 * Each source counts its own events within a life. A number that is left out is an event that never arrived:
 * a server that was killed took it along, and no verdict may be built on its absence.
 */
import type { Source } from '../core/trace/events.ts';

/** Notices what a source said and nobody received. */
export interface GapWatch {
  /** Number of events missing right before this one. Each gap is reported once. */
  missingBefore(source: Source, life: number, nseq: number): number;
}

/** Watches the counts of all sources. `seen`: the last counts of a recording that goes on. */
export function createGapWatch(seen: ReadonlyMap<string, number> = new Map()): GapWatch {
  const last = new Map(seen);
  return {
    missingBefore: (source, life, nseq) => {
      const key = gapKey(source, life);
      const known = last.get(key) ?? 0;
      if (nseq <= known) return 0;
      last.set(key, nseq);
      return nseq - known - 1;
    },
  };
}

/** One life of one source. */
export function gapKey(source: Source, life: number): string {
  return `${source} ${life}`;
}
