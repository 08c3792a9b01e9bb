/** The kinds of sitting: what a lab can have open, as the workspace (sittings.ts) tells those who work with it. */

import type { LiveRun } from '../cluster/live-run.ts';
import type { TraceFlaw } from '../core/trace/index.ts';
import type { Lock, Recorder, RunReader } from '../recording/index.ts';
import type { StagedFile } from '../recording/opened/stage-file.ts';

/** A running cluster and its recording. */
export interface LiveSitting {
  readonly mode: 'live';
  readonly run: LiveRun;
  readonly reader: Recorder;
  readonly folder: string;
  readonly locks: readonly Lock[];
}

/** An opened recording. */
export interface PastSitting {
  readonly mode: 'past';
  readonly reader: RunReader;
  /** What is damaged or missing in it. */
  readonly flaw: TraceFlaw | null;
  readonly folder: string;
  /** The copy of an exported file; null for a run folder. */
  readonly staged: StagedFile | null;
}

/** What is open now. */
export type Sitting = { readonly mode: 'idle' } | LiveSitting | PastSitting;

/** Why a run ends. */
export type EndReason = Parameters<Recorder['close']>[0];
