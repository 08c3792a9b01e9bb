/**
 * Notices that the lab's own memory is nearly used up, so that it can end the run in order and keep the recording. Without
 * it V8 ends the process in the middle of everything, and the cluster with it. Looks after each full collection, when what
 * is used is what is needed. Flow: V8 → here → sittings.
 */
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

/** Bytes that are needed, and the most this process may have. */
export interface Heap {
  readonly usedBytes: number;
  readonly limitBytes: number;
}

/** Above this share the next large message may be the last. */
const NEARLY_FULL = 0.8;

/** Begins to look. @param onNearlyFull  called once. @returns how to stop */
export function watchHeap(onNearlyFull: (heap: Heap) => void): () => void {
  const observer = new PerformanceObserver((list) => {
    const wasFull = list.getEntries().some((entry) => kindOf(entry) === constants.NODE_PERFORMANCE_GC_MAJOR);
    if (!wasFull) return;
    const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = getHeapStatistics();
    if (usedBytes < NEARLY_FULL * limitBytes) return;
    observer.disconnect();
    onNearlyFull({ usedBytes, limitBytes });
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}

/** Node's types do not know what an entry of this kind carries. */
function kindOf(entry: unknown): number | undefined {
  return (entry as { readonly detail?: { readonly kind?: number } }).detail?.kind;
}

/** For a person: how much, of how much, and what to do. */
export function heapInWords({ usedBytes, limitBytes }: Heap): string {
  const [used, limit] = [usedBytes, limitBytes].map((bytes) => Math.round(bytes / 2 ** 20));
  return `the lab's own memory is nearly used up (${used} of ${limit} MiB): the run was ended so that its recording is kept`;
}
