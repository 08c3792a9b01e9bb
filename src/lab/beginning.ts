/**
 * The start of a run, new or continued, in its recording: the first event, and the view that doors show until the
 * servers report.
 */
import packageJson from '../../package.json' with { type: 'json' };
import type { EarlierParts } from '../cluster/live-run-options.ts';
import { type ClusterView, emptyView, fold, type RunSettings, TRACE_VERSION } from '../core/trace/index.ts';
import { isWithinLimits, timingOf, withTiming } from '../core/vocabulary/index.ts';
import type { Lock, Recorder, ResumedRun } from '../recording/index.ts';
import type { WorkspaceState } from './workspace-state.ts';

/** Throws when the open run must not be closed. */
export type MayEnd = (current: WorkspaceState) => void;

/** The options of opening another run. */
export interface Opening {
  readonly mayEnd?: MayEnd;
  /** Name of the scenario that is to be played. */
  readonly scenario?: string;
}

/** The options of continuing a recorded run. `takeOver`: continue it even when it was left open in another place. */
export type Continuing = Opening & { readonly takeOver?: boolean };

/** Permission to close the open run without asking. */
export const ALWAYS = (): void => undefined;

/**
 * Returns the pace and the timing at which a run begins, or with which it was left. A timing of the recording that no run may
 * have, such as one of a file that somebody edited, gives way to that of the settings. `present`: the settings with pace and
 * timing in place of the first ones.
 */
export function speedAt(settings: RunSettings, resumed: ResumedRun | null) {
  const isNew = resumed === null || resumed.lastSeq === 0 || resumed.view.settings === null;
  const { pace } = isNew ? settings : resumed.view;
  const left = isNew ? null : resumed.view.settings;
  const timing = timingOf(left !== null && isWithinLimits(left) ? left : settings);
  return { pace, timing, present: withTiming({ ...settings, pace }, timing) };
}

/** The options of a live run in the workspace. */
export interface Beginning {
  readonly runId: string;
  readonly folder: string;
  readonly settings: RunSettings;
  readonly locks: readonly Lock[];
  readonly resumed: ResumedRun | null;
}

/** Returns the first view for the doors. The cluster of an earlier lab is gone, so no door may show it as running. */
export function openingView(resumed: ResumedRun | null): ClusterView {
  if (resumed === null) return emptyView;
  const { lastSeq, lastTimeUs } = resumed;
  const envelope = { seq: lastSeq, timeUs: lastTimeUs, source: 'lab', nseq: 0, life: 0 };
  return fold(resumed.view, { ...envelope, event: 'LabRestarted', startedAt: '', raftLab: packageJson.version });
}

/** Notes the first event of a run, or of its next part. */
export function noteBeginning(recorder: Recorder, resumed: ResumedRun | null, settings: RunSettings): void {
  const now = { traceVersion: TRACE_VERSION, startedAt: new Date().toISOString(), raftLab: packageJson.version };
  if (resumed === null) recorder.note({ event: 'RunStarted', settings, ...now });
  else recorder.note({ event: 'LabRestarted', ...now });
}

/** Returns the facts about its earlier parts that a continued run needs. */
export async function earlierOf(resumed: ResumedRun, recorder: Recorder): Promise<EarlierParts> {
  const page = await recorder.events({ names: ['FaultOrdered'], newest: true, limit: 1 });
  const [last] = page.events;
  const number = last?.event === 'FaultOrdered' ? Number(/^F(\d+)$/.exec(last.fault)?.[1] ?? 0) : 0;
  return { lives: resumed.lives, everReady: resumed.everReady, faults: number };
}
