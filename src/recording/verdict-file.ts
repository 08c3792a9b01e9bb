/**
 * verdicts.json beside a recording: the verdicts of the live run's judges. The list of runs shows them without judging
 * again. A file that does not fit the recording is ignored. The file is removed before a run is continued. Flow: live
 * judges → here → list.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Low } from 'lowdb';
import * as v from 'valibot';
import { type Outcome, type RunVerdicts, worstOf } from '../core/check/index.ts';
import type { TraceEvent } from '../core/trace/events.ts';
import { parseTraceLine } from '../core/trace/parse-line.ts';
import { atomicFile, syncFolder } from '../program/atomic-file.ts';
import { openForeignFile } from '../program/foreign-file.ts';
import { type RunOutcome, runOutcome } from './run-outcome.ts';

/** The content of a run's verdicts.json. */
export interface VerdictFile extends RunVerdicts {
  readonly format: 1;
  /** Whether the judges received the run from its first event on. */
  readonly isWhole: boolean;
  readonly events: number;
  /** Number (`seq`) of the newest judged event. Every event before it was judged as well. */
  readonly lastSeq: number;
  /**
   * False when the run has later events that were not judged. Absent in files of earlier versions, which judged all
   * events.
   */
  readonly heardAll?: boolean;
  /**
   * The outcome of the judges of earlier parts of this run (`takeVerdicts`). Absent in a run that was not continued,
   * and in files of earlier versions.
   */
  readonly before?: Outcome;
  /** The outcome of all judges and the scenario together. */
  readonly outcome: RunOutcome;
}

const outcome = v.picklist(['valid', 'violated', 'unknown', 'not-judged']);
const schema = v.object({
  format: v.literal(1),
  lastSeq: v.number(),
  isWhole: v.exactOptional(v.boolean()),
  heardAll: v.exactOptional(v.boolean()),
  before: v.exactOptional(outcome),
  /** Absent in files of an earlier version. */
  outcome: v.exactOptional(v.picklist([...outcome.options, 'incomplete', 'damaged', 'lab-failure'])),
  verdicts: v.array(v.object({ outcome })),
  history: v.object({ verdict: outcome }),
  liveness: v.object({ outcome }),
});

/** Number of bytes at the end of a trace that are read to find its last line. */
const END_BYTES = 64 * 1024;

/** Writes the verdicts of a run, durable when the promise resolves. Rejects with the file system's error. */
export async function writeVerdicts(folder: string, kept: VerdictFile): Promise<void> {
  await new Low<VerdictFile>(atomicFile(fileIn(folder)), kept).write();
}

/**
 * Removes the verdict file of a run that is to be continued, because its verdicts do not cover the continuation.
 * Rejects with the file system's error.
 *
 * @param isWhole  whether the recording has its end, so that the verdicts can cover all of it
 * @returns the outcome of all judges so far; `unknown` when something was not judged
 */
export async function takeVerdicts(folder: string, isWhole: boolean): Promise<Outcome> {
  const kept = await readVerdicts(folder);
  await rm(fileIn(folder), { force: true });
  await syncFolder(folder);
  if (kept === null) return 'unknown';
  const before = kept.before ?? (kept.isWhole === false ? 'unknown' : 'not-judged');
  const isJudged = isWhole && kept.heardAll !== false;
  return worstOf([worstIn(kept), before, isJudged ? 'not-judged' : 'unknown']);
}

/** Returns the outcome of a run that is not open, from the end of its trace and its verdict file. Never rejects. */
export async function keptOutcome(folder: string, trace: string): Promise<RunOutcome> {
  const end = await lastEvent(trace).catch(() => null);
  if (end?.event !== 'RunEnded') return 'incomplete';
  const kept = await readVerdicts(folder);
  const recorded = { ofScenario: null, hasFailed: end.reason === 'lab-failure', flawed: null, isProved: true } as const;
  if (kept === null || kept.lastSeq >= end.seq) return runOutcome({ ...recorded, ofJudges: 'not-judged' });
  return kept.outcome ?? runOutcome({ ...recorded, ofJudges: worstIn(kept) });
}

async function readVerdicts(folder: string): Promise<v.InferOutput<typeof schema> | null> {
  try {
    const parsed = v.safeParse(schema, await atomicFile(fileIn(folder)).read());
    return parsed.success ? parsed.output : null;
  } catch {
    // The file is damaged or missing, so the run has no verdicts.
    return null;
  }
}

function worstIn({ verdicts, history, liveness }: v.InferOutput<typeof schema>): Outcome {
  return worstOf([...verdicts.map((one) => one.outcome), history.verdict, liveness.outcome]);
}

/**
 * Returns the last event of a trace; null when its line is torn, damaged or longer than the bytes read. Rejects with
 * the file system's error.
 */
async function lastEvent(trace: string): Promise<TraceEvent | null> {
  const file = await openForeignFile(trace);
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, END_BYTES));
    await file.read(bytes, 0, bytes.length, size - bytes.length);
    const [line, afterLast] = bytes.toString('utf8').split('\n').slice(-2);
    const parsed = line === undefined || afterLast !== '' ? null : parseTraceLine(line);
    return parsed?.ok === true ? parsed.event : null;
  } finally {
    await file.close();
  }
}

function fileIn(folder: string): string {
  return join(folder, 'verdicts.json');
}
