/**
 * Warns when the lab's own memory is nearly used up, so that the lab can end the run in order and keep the recording.
 * Otherwise V8 would end the process without warning, and the cluster with it. The check runs after each full garbage
 * collection, when only memory that is still needed is in use. Flow: V8 → here → workspace.
 */
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

/** Bytes in use, and the maximum for this process. */
export interface Heap {
  readonly usedBytes: number;
  readonly limitBytes: number;
}

/** Share of the maximum above which the next large message might exceed it. */
const NEARLY_FULL = 0.8;

/** Starts the checks. @param onNearlyFull  called once @returns a function that stops them */
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

/** Returns the kind of a garbage collection, which is missing in Node's types. */
function kindOf(entry: unknown): number | undefined {
  return (entry as { readonly detail?: { readonly kind?: number } }).detail?.kind;
}

/** Returns the sentence for a person: memory in use, its maximum, and the consequence. */
export function heapInWords({ usedBytes, limitBytes }: Heap): string {
  const [used, limit] = [usedBytes, limitBytes].map((bytes) => Math.round(bytes / 2 ** 20));
  return `the lab's own memory is nearly used up (${used} of ${limit} MiB): the run was ended so that its recording is kept`;
}
