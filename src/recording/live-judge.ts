/**
 * The judges of a live run. They receive every event in the order of the file, and each violation is recorded in the
 * trace at once. Judges that fall behind read from the file. They finish when the servers have stopped, before the
 * trace is closed. Their verdicts are then written beside the trace, with the number of the last event that they
 * judged. In a continued run the judges start at the continuation: facts from earlier parts are unknown to them, and
 * the outcome is never better than it was before. Flow: recorder → here → recorder, verdicts.json.
 */
import { type Outcome, outcomeOf, type RunVerdicts, type Violation, worstOf } from '../core/check/index.ts';
import type { RunSettings } from '../core/trace/index.ts';
import { judgesOf } from './judges.ts';
import { runOutcome } from './run-outcome.ts';
import { inSlices } from './slices.ts';
import type { Recorder } from './types.ts';
import { writeVerdicts } from './verdict-file.ts';

/** The final verdicts of the judges. */
export interface Judged extends RunVerdicts {
  /**
   * `behind`: the time limit passed before the last events were judged. `failed`: the recording failed, and later
   * events are lost.
   */
  readonly heard: 'all' | 'behind' | 'failed';
}

/** The judges of one live run. */
export interface RunJudging {
  /**
   * Judges the remaining events and records the violations that only the end of a run proves. Call it when nothing more
   * happens in the run. Never rejects.
   *
   * @param withinMs  time limit, milliseconds, two seconds by default; `raft-lab check` judges the events left after it
   */
  finish(withinMs?: number): Promise<Judged>;
  /** Limits the rest of a running `finish` to two seconds. */
  hurry(): void;
  /** Writes verdicts.json. Call it after `finish` and after the end of the recording. Never rejects. */
  keep(endedBy: 'closed' | 'disk-cap' | 'lab-failure'): Promise<void>;
}

/**
 * Time limit for the remaining events when a run is closed, milliseconds. `raft-lab check` judges events left after it.
 */
const LAST_HEARING_MS = 2_000;

/** Maximum number of recorded violations. Later ones usually follow from the first. */
const MOST_NOTED = 20;

/** Starts the judges of a run. */
export function judgeRun(from: {
  readonly recorder: Recorder;
  readonly settings: RunSettings;
  readonly folder: string;
  /** The outcome of the judges of earlier parts; null for a new run. */
  readonly before: Outcome | null;
}): RunJudging {
  const { recorder, settings, folder, before } = from;
  const isWhole = before === null;
  const judges = judgesOf({ settings, isWhole });
  let events = 0;
  let lastSeq = 0;
  let noted = 0;
  let heardAll = false;
  let found: RunVerdicts | null = null;

  function note({ property, rule, params, proof }: Violation): void {
    if (noted >= MOST_NOTED) return;
    noted += 1;
    recorder.note({ event: 'PropertyViolated', property, rule, params, proof });
  }

  const feed = recorder.feed((event) => {
    events += 1;
    lastSeq = event.seq;
    for (const violation of judges.observe(event)) note(violation);
  });
  return {
    hurry: () => feed.hurry(LAST_HEARING_MS),
    finish: async (withinMs = LAST_HEARING_MS) => {
      heardAll = await feed.finish(withinMs);
      const isRecorded = await recorder.settle().then(
        () => true,
        () => false,
      );
      const { foundAtEnd, ...verdicts } = await inSlices(judges.finishing());
      for (const violation of foundAtEnd) note(violation);
      found = verdicts;
      return { ...verdicts, heard: isRecorded ? (heardAll ? 'all' : 'behind') : 'failed' };
    },
    keep: async (endedBy) => {
      if (found === null) return;
      const { scenario } = recorder.view();
      const outcome = runOutcome({
        ofJudges: worstOf([outcomeOf(found), before ?? 'not-judged', heardAll ? 'not-judged' : 'unknown']),
        ofScenario: scenario === null ? null : (scenario.ended?.verdict ?? 'unknown'),
        hasFailed: endedBy === 'lab-failure',
        flawed: null,
        isProved: true,
      });
      // If the disk is full, the recording must still be shown; the violations are in the trace as well.
      try {
        const heard = { events, lastSeq, heardAll, ...(before === null ? {} : { before }) };
        await writeVerdicts(folder, { format: 1, isWhole, ...heard, outcome, ...found });
      } catch (problem) {
        process.emitWarning(`verdicts.json could not be written: ${(problem as Error).message}`, 'RaftLab');
      }
    },
  };
}
