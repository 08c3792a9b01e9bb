/**
 * Finds events that never arrived. Each source numbers its events within a life, so a missing number is a lost event.
 * An event is lost when its server is killed before sending it. No verdict may rely on the absence of a lost event.
 */
import type { Source } from '../core/trace/events.ts';

/** Finds lost events of all sources. */
export interface GapWatch {
  /** Returns the number of events missing immediately before this one. Each gap is reported once. */
  missingBefore(source: Source, life: number, nseq: number): number;
}

/** Watches the event numbers of all sources. @param seen  last numbers by `gapKey`, when a recording is continued */
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

/** Returns the key of one life of one source. */
export function gapKey(source: Source, life: number): string {
  return `${source} ${life}`;
}
