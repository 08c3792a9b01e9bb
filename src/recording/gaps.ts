/**
 * Finds events that never arrived. Each source numbers its events within a life; a missing number is a lost event: a
 * killed server took it along, and no verdict may rest on its absence.
 */
import type { Source } from '../core/trace/events.ts';

/** Finds lost events of all sources. */
export interface GapWatch {
  /** Number of events missing right before this one. Each gap is reported once. */
  missingBefore(source: Source, life: number, nseq: number): number;
}

/** Watches the numbers of all sources. @param seen  the last numbers of a recording that goes on */
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

/** The key of one life of one source. */
export function gapKey(source: Source, life: number): string {
  return `${source} ${life}`;
}
