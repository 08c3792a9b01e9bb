/**
 * Reads a recorded trace once, in slices, up to its first flaw. The result is the trace's index and the facts needed to
 * continue the run. A flaw is reported with its line and byte.
 */

import { basename } from 'node:path';
import type { LabError, LabResult } from '../core/lab-api/api.ts';
import { labError } from '../core/lab-api/lab-problem.ts';
import type { Source, TraceEvent, TraceFlaw } from '../core/trace/index.ts';
import { gapKey } from './gaps.ts';
import type { Manifest } from './manifest.ts';
import { readManifest } from './manifest.ts';
import { FitChecker, futureProblem, manifestProblem } from './manifest-fit.ts';
import { runPaths } from './run-folder.ts';
import { type LinePlace, readTraceFile } from './trace-file.ts';
import { createTraceIndex, type IndexSize, type TraceIndex } from './trace-index.ts';

/** The result of reading a recording. */
export interface LoadedTrace {
  readonly runId: string;
  readonly manifest: Manifest;
  readonly index: TraceIndex;
  /** The flaw of the recording; null when the recording is whole. The index ends before the flaw. */
  readonly flaw: TraceFlaw | null;
  /** Number (`seq`) of the last event; 0 for an empty trace. */
  readonly lastSeq: number;
  readonly firstTimeUs: number;
  readonly lastTimeUs: number;
  /** Highest life of every source, including `lab`, `network` and the clients. */
  readonly lives: Readonly<Record<Source, number>>;
  /** Servers that reported ready at least once. Their files must exist. */
  readonly everReady: readonly string[];
  /** Last nseq of each life of each source. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Loads manifest and trace of a run folder. Errors: `run-damaged`, with file and detail; `run-future`. */
export async function loadTrace(
  folder: string,
  size?: IndexSize,
  onEvent: (event: TraceEvent, place: LinePlace) => void = () => undefined,
): Promise<LabResult<LoadedTrace>> {
  const runId = basename(folder);
  const read = await readManifest(folder);
  if (!read.ok) return { ok: false, error: manifestProblem(runId, read).error };
  const { manifest } = read;
  const gathered = createGathering(size);
  const fit = new FitChecker(manifest);
  try {
    const { flaw } = await readTraceFile(runPaths(folder).events, manifest.traceVersion, (event, place) => {
      const misfit = fit.misfit(event, place);
      if (misfit !== null) return misfit;
      gathered.add(event, place);
      onEvent(event, place);
      return null;
    });
    if (flaw?.kind === 'future' && flaw.line === 1) return { ok: false, error: futureProblem(runId, flaw).error };
    return { ok: true, value: { runId, manifest, flaw, ...gathered.result() } };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const { code } = error as NodeJS.ErrnoException;
    return { ok: false, error: damaged(runId, 'events.jsonl', code === 'ENOENT' ? 'is missing' : detail) };
  }
}

function damaged(runId: string, file: string, detail: string): LabError {
  return labError('run-damaged', { runId, file, detail });
}

function createGathering(size?: IndexSize) {
  const index = createTraceIndex(size);
  const lives: Record<Source, number> = {};
  const everReady = new Set<string>();
  const counts = new Map<string, number>();
  let lastSeq = 0;
  let firstTimeUs = Number.POSITIVE_INFINITY;
  let lastTimeUs = 0;
  return {
    add: (event: TraceEvent, { bytes, crc }: LinePlace): void => {
      index.add(event, bytes, crc);
      lastSeq = Math.max(lastSeq, event.seq);
      firstTimeUs = Math.min(firstTimeUs, event.timeUs);
      lastTimeUs = Math.max(lastTimeUs, event.timeUs);
      lives[event.source] = Math.max(lives[event.source] ?? 0, event.life);
      const key = gapKey(event.source, event.life);
      counts.set(key, Math.max(counts.get(key) ?? 0, event.nseq));
      if (event.event === 'ServerReady') everReady.add(event.server);
      if (event.event === 'ServerSpawned') lives[event.server] = Math.max(lives[event.server] ?? 0, event.ofLife);
    },
    result: () => ({
      index,
      lives,
      everReady: [...everReady].sort(),
      counts,
      lastSeq,
      firstTimeUs: lastSeq === 0 ? 0 : firstTimeUs,
      lastTimeUs,
    }),
  };
}
