/**
 * Options of a soak and its report, completed with the verdicts of the run's judges. Flow: cli → soak.ts → here → cli.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { objectionOf } from '../../core/check/index.ts';
import type { BothLanguages } from '../../core/trace/index.ts';
import type { Findings } from '../../play/file-judge.ts';
import type { VerdictFile } from '../../recording/verdict-file.ts';

/** The options of a soak. It ends when minutes, kills and terms are reached, or at the first violation. */
export interface SoakOptions {
  readonly seed: number;
  readonly minutes: number;
  /** Minimum number of SIGKILLs. */
  readonly kills: number;
  /** Term that a server must reach. */
  readonly terms: number;
  /**
   * Number of leaders that are cut off in each round, one after the other, each until the other servers have elected a
   * new one.
   */
  readonly depose: number;
  /** Number of values of 60,000 characters that clients write before the first round. 90 of them make 5.4 MB. */
  readonly fill: number;
  /** Maximum wait for answers about stores after a round (5 s by default) and at the end (30 s), milliseconds. */
  readonly storesWithinMs?: { readonly round: number; readonly end: number };
  /** Returns the folder of a run. */
  readonly folderOf: (runId: string) => string;
  /** Called after each round. */
  readonly onRound: (report: SoakReport) => void;
  /** Returns true to end the soak after this round. */
  readonly isCalledOff: () => boolean;
}

/** Actions and findings of a soak. Durations named `…Ms` are milliseconds. */
export interface SoakReport extends Findings {
  /**
   * `violated`: the files, or a property of Raft that the judges of the run check. `unknown`: no violation was found,
   * but evidence that *valid* needs is missing.
   */
  readonly verdict: 'valid' | 'violated' | 'unknown';
  /** Sentences about problems; at most the first hundred. */
  readonly problems: readonly BothLanguages[];
  /** Properties of Raft that the judges of the run found broken, `linearizable` and `liveness` among them. */
  readonly broken: readonly string[];
  /**
   * Number of stores without an answer in time, over all rounds. The files of their servers were judged all the same.
   */
  readonly unanswered: number;
  /**
   * Reasons why the soak is not *valid*, as sentences: a store without an answer, a recovery that took too long, facts
   * that could not be judged.
   */
  readonly missing: readonly BothLanguages[];
  readonly seed: number;
  readonly runId: string;
  readonly preset: string;
  readonly seconds: number;
  readonly rounds: number;
  readonly kills: number;
  readonly leaderKills: number;
  /** Number of leaders that were cut off until another was elected. */
  readonly deposed: number;
  readonly freezes: number;
  /** Number of groups cut off, and of servers cut in one direction. */
  readonly cuts: number;
  readonly delays: number;
  readonly losses: number;
  readonly duplicates: number;
  readonly messages: number;
  readonly dropped: number;
  readonly elections: number;
  /** Highest term of a server. */
  readonly terms: number;
  readonly entries: number;
  readonly acknowledged: number;
  readonly unknown: number;
  /** Fewest unanswered commands at a kill, and fewest acknowledged writes between two kills. */
  readonly leastInFlight: number;
  readonly leastBetweenKills: number;
  readonly medianRecoveryMs: number;
  readonly worstRecoveryMs: number;
}

/** The soak's own counts while it runs. */
export type Counts = { -readonly [Name in CountName]: number };
export type CountName =
  | 'rounds'
  | 'kills'
  | 'leaderKills'
  | 'deposed'
  | 'freezes'
  | 'cuts'
  | 'delays'
  | 'losses'
  | 'duplicates';

const UNHEARD = (lastSeq: number): BothLanguages => ({
  en: `the judges heard the run up to event ${lastSeq} only`,
  zh: `判定只进行到事件 ${lastSeq}`,
});

/**
 * Adds the verdicts of the judges of the run, which are stored when the run is closed.
 *
 * @param folder  of the run
 */
export async function withJudges(report: SoakReport, folder: string): Promise<SoakReport> {
  const text = await readFile(join(folder, 'verdicts.json'), 'utf8').catch(() => null);
  if (text === null)
    return concluded(report, [], [{ en: 'the verdicts of the judges were not written', zh: '判定结果没有写下来' }]);
  const found = JSON.parse(text) as VerdictFile;
  const objection = objectionOf(found);
  const open = objection?.kind === 'unknown' ? [objection.says] : [];
  return concluded(report, brokenIn(found), [...open, ...(found.heardAll === false ? [UNHEARD(found.lastSeq)] : [])]);
}

/** Returns the broken properties by the names that `raft-lab check` prints. */
function brokenIn({ verdicts, history, liveness }: VerdictFile): readonly string[] {
  const properties = verdicts.filter(({ outcome }) => outcome === 'violated').map(({ property }) => property);
  return [
    ...properties,
    ...(history.verdict === 'violated' ? ['linearizable'] : []),
    ...(liveness.outcome === 'violated' ? ['liveness'] : []),
  ];
}

function concluded(report: SoakReport, found: readonly string[], open: readonly BothLanguages[]): SoakReport {
  const broken = [...new Set([...report.broken, ...found])];
  const missing = [...report.missing, ...open];
  const isViolated = report.verdict === 'violated' || broken.length > 0;
  return { ...report, broken, missing, verdict: isViolated ? 'violated' : missing.length > 0 ? 'unknown' : 'valid' };
}
