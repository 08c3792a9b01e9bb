/** Runs as the lab lists them. */
import type { RunSettings, TraceFlaw } from '../trace/index.ts';

/**
 * The outcome of a recorded run: the words of `raft-lab check`. `not-judged`: its lab left no verdict; `incomplete`: the recording has
 * no end; `damaged`: it cannot be read, or only up to its `flaw`.
 */
export type RunVerdict = 'valid' | 'violated' | 'unknown' | 'not-judged' | 'incomplete' | 'lab-failure' | 'damaged';

/** A run folder, for the list. */
export interface RunSummary {
  readonly runId: string;
  readonly startedAt: string;
  readonly settings: RunSettings;
  /** A person's name for it, and what a person noted about it; empty: none. */
  readonly title: string;
  readonly note: string;
  /** Name of the scenario that it was made for; null: none. */
  readonly scenario: string | null;
  /** From the verdict that its lab left behind; `not-judged` while it is live. Listing judges nothing. */
  readonly verdict: RunVerdict;
  /** Size of the trace. */
  readonly bytes: number;
  readonly live: boolean;
  /** Its lab ended while it made the run: nothing was recorded, and the next new run removes it. */
  readonly isUnfinished: boolean;
  /** False: the folder cannot be read; `problem` says why. */
  readonly ok: boolean;
  readonly problem: string;
  /**
   * The known damaged or missing part of the recording. Absent: nothing; of a large recording that nobody opened yet
   * only the end was looked at.
   */
  readonly flaw?: TraceFlaw;
}

/** Recordings that go when only the newest are kept. */
export interface KeptRuns {
  readonly count: number;
  /** Of all their files. */
  readonly bytes: number;
  /** The newest of them; null: none goes. */
  readonly first: string | null;
  /** True: they are deleted. */
  readonly isDone: boolean;
}

/** `endLive`: the person agreed that the live run, in which something was done, is closed for it. */
export interface EndsLive {
  readonly endLive?: boolean;
}
