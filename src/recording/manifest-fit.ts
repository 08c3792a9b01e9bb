/**
 * Checks whether a manifest can be used, whether its events belong to it, and whether the fields of each event fit the
 * event's name. Flow: manifest.json, trace-file → here → loading, judging.
 */
import { isDeepStrictEqual } from 'node:util';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import {
  type ClusterView,
  emptyView,
  type FlawKind,
  fold,
  type TraceEvent,
  type TraceFlaw,
} from '../core/trace/index.ts';
import { MANIFEST_FILE, type Manifest, type ManifestResult, settingsIn } from './manifest.ts';
import type { LinePlace } from './trace-file.ts';

/** Returns the error for a manifest that opens no run. @param runId  name or path of the run, for the error */
export function manifestProblem(runId: string, read: Extract<ManifestResult, { readonly ok: false }>): LabProblem {
  if (read.later !== undefined) return new LabProblem('run-future', { runId, ...read.later });
  return new LabProblem('run-damaged', { runId, file: MANIFEST_FILE, detail: read.problem });
}

/** Returns the error for a recording that needs a later Raft Lab. @param flaw  of kind `future` */
export function futureProblem(runId: string, { params }: TraceFlaw): LabProblem {
  const [version, reads] = [Number(params.version), Number(params.reads)];
  return new LabProblem('run-future', { runId, field: 'traceVersion', version, reads });
}

/** The part of a manifest that the first event of the run repeats. */
type Promised = Pick<Manifest, 'traceVersion' | 'settings'>;

/** Checks every event of a run, in the order of the file, against the manifest and against the event's own name. */
export class FitChecker {
  readonly #manifest: Promised;
  #view: ClusterView = emptyView;

  constructor(manifest: Promised) {
    this.#manifest = manifest;
  }

  /** Returns the flaw at this event; null when the event fits. */
  misfit(event: TraceEvent, place: LinePlace): TraceFlaw | null {
    if (event.seq === 1) {
      const detail = differenceFrom(this.#manifest, event);
      if (detail !== null) return flawAt(place, 'manifest-differs', detail);
    }
    // The program that wrote a valid checksum had already folded the event.
    return place.isProved ? null : this.#shapeFlaw(event, place);
  }

  #shapeFlaw(event: TraceEvent, place: LinePlace): TraceFlaw | null {
    try {
      this.#view = fold(this.#view, event);
      return null;
    } catch (problem) {
      return flawAt(place, 'misfit', (problem as Error).message);
    }
  }
}

/** Returns a flaw for an event that does not fit although its line is whole. */
export function flawAt({ line, offset }: LinePlace, kind: FlawKind, detail: string): TraceFlaw {
  return { kind, line, offset, params: { detail } };
}

/** Names the fields of RunStarted that differ from the manifest. @returns null when all agree, and for other events */
function differenceFrom(manifest: Promised, event: TraceEvent): string | null {
  if (event.event !== 'RunStarted') return null;
  if (event.traceVersion !== manifest.traceVersion)
    return `traceVersion ${manifest.traceVersion} ≠ ${event.traceVersion}`;
  const recorded = settingsIn(event.settings);
  if (recorded === null) return 'settings';
  const differing = keysOf(recorded, manifest.settings).filter(
    (key) => !isDeepStrictEqual(recorded[key], manifest.settings[key]),
  );
  return differing.length === 0 ? null : differing.map((key) => `settings.${key}`).join(', ');
}

type Settings = Manifest['settings'];

function keysOf(one: Settings, other: Settings): readonly (keyof Settings)[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])] as (keyof Settings)[];
}
