/**
 * Judges a recorded run from its files alone: every safety property of Raft, the clients' history, liveness, and the
 * verdict of a scenario that was played in it. A live run uses the same judges. The run folder may come from another
 * machine.
 */

import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { outcomeOf, type RunVerdicts } from '../core/check/index.ts';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import {
  type BothLanguages,
  flawWord,
  type RunSettings,
  type ScenarioVerdict,
  type TraceEvent,
  type TraceFlaw,
} from '../core/trace/index.ts';
import { judgesOf } from './judges.ts';
import { readManifest } from './manifest.ts';
import { FitChecker, flawAt, futureProblem, manifestProblem } from './manifest-fit.ts';
import { runPaths } from './run-folder.ts';
import { type RunFacts, type RunOutcome, runOutcome } from './run-outcome.ts';
import { inSlices } from './slices.ts';
import { type LinePlace, readTraceFile, type TraceReading } from './trace-file.ts';

/** The end of a scenario in this run, from the trace. The verdict is `unknown` when the scenario did not end. */
export interface PlayedScenario {
  readonly name: string;
  readonly verdict: ScenarioVerdict;
  readonly reason: BothLanguages | null;
}

/** The report on a whole run. */
export interface RunReport extends RunVerdicts {
  readonly outcome: RunOutcome;
  /** Number of judged events: those before the flaw. */
  readonly events: number;
  /** Number (`seq`) of the newest judged event. */
  readonly lastSeq: number;
  /** The flaw of the recording; null for a whole one. */
  readonly flaw: TraceFlaw | null;
  /** Number of events without a checksum, from an older trace version. Damage in them cannot be ruled out. */
  readonly unproved: number;
  readonly scenario: PlayedScenario | null;
}

/** A trace, and the settings it was recorded with. */
export interface JudgedTrace {
  /** Path of events.jsonl or of an exported recording. */
  readonly events: string;
  readonly traceVersion: number;
  readonly settings: RunSettings;
  /** Name or path of the run, for errors. */
  readonly name: string;
}

/**
 * Judges a run folder up to the first flaw of its recording.
 *
 * @throws LabProblem run-damaged, run-future; the signal's reason when it is aborted
 */
export async function judgeRunFolder(folder: string, signal?: AbortSignal): Promise<RunReport> {
  await assertReadable(folder);
  const read = await readManifest(folder);
  if (!read.ok) throw manifestProblem(folder, read);
  const { traceVersion, settings } = read.manifest;
  return await judgeTrace({ events: runPaths(folder).events, traceVersion, settings, name: folder }, signal);
}

/** Judges a trace at any path. @throws as judgeRunFolder */
export async function judgeTrace(trace: JudgedTrace, signal?: AbortSignal): Promise<RunReport> {
  const judges = judgesOf({ settings: trace.settings, isWhole: true });
  const end = new RunEnd();
  const fit = new FitChecker(trace);
  let events = 0;
  let lastSeq = 0;
  const { flaw, unproved } = await readEvents(trace, (event, place) => {
    signal?.throwIfAborted();
    const misfit = fit.misfit(event, place) ?? unjudgeable(place, () => judges.observe(event));
    if (misfit !== null) return misfit;
    events += 1;
    lastSeq = Math.max(lastSeq, event.seq);
    end.observe(event);
    return null;
  });
  if (flaw?.kind === 'future' && events === 0) throw futureProblem(trace.name, flaw);
  const { verdicts, history, liveness } = await inSlices(judges.finishing(), signal);
  const found = { verdicts, history, liveness };
  const outcome = end.outcomeWith(outcomeOf(found), { flaw, isProved: unproved === 0 });
  return { ...found, events, lastSeq, flaw, unproved, scenario: end.scenario, outcome };
}

/** Passes an event to the judges. @returns the flaw when the fields of the event do not fit its name; null otherwise */
function unjudgeable(place: LinePlace, observe: () => unknown): TraceFlaw | null {
  try {
    observe();
    return null;
  } catch (problem) {
    return flawAt(place, 'misfit', (problem as Error).message);
  }
}

/** Reads every event of the run. @throws LabProblem run-damaged when the file is missing or cannot be read */
async function readEvents({ events, traceVersion, name }: JudgedTrace, onEvent: OnEvent): Promise<TraceReading> {
  const damaged = (detail: string) => new LabProblem('run-damaged', { runId: name, file: basename(events), detail });
  return await readTraceFile(events, traceVersion, onEvent).catch((cause: NodeJS.ErrnoException) => {
    // Only errors of the operating system have a string as code.
    if (typeof cause.code !== 'string') throw cause;
    throw damaged(cause.code === 'ENOENT' ? 'is missing' : cause.message);
  });
}

type OnEvent = Parameters<typeof readTraceFile>[2];

/**
 * Checks that a run folder can be read. A folder from elsewhere may hold a pipe or a device under these names, which
 * would block the reader.
 *
 * @throws LabProblem run-damaged
 */
export async function assertReadable(folder: string): Promise<void> {
  for (const path of [join(folder, 'manifest.json'), runPaths(folder).events]) {
    const found = await stat(path).catch(() => null);
    if (found === null || found.isFile()) continue;
    throw new LabProblem('run-damaged', { runId: folder, file: basename(path), detail: 'it is not a regular file' });
  }
}

/** Collects the scenario's verdict and whether the lab failed. */
class RunEnd {
  scenario: PlayedScenario | null = null;
  #hasFailed = false;

  observe(event: TraceEvent): void {
    switch (event.event) {
      case 'LabRestarted':
        this.#hasFailed = false;
        return;
      case 'RunEnded':
        this.#hasFailed = event.reason === 'lab-failure';
        return;
      case 'ScenarioStarted':
        this.scenario = { name: event.name, verdict: 'unknown', reason: null };
        return;
      case 'ScenarioEnded':
        if (this.scenario !== null) {
          this.scenario = { ...this.scenario, verdict: event.verdict, reason: event.reason };
        }
        return;
      default:
        return;
    }
  }

  outcomeWith(
    ofJudges: RunFacts['ofJudges'],
    { flaw, isProved }: { readonly flaw: TraceFlaw | null; readonly isProved: boolean },
  ): RunOutcome {
    const flawed = flaw === null ? null : flawWord(flaw);
    return runOutcome({
      ofJudges,
      ofScenario: this.scenario?.verdict ?? null,
      hasFailed: this.#hasFailed,
      flawed,
      isProved,
    });
  }
}
