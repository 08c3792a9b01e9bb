/** Runs as the lab lists them. */
import type { RunSettings, TraceFlaw } from '../trace/index.ts';

/**
 * The outcome of a recorded run, in the words of `raft-lab check`. `not-judged`: its lab left no verdict. `incomplete`: the
 * recording has no end. `damaged`: it cannot be read, or only up to its `flaw`.
 */
export type RunVerdict = 'valid' | 'violated' | 'unknown' | 'not-judged' | 'incomplete' | 'lab-failure' | 'damaged';

/** A run folder, for the list. */
export interface RunSummary {
  readonly runId: string;
  readonly startedAt: string;
  readonly settings: RunSettings;
  /** The title and the note that a person gave it; empty when not given. */
  readonly title: string;
  readonly note: string;
  /** Name of the scenario that the run was made for; null when it was made for none. */
  readonly scenario: string | null;
  /** The verdict that its lab left; `not-judged` while it is live. Listing runs no judge. */
  readonly verdict: RunVerdict;
  /** Size of the trace in bytes. */
  readonly bytes: number;
  readonly live: boolean;
  /** True when its lab ended while it created the run. Nothing was recorded; the next new run removes the folder. */
  readonly isUnfinished: boolean;
  /** False when the folder cannot be read; `problem` says why. */
  readonly ok: boolean;
  readonly problem: string;
  /**
   * The damaged or missing part of the recording; absent when none is known. Only the end of a large recording is checked until it
   * is opened.
   */
  readonly flaw?: TraceFlaw;
}

/** Recordings that `keepRuns` deletes, or would delete. */
export interface KeptRuns {
  readonly count: number;
  /** Size of all their files. */
  readonly bytes: number;
  /** Id of the newest of them; null when the list is empty. */
  readonly first: string | null;
  /** True when they have been deleted. */
  readonly isDone: boolean;
}

/** `endLive` is true when the person agreed that this closes a live run that has been used. */
export interface EndsLive {
  readonly endLive?: boolean;
}
