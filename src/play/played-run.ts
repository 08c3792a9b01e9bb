/** The run on which a scenario is played, and the callback with which the scenario reports its verdict. */
import type { LiveRun } from '../cluster/live-run.ts';
import type { Judged } from '../recording/live-judge.ts';
import type { Recorder } from '../recording/types.ts';

/** A running cluster with its recording and its run folder. */
export interface PlayedRun {
  readonly run: LiveRun;
  readonly reader: Recorder;
  readonly folder: string;
}

/** Receives the verdicts of the judges when the cluster is gone and the recording is still open. */
export type Conclude = (judged: Judged) => void;
