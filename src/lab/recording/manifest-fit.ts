/** Whether a manifest can be used, and whether it is that of these events. Flow: manifest.json → here → loading, judging. */
import { isDeepStrictEqual } from 'node:util';
import type { TraceEvent, TraceFlaw } from '../../core/trace/index.ts';
import { LabProblem } from '../errors.ts';
import { MANIFEST_FILE, type Manifest, type ManifestResult, settingsIn } from './manifest.ts';

/** Why this manifest opens no run. @param runId  name or path of the run, for the sentence */
export function manifestProblem(runId: string, read: Extract<ManifestResult, { readonly ok: false }>): LabProblem {
  if (read.later !== undefined) return new LabProblem('run-future', { runId, ...read.later });
  return new LabProblem('run-damaged', { runId, file: MANIFEST_FILE, detail: read.problem });
}

/** That a recording says in its lines that it needs a later Raft Lab. @param flaw  of kind `future` */
export function futureProblem(runId: string, { params }: TraceFlaw): LabProblem {
  const { version = 0, reads = 0 } = params;
  return new LabProblem('run-future', { runId, field: 'traceVersion', version, reads });
}

/** The flaw at this event when the manifest belongs to other events; null when it fits, and for all but the first event. */
export function misfitOf(
  manifest: Manifest,
  event: TraceEvent,
  { line, offset }: { readonly line: number; readonly offset: number },
): TraceFlaw | null {
  if (line > 1) return null;
  const flaw = (detail: string): TraceFlaw => ({ kind: 'manifest-differs', line, offset, params: { detail } });
  if (event.event !== 'RunStarted') return null;
  if (event.traceVersion !== manifest.traceVersion) {
    return flaw(`traceVersion ${manifest.traceVersion} ≠ ${event.traceVersion}`);
  }
  const recorded = settingsIn(event.settings);
  if (recorded === null) return flaw('settings');
  const differing = keysOf(recorded, manifest.settings).filter(
    (key) => !isDeepStrictEqual(recorded[key], manifest.settings[key]),
  );
  return differing.length === 0 ? null : flaw(differing.map((key) => `settings.${key}`).join(', '));
}

type Settings = Manifest['settings'];

function keysOf(one: Settings, other: Settings): readonly (keyof Settings)[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])] as (keyof Settings)[];
}
