/**
 * Watches the limits of a recording. Recording never deletes anything: when a run has grown too big, or the disk is
 * nearly full, the run ends instead. The limits are checked every two seconds, and the first one reached is reported
 * once.
 */
import type { RecorderClock } from './clock.ts';
import { freeBytes, leastFreeBytes } from './free-space.ts';

/** Which limit was reached. */
export type Cap = 'run-too-big' | 'disk-nearly-full';

/** The limits at which a recording ends. */
export interface CapLimits {
  /** Size of events.jsonl at which the run stops, bytes. */
  readonly maxBytes: number;
  /** Free bytes of the disk below which the run stops. */
  readonly minFreeBytes: number;
  readonly freeBytes: (folder: string) => Promise<number>;
}

const LOOK_EVERY_MS = 2_000;
const GIB = 1024 ** 3;

/**
 * Returns the default limits: 8 GiB of recording, and the free space of free-space.ts.
 *
 * @throws Error with a sentence for an invalid setting
 */
export function capLimits(): CapLimits {
  return { maxBytes: 8 * GIB, minFreeBytes: leastFreeBytes(), freeBytes };
}

/** Starts to check the limits. Returns a function that stops it. */
export function watchCaps(watch: {
  readonly folder: string;
  readonly limits: CapLimits;
  readonly clock: RecorderClock;
  readonly recordedBytes: () => number;
  readonly onCap: (cap: Cap) => void;
  readonly onError: (error: unknown) => void;
}): () => void {
  let stopped = false;
  let callOff = (): void => undefined;
  const look = async (): Promise<void> => {
    const isTooBig = watch.recordedBytes() >= watch.limits.maxBytes;
    const isFull = !isTooBig && (await watch.limits.freeBytes(watch.folder)) < watch.limits.minFreeBytes;
    if (stopped) return;
    if (isTooBig || isFull) watch.onCap(isTooBig ? 'run-too-big' : 'disk-nearly-full');
    else again();
  };
  const again = (): void => {
    callOff = watch.clock.later(() => void look().catch(watch.onError), LOOK_EVERY_MS);
  };
  again();
  return () => {
    stopped = true;
    callOff();
  };
}
