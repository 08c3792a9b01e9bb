/**
 * Judges a recorded run again, from its files alone: every safety property of Raft, the clients' history, and
 * liveness; and what a scenario that was played in it came to. The same judges as in a live run; a run folder from another
 * machine will do.
 */

import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Outcome, outcomeOf, type RunVerdicts } from '../core/check/index.ts';
import type { BothLanguages, ScenarioVerdict, TraceEvent } from '../core/trace/index.ts';
import { LabProblem } from './errors.ts';
import { judgesOf } from './judges.ts';
import { readManifest } from './recording/manifest.ts';
import { runPaths } from './recording/run-folder.ts';
import { inSlices } from './recording/slices.ts';
import { readTraceFile } from './recording/trace-file.ts';

/** How a scenario ended in this run, as the trace says; `unknown` when it never did. */
export interface PlayedScenario {
  readonly name: string;
  readonly verdict: ScenarioVerdict;
  readonly reason: BothLanguages | null;
}

/** What is said of a whole run. */
export interface RunReport extends RunVerdicts {
  /**
   * `incomplete`: nothing was wrong as far as the recording goes, and its end is missing. `lab-failure`: nothing was wrong until
   * the lab itself failed.
   */
  readonly outcome: Outcome | 'incomplete' | 'lab-failure';
  readonly events: number;
  /** The newest event that was judged. */
  readonly lastSeq: number;
  readonly scenario: PlayedScenario | null;
}

/** @throws LabProblem run-damaged; the signal's reason when it is called off */
export async function judgeRunFolder(folder: string, signal?: AbortSignal): Promise<RunReport> {
  await assertReadable(folder);
  const manifest = await readManifest(folder);
  const runId = folder;
  if (!manifest.ok) throw new LabProblem('run-damaged', { runId, file: 'manifest.json', detail: manifest.problem });
  const judges = judgesOf({ settings: manifest.manifest.settings, isWhole: true });
  const end = new RunEnd();
  let events = 0;
  let lastSeq = 0;
  await readEvents(folder, (event) => {
    signal?.throwIfAborted();
    events += 1;
    lastSeq = Math.max(lastSeq, event.seq);
    judges.observe(event);
    end.observe(event);
  });
  const { verdicts, history, liveness } = await inSlices(judges.finishing(), signal);
  const found = { verdicts, history, liveness };
  return { ...found, ...{ events, lastSeq, scenario: end.scenario, outcome: end.outcomeWith(outcomeOf(found)) } };
}

/** Every event of the run. @throws LabProblem run-damaged, also when the file is missing or cannot be read */
async function readEvents(folder: string, onEvent: (event: TraceEvent) => void): Promise<void> {
  const damaged = (detail: string) => new LabProblem('run-damaged', { runId: folder, file: 'events.jsonl', detail });
  const read = await readTraceFile(runPaths(folder).events, onEvent).catch((cause: NodeJS.ErrnoException) => {
    // Without the system's code (a word) it is no refusal of the system.
    if (typeof cause.code !== 'string') throw cause;
    throw damaged(cause.code === 'ENOENT' ? 'is missing' : cause.message);
  });
  if (!read.ok) throw damaged(`line ${read.line}, byte ${read.offset}: ${read.problem}`);
}

/** A folder of a stranger may hold pipes and devices under these names. @throws LabProblem run-damaged */
async function assertReadable(folder: string): Promise<void> {
  for (const path of [join(folder, 'manifest.json'), runPaths(folder).events]) {
    const found = await stat(path).catch(() => null);
    if (found === null || found.isFile()) continue;
    throw new LabProblem('run-damaged', { runId: folder, file: basename(path), detail: 'it is not a regular file' });
  }
}

/** How the run itself went: whether it ended, and what its scenario came to. */
class RunEnd {
  scenario: PlayedScenario | null = null;
  #hasEnded = false;
  #hasFailed = false;

  observe(event: TraceEvent): void {
    switch (event.event) {
      case 'LabRestarted':
        this.#hasEnded = false;
        this.#hasFailed = false;
        return;
      case 'RunEnded':
        this.#hasEnded = true;
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

  /** What is proved wrong stays so, whatever is missing. */
  outcomeWith(ofJudges: Outcome): RunReport['outcome'] {
    const verdict = this.scenario?.verdict;
    if (ofJudges === 'violated' || verdict === 'violated') return 'violated';
    if (this.#hasFailed || verdict === 'lab-failure') return 'lab-failure';
    if (!this.#hasEnded) return 'incomplete';
    return verdict === 'unknown' ? 'unknown' : ofJudges;
  }
}
