/** Requests about scenarios: list, play and stop them. */
import * as v from 'valibot';
import type { LabMode, ScenarioSummary } from './answers.ts';
import { endLive, nothing, seed } from './fields.ts';
import { LIMITS } from './limits.ts';
import { answer, type RequestRow } from './row.ts';

export const SCENARIO_REQUESTS = {
  /** Lists the scenarios that come with Raft Lab. */
  listScenarios: { ask: nothing, answer: answer<readonly ScenarioSummary[]>(), needs: 'none', uses: false },
  /**
   * Closes the open run and plays a scenario on a new cluster; a null seed is drawn. The view shows its progress. With `again`,
   * the last played scenario is played if it has this name, even if it came from a file.
   */
  playScenario: {
    ask: v.strictObject({
      name: v.pipe(v.string(), v.regex(/^[A-Za-z][\w-]{0,63}$/, 'is no name of a scenario')),
      seed: v.nullable(seed),
      again: v.exactOptional(v.boolean()),
      endLive,
    }),
    answer: answer<LabMode>(),
    needs: 'none',
    uses: true,
  },
  /** Plays a person's own scenario. `text` is the content of the file, `file` its name for error messages. */
  playScenarioFile: {
    ask: v.strictObject({
      file: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.fileNameLength)),
      text: v.pipe(
        v.string(),
        v.maxLength(LIMITS.scenarioLength, `a scenario has at most ${LIMITS.scenarioLength} characters`),
      ),
      seed: v.nullable(seed),
      endLive,
    }),
    answer: answer<LabMode>(),
    needs: 'none',
    uses: true,
  },
  /** Ends the playing scenario; its cluster keeps running. */
  stopScenario: { ask: nothing, answer: answer<Record<never, never>>(), needs: 'none', uses: false },
} as const satisfies Readonly<Record<string, RequestRow>>;
