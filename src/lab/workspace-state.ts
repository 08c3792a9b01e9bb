/** The states of the workspace: idle, a live run, or a recording. */

import type { LiveRun } from '../cluster/live-run.ts';
import type { TraceFlaw } from '../core/trace/index.ts';
import type { Lock, Recorder, RunReader } from '../recording/index.ts';
import type { StagedFile } from '../recording/opened/stage-file.ts';

/** A running cluster and its recording. */
export interface LiveState {
  readonly mode: 'live';
  readonly run: LiveRun;
  readonly reader: Recorder;
  readonly folder: string;
  readonly locks: readonly Lock[];
}

/** An opened recording. */
export interface PastState {
  readonly mode: 'past';
  readonly reader: RunReader;
  /** The damage of the recording; null when it is whole. */
  readonly flaw: TraceFlaw | null;
  readonly folder: string;
  /** The copy of an exported file; null for a run folder. */
  readonly staged: StagedFile | null;
}

/** The present state of the workspace. */
export type WorkspaceState = { readonly mode: 'idle' } | LiveState | PastState;

/** The reason why a run ends. */
export type EndReason = Parameters<Recorder['close']>[0];
