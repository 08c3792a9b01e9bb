/**
 * Judges a recorded run again, from its files alone: every safety property of Raft, the clients' history, and
 * liveness. The same judges as in a live run; a run folder from another machine will do.
 */

import { ClientHistory, type HistoryVerdict } from '../core/check/history/index.ts';
import { createJudge, type Verdict } from '../core/check/index.ts';
import { Liveness, type LivenessVerdict } from '../core/check/liveness/index.ts';
import { LabProblem } from './errors.ts';
import { readManifest } from './recording/manifest.ts';
import { runPaths } from './recording/run-folder.ts';
import { readTraceFile } from './recording/trace-file.ts';

/** What the judges say of a whole run. */
export interface RunVerdicts {
  readonly events: number;
  readonly verdicts: readonly Verdict[];
  readonly history: HistoryVerdict;
  readonly liveness: LivenessVerdict;
}

/** @throws LabProblem run-damaged */
export async function judgeRunFolder(folder: string): Promise<RunVerdicts> {
  const manifest = await readManifest(folder);
  const runId = folder;
  if (!manifest.ok) throw new LabProblem('run-damaged', { runId, file: 'manifest.json', detail: manifest.problem });
  const judge = createJudge(manifest.manifest.settings.servers);
  const history = new ClientHistory();
  const liveness = new Liveness(manifest.manifest.settings);
  let events = 0;
  const read = await readTraceFile(runPaths(folder).events, (event) => {
    events += 1;
    judge.observe(event);
    history.observe(event);
    liveness.observe(event);
  });
  if (!read.ok) {
    const detail = `line ${read.line}, byte ${read.offset}: ${read.problem}`;
    throw new LabProblem('run-damaged', { runId, file: 'events.jsonl', detail });
  }
  return { events, verdicts: judge.finish(), history: history.judge(), liveness: liveness.verdict() };
}
