/** A recorder that keeps no events. It counts events and messages, writes no file and folds no view. */

import type { RunRecorder } from '../../cluster/run-recorder.ts';
import { emptyView, type RunSettings } from '../../core/trace/index.ts';
import { createClock } from '../../program/clock.ts';
import type { BareCounts } from './protocol.ts';

/** Replaces the recorder of a live run. */
export interface CountingRecorder extends RunRecorder {
  readonly settings: RunSettings;
  counts(): BareCounts;
  /** Process id of the network; null before it was started. */
  networkPid(): number | null;
}

/** @param originNs  `process.hrtime.bigint()` at which the run's time was 0 */
export function countingRecorder(of: {
  readonly runId: string;
  readonly settings: RunSettings;
  readonly originNs: bigint;
  /** Receives the message of each failure that the lab reports about itself. */
  readonly onProblem: (message: string) => void;
}): CountingRecorder {
  const counts = { events: 0, messages: 0, linkBytes: 0, elections: 0 };
  let networkPid: number | null = null;
  const nowUs = createClock(String(of.originNs));
  return {
    runId: of.runId,
    settings: of.settings,
    nowUs,
    record: (_source, { event, bytes }) => {
      counts.events += 1;
      if (event === 'LeaderElected') counts.elections += 1;
      if (event !== 'MessageSent') return;
      counts.messages += 1;
      if (typeof bytes === 'number') counts.linkBytes += bytes;
    },
    note: (event) => {
      counts.events += 1;
      if (event.event === 'NetworkSpawned') networkPid = event.pid;
      if (event.event === 'LabFailed') of.onProblem(event.message);
    },
    counts: () => ({ ...counts }),
    networkPid: () => networkPid,
    // No event is kept, so the view stays empty.
    view: () => emptyView,
  };
}
