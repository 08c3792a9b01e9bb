/**
 * The judges of a live run: they hear every event as it is told, and a broken property is noted in the trace at once. When
 * the servers are gone they end, before the trace is closed, and their verdicts are kept beside it. A run that goes on from
 * an earlier sitting is judged from here on: what rests on what was before is unknown. Flow: recorder → here → recorder,
 * verdicts.json.
 */
import { join } from 'node:path';
import { Low } from 'lowdb';
import type { RunVerdicts, Violation } from '../../core/check/index.ts';
import type { RunSettings } from '../../core/trace/index.ts';
import { judgesOf } from '../judges.ts';
import { atomicFile } from '../recording/atomic-file.ts';
import type { Recorder } from '../recording/index.ts';
import { inSlices } from '../recording/slices.ts';

/** verdicts.json of a run. */
export interface VerdictFile extends RunVerdicts {
  readonly format: 1;
  /** True when the judges heard the run from its first event on. */
  readonly isWhole: boolean;
  readonly events: number;
  /** The newest event that was judged. */
  readonly lastSeq: number;
}

/** What the judges say at the end. */
export interface Judged extends RunVerdicts {
  /** False: the recording failed, and what came after that was never heard. */
  readonly heardAll: boolean;
}

/** The judges of one live run. */
export interface RunJudging {
  /** When nothing more happens in the run: hears what is held back and notes what only the end proves. Never rejects. */
  finish(): Promise<Judged>;
  /** After `finish`: writes verdicts.json. Never rejects. */
  keep(): Promise<void>;
}

/** More than this are not noted: what follows from the first ones is seldom news. */
const MOST_NOTED = 20;

/** Begins to listen. */
export function judgeRun(from: {
  readonly recorder: Recorder;
  readonly settings: RunSettings;
  readonly folder: string;
  readonly isWhole: boolean;
}): RunJudging {
  const { recorder, settings, folder, isWhole } = from;
  const judges = judgesOf({ settings, isWhole });
  let events = 0;
  let lastSeq = 0;
  let noted = 0;
  let found: RunVerdicts | null = null;

  function note({ property, rule, params, proof }: Violation): void {
    if (noted >= MOST_NOTED) return;
    noted += 1;
    recorder.note({ event: 'PropertyViolated', property, rule, params, proof });
  }

  const stopListening = recorder.listen((released) => {
    for (const event of released) {
      events += 1;
      lastSeq = Math.max(lastSeq, event.seq);
      for (const violation of judges.observe(event)) note(violation);
    }
  });
  return {
    finish: async () => {
      const heardAll = await recorder.settle().then(
        () => true,
        () => false,
      );
      stopListening();
      const { foundAtEnd, ...verdicts } = await inSlices(judges.finishing());
      for (const violation of foundAtEnd) note(violation);
      found = verdicts;
      return { ...verdicts, heardAll };
    },
    keep: async () => {
      if (found === null) return;
      const kept: VerdictFile = { format: 1, isWhole, events, lastSeq, ...found };
      // A full disk is no reason to keep the recording from being shown: what was broken stands in the trace.
      try {
        await new Low<VerdictFile>(atomicFile(join(folder, 'verdicts.json')), kept).write();
      } catch (problem) {
        process.emitWarning(`verdicts.json could not be written: ${(problem as Error).message}`, 'RaftLab');
      }
    },
  };
}
