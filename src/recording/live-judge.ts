/**
 * The judges of a live run. They hear every event in the order of the file, and a violation is noted in the trace at
 * once. When they are behind, they read from the file. When the servers are gone they end, before the trace is closed,
 * and their verdicts are kept beside it, with the event up to which they heard the run. A continued run is judged from
 * here on: facts that rest on earlier parts are unknown, and the outcome is never better than it was before. Flow:
 * recorder → here → recorder, verdicts.json.
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
  /** `behind`: there was no time for the last events. `failed`: the recording failed, and what came after that is lost. */
  readonly heard: 'all' | 'behind' | 'failed';
}

/** The judges of one live run. */
export interface RunJudging {
  /**
   * Hears the rest and notes what only the end proves. To be called when nothing more happens in the run. Never
   * rejects.
   *
   * @param withinMs  time after which the rest is left to `raft-lab check`; two seconds by default
   */
  finish(withinMs?: number): Promise<Judged>;
  /** Shortens the time of a `finish` that has begun to two seconds. */
  hurry(): void;
  /** After `finish` and the end of the recording: writes verdicts.json. Never rejects. */
  keep(endedBy: 'closed' | 'disk-cap' | 'lab-failure'): Promise<void>;
}

/** Time for unheard events when a run is closed, milliseconds; `raft-lab check` judges the rest. */
const LAST_HEARING_MS = 2_000;

/** Maximum number of violations noted; later ones usually follow from the first. */
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
      // A full disk must not keep the recording from being shown: the trace has the violations.
      try {
        const heard = { events, lastSeq, heardAll, ...(before === null ? {} : { before }) };
        await writeVerdicts(folder, { format: 1, isWhole, ...heard, outcome, ...found });
      } catch (problem) {
        process.emitWarning(`verdicts.json could not be written: ${(problem as Error).message}`, 'RaftLab');
      }
    },
  };
}
