/** Requests about runs: begin, continue, open, close, name and delete them. */
import * as v from 'valibot';
import type { LabMode } from './answers.ts';
import { count, endLive, nothing, pace, runId, seed, serverId, timing, whole } from './fields.ts';
import { LIMITS } from './limits.ts';
import { answer, type Frozen, type RequestRow } from './row.ts';
import type { KeptRuns, RunSummary } from './runs.ts';

const flags = v.strictObject({
  preVote: v.exactOptional(v.boolean()),
  checkQuorum: v.exactOptional(v.boolean()),
  noop: v.exactOptional(v.boolean()),
});

const runChoice = v.strictObject({
  /** Number of servers; 5 by default. */
  servers: v.exactOptional(v.pipe(whole, v.minValue(1), v.maxValue(LIMITS.servers))),
  pace: v.exactOptional(pace),
  preset: v.exactOptional(v.picklist(['paper', 'production'])),
  /** Flags that differ from the preset's. */
  flags: v.exactOptional(flags),
  durability: v.exactOptional(v.picklist(['fsync', 'os-cache'])),
  /** Servers that run a wrong rule on purpose, with the mutant's id (docs/mutants.md). */
  mutants: v.exactOptional(v.record(serverId, v.pipe(v.string(), v.maxLength(64)))),
  /** In ticks of 10 ms at pace real: T is 15 and the heartbeat 5 by default, and the links have the pace's own delay. */
  ...timing,
  seed: v.exactOptional(seed),
});

/** The settings a person chooses for a new run; all others have a default. */
export type RunChoice = Frozen<v.InferOutput<typeof runChoice>>;

const title = v.pipe(
  v.string(),
  v.maxLength(LIMITS.titleLength, `a title has at most ${LIMITS.titleLength} characters`),
  v.regex(/^\P{Cc}*$/u, 'a title is one line'),
);
const note = v.pipe(v.string(), v.maxLength(LIMITS.noteLength, `a note has at most ${LIMITS.noteLength} characters`));

export const RUN_REQUESTS = {
  /** Reports that the page has painted. Starts the default run if nothing is open and `autoStart` is set. */
  ready: {
    ask: v.strictObject({ autoStart: v.boolean() }),
    answer: answer<LabMode>(),
    needs: 'none',
    uses: false,
  },
  createRun: {
    ask: v.strictObject({ ...runChoice.entries, endLive }),
    answer: answer<LabMode>(),
    needs: 'none',
    uses: false,
  },
  /** Continues a run. A null id means the newest run, apart from the live one. */
  continueRun: {
    ask: v.strictObject({
      runId: v.nullable(runId),
      /** Continues even a run that was left open on another machine. The person has made sure that it ended there. */
      takeOver: v.exactOptional(v.boolean()),
      endLive,
    }),
    answer: answer<LabMode>(),
    needs: 'none',
    uses: true,
  },
  openRun: { ask: v.strictObject({ runId, endLive }), answer: answer<LabMode>(), needs: 'none', uses: false },
  closeRun: { ask: nothing, answer: answer<LabMode>(), needs: 'none', uses: false },
  /** Deletes a recording with all its files. An open recording is closed first; a live run is refused. */
  deleteRun: {
    ask: v.strictObject({ runId }),
    answer: answer<Record<never, never>>(),
    needs: 'none',
    uses: false,
  },
  /** Sets a run's title, note or both; an empty text removes it. */
  labelRun: {
    ask: v.strictObject({ runId, title: v.exactOptional(title), note: v.exactOptional(note) }),
    answer: answer<Record<never, never>>(),
    needs: 'none',
    uses: false,
  },
  /**
   * Keeps the newest recordings and deletes the others; without `agreed` it only reports what it would delete. Runs that are
   * open, named, noted or damaged stay and do not count.
   */
  keepRuns: {
    ask: v.strictObject({
      newest: count,
      agreed: v.exactOptional(v.strictObject({ count, first: v.nullable(runId) })),
    }),
    answer: answer<KeptRuns>(),
    needs: 'none',
    uses: false,
  },
  /** Lists runs, newest first; at most `newest` of them, all by default. Each run costs reading a manifest. */
  listRuns: {
    ask: v.strictObject({ newest: v.exactOptional(v.pipe(whole, v.minValue(1))) }),
    answer: answer<readonly RunSummary[]>(),
    needs: 'none',
    uses: false,
  },
  /** Absolute path of the folder of the recordings. */
  dataFolder: { ask: nothing, answer: answer<{ readonly path: string }>(), needs: 'none', uses: false },
} as const satisfies Readonly<Record<string, RequestRow>>;
