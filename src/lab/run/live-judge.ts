/**
 * The judges of a live run: they hear every event as it is told, a broken property is noted in the trace at once, and when
 * the run ends their verdicts are kept beside it. A run that goes on from an earlier sitting is judged from here on: what
 * rests on what was before is unknown. Flow: recorder → here → recorder, verdicts.json.
 */
import { join } from 'node:path';
import { Low } from 'lowdb';
import { createJudge, type Verdict, type Violation } from '../../core/check/index.ts';
import type { ServerId } from '../../core/wire/index.ts';
import { atomicFile } from '../recording/atomic-file.ts';
import type { Recorder } from '../recording/index.ts';

/** verdicts.json of a run. */
export interface VerdictFile {
  readonly format: 1;
  /** True when the judges heard the run from its first event on. */
  readonly isWhole: boolean;
  readonly events: number;
  readonly verdicts: readonly Verdict[];
}

/** More than this are not noted: what follows from the first ones is seldom news. */
const MOST_NOTED = 20;

/**
 * Begins to listen.
 *
 * @returns what is to be called when the recorder has told its last event
 */
export function judgeRun(from: {
  readonly recorder: Recorder;
  readonly servers: readonly ServerId[];
  readonly folder: string;
  readonly isWhole: boolean;
}): () => Promise<void> {
  const { recorder, servers, folder, isWhole } = from;
  const judge = createJudge(servers);
  let events = 0;
  let noted = 0;

  function note({ property, rule, params, proof }: Violation): void {
    if (noted >= MOST_NOTED) return;
    noted += 1;
    recorder.note({ event: 'PropertyViolated', property, rule, params, proof });
  }

  recorder.listen((released) => {
    for (const event of released) {
      events += 1;
      for (const violation of judge.observe(event)) note(violation);
    }
  });
  return async () => {
    const kept: VerdictFile = { format: 1, isWhole, events, verdicts: judge.finish() };
    // A full disk is no reason to keep the recording from being shown: what was broken stands in the trace.
    try {
      await new Low<VerdictFile>(atomicFile(join(folder, 'verdicts.json')), kept).write();
    } catch (problem) {
      process.emitWarning(`verdicts.json could not be written: ${(problem as Error).message}`, 'RaftLab');
    }
  };
}
