/**
 * Plays a scenario from start to verdict: its cluster, the set-up, the steps and, when its servers are gone, the judges
 * of the run. An error of the lab never counts as a violation of Raft. Flow: player → here → live run; closed run →
 * judges → here → trace and caller.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { HistoryVerdict } from '../core/check/history/index.ts';
import { brokenInWords, objectionOf, type RunVerdicts } from '../core/check/index.ts';
import { type LivenessVerdict, standstillsInWords } from '../core/check/liveness/index.ts';
import type { RunChoice } from '../core/lab-api/index.ts';
import type { Scenario, Step } from '../core/scenario/index.ts';
import type { BothLanguages, LabEvent, ScenarioVerdict } from '../core/trace/index.ts';
import type { Recorder } from '../recording/index.ts';
import { asFailure, ScenarioFailure } from './failure.ts';
import { wordsOf } from './fields.ts';
import { Interpreter, type Progress } from './interpreter.ts';
import { LiveRunDriver, type Tally } from './live-run-driver.ts';
import type { Conclude, PlayedRun } from './played-run.ts';

/** How a scenario ended. */
export interface ScenarioOutcome {
  readonly name: string;
  readonly seed: number;
  readonly runId: string;
  readonly verdict: ScenarioVerdict;
  /**
   * The reason why it is not valid, with the place in the file; empty when it is valid. The next field has it in
   * Chinese.
   */
  readonly reason: string;
  readonly reasonZh: string;
  readonly warnings: readonly string[];
  /** Time from the moment when every server has started ticking to the last step, seconds. */
  readonly seconds: number;
  /** Time from the beginning until every server has started ticking, seconds. */
  readonly setUpSeconds: number;
  /** The longest time during which the lab itself was kept from its work, milliseconds. */
  readonly lagMs: number;
  readonly counts: Tally & { readonly crashes: number };
  /** Verdict on the clients' history; `not-judged` without clients, or when the scenario was called off. */
  readonly history: HistoryVerdict['verdict'];
  /** Whether a healthy majority got a leader and answers in time; `not-judged` when there was no healthy majority. */
  readonly liveness: LivenessVerdict['outcome'];
}

export interface PlayOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Aborted when the scenario is called off. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * Timing of the course's servers (docs/scenarios.md): T = 30 ticks and a heartbeat every 5, that is 300–600 ms and 50
 * ms. Writes reach the operating system before any reply, so SIGKILL cannot undo them. Scenarios of the course simulate
 * no power failure.
 */
const COURSE = { electionTicks: 30, heartbeatTicks: 5, durability: 'os-cache' } as const;

/** Returns the settings of a scenario's cluster. */
export function choiceFor({ cluster }: Scenario, seed: number): RunChoice {
  const { servers, mode, pace, timing } = cluster;
  const usual = mode === 'course' ? COURSE : {};
  return { servers, pace, preset: mode === 'production' ? 'production' : 'paper', seed, ...usual, ...timing };
}

/** A scenario whose steps are over and whose run is not closed yet. */
export interface PlayedSteps {
  /** Forms the verdict from the steps and the judges, and notes it in the trace as the run's last event. */
  readonly conclude: Conclude;
  /**
   * Returns the outcome. Call it after `conclude`.
   *
   * @param isKept  whether the trace is whole; without a whole trace there is no verdict
   */
  readonly outcome: (isKept: boolean) => ScenarioOutcome;
  /** Returns the outcome of a scenario that ended before its last step. Call it instead of `conclude`. */
  readonly callOff: () => ScenarioOutcome;
}

/** Plays the steps on a run that has just been started. Never rejects. */
export async function playOn({ run, reader, folder }: PlayedRun, options: PlayOptions): Promise<PlayedSteps> {
  const { scenario, seed, signal, progress } = options;
  const beganMs = performance.now();
  const warnings: string[] = [];
  const late = new AbortController();
  const cluster = new LiveRunDriver(run, folder, reader.settings.servers, AbortSignal.any([signal, late.signal]));
  const lag = monitorEventLoopDelay({ resolution: 5 });
  reader.note({
    event: 'ScenarioStarted',
    name: scenario.name,
    title: scenario.title,
    seed,
    reported: scenario.reported,
    steps: scenario.steps.map(shownStep),
  });
  await run.began;
  const wentMs = performance.now();
  lag.enable();
  const limit = setTimeout(() => late.abort(tooLong(scenario.limit)), scenario.limit * 1_000);
  let failure: ScenarioFailure | null = null;
  const heard = tellingTrace(scenario, reader.note, progress, warnings);
  try {
    await new Interpreter(cluster, seed, heard).play(scenario.steps);
    await cluster.booted();
    cluster.wantAnswers();
  } catch (cause) {
    failure = failureOf(cause, signal);
  }
  clearTimeout(limit);
  // Background parts must not act on a cluster that is being judged.
  late.abort(new ScenarioFailure('unknown', 'the scenario is over'));
  lag.disable();
  return playedSteps(
    { reader, failure, signal, warned: (says) => heard.warned(says, null) },
    {
      name: scenario.name,
      seed,
      runId: reader.runId,
      warnings,
      seconds: rounded((performance.now() - wentMs) / 1_000),
      setUpSeconds: rounded((wentMs - beganMs) / 1_000),
      lagMs: Math.round(lag.max / 1e6),
      counts: { ...cluster.close(), crashes: reader.view().counts.kills },
    },
  );
}

/** The result of the steps, for the verdict. */
interface Steps {
  readonly reader: Recorder;
  readonly failure: ScenarioFailure | null;
  readonly signal: AbortSignal;
  readonly warned: (says: BothLanguages) => void;
}

type Facts = Omit<ScenarioOutcome, 'verdict' | 'reason' | 'reasonZh' | 'history' | 'liveness'>;

function playedSteps({ reader, failure, signal, warned }: Steps, facts: Facts): PlayedSteps {
  function ended(why: ScenarioFailure | null, found: Pick<ScenarioOutcome, 'history' | 'liveness'>): ScenarioOutcome {
    const verdict = why?.kind ?? 'valid';
    const reason = why?.reason ?? null;
    reader.note({ event: 'ScenarioEnded', verdict, reason, seconds: facts.seconds });
    return { ...facts, verdict, reason: reason?.en ?? '', reasonZh: reason?.zh ?? '', ...found };
  }

  let outcome: ScenarioOutcome | null = null;
  return {
    conclude: ({ heard, ...found }) => {
      const { history, liveness } = found;
      const tooSlow = standstillsInWords(liveness);
      if (tooSlow !== null) warned(tooSlow);
      const why = worse(failure, heard === 'all' ? againstRun(found) : (againstPart(found) ?? NOT_HEARD[heard]));
      outcome = ended(why, { history: history.verdict, liveness: liveness.outcome });
    },
    outcome: (isKept) => {
      if (outcome === null) throw new Error('the scenario has no outcome before its run is closed');
      if (isKept || outcome.verdict === 'violated') return outcome;
      return { ...outcome, verdict: LOST.kind, reason: LOST.says.en, reasonZh: LOST.says.zh };
    },
    callOff: () => {
      const [found] = reader.view().violations;
      const broken = found === undefined ? null : new ScenarioFailure('violated', brokenInWords([found.property]));
      const why = failure?.kind === 'violated' ? failure : (broken ?? calledOffWith(signal));
      return ended(why, { history: 'not-judged', liveness: 'not-judged' });
    },
  };
}

function tooLong(seconds: number): ScenarioFailure {
  return new ScenarioFailure('unknown', {
    en: `it did not end within its ${seconds} s`,
    zh: `没有在 ${seconds} 秒内结束`,
  });
}

const CALLED_OFF: BothLanguages = { en: 'it was called off', zh: '被中止' };
const LAB_FAILED: BothLanguages = {
  en: 'the lab failed while it played, and ended the run',
  zh: '播放时实验室自身失败，运行被结束',
};

const DISK_CAP: BothLanguages = {
  en: 'the run was ended because the disk is nearly full or the recording has reached 8 GiB',
  zh: '磁盘快满或记录已达到 8 GiB，运行被结束',
};

/** Returns the failure of a scenario whose run ends for this reason. */
export function calledOffBy(reason: Parameters<Recorder['close']>[0]): ScenarioFailure {
  if (reason === 'closed') return new ScenarioFailure('unknown', CALLED_OFF);
  return new ScenarioFailure('lab-failure', reason === 'disk-cap' ? DISK_CAP : LAB_FAILED);
}

function calledOffWith(signal: AbortSignal): ScenarioFailure {
  return signal.reason instanceof ScenarioFailure ? signal.reason : new ScenarioFailure('unknown', CALLED_OFF);
}

const LOST = new ScenarioFailure('lab-failure', 'the recording failed before everything was judged');

/** The failures of a run whose end the judges did not receive. */
const NOT_HEARD = {
  behind: new ScenarioFailure('unknown', {
    en: 'it was ended before the judges had heard everything; raft-lab check judges the whole recording',
    zh: '运行在裁判听完之前被结束；raft-lab check 会评判整份记录',
  }),
  failed: LOST,
};

/** Returns a violation of the run, which holds even when the judges did not receive every event; null without one. */
function againstPart(found: RunVerdicts): ScenarioFailure | null {
  const failure = againstRun(found);
  return failure?.kind === 'violated' ? failure : null;
}

/** Returns the judges' finding against the run; null when they found nothing. */
function againstRun(found: RunVerdicts): ScenarioFailure | null {
  const objection = objectionOf(found);
  return objection === null ? null : new ScenarioFailure(objection.kind, objection.says);
}

/**
 * Chooses between two failures. The failure of a step comes first, because it has a place in the file. A violation that
 * the judges proved outranks a step's failure that is not a violation.
 */
function worse(ofSteps: ScenarioFailure | null, ofJudges: ScenarioFailure | null): ScenarioFailure | null {
  if (ofSteps !== null && ofSteps.kind !== 'violated' && ofJudges?.kind === 'violated') return ofJudges;
  return ofSteps ?? ofJudges;
}

/** Returns the text of a step in the trace; for a note, the note's own text. */
function shownStep(step: Step): string | BothLanguages {
  return step.kind === 'note' ? wordsOf(step, 'says') : step.text;
}

/** Passes progress on to the caller and records it in the trace. */
function tellingTrace(
  scenario: Scenario,
  note: (event: LabEvent) => void,
  progress: Progress,
  warnings: string[],
): Progress {
  return {
    began: (step) => {
      note({ event: 'ScenarioStepBegan', step: scenario.steps.indexOf(step) });
      progress.began(step);
    },
    noted: (says) => {
      note({ event: 'ScenarioNoted', says, warning: false });
      progress.noted(says);
    },
    warned: (says, step) => {
      warnings.push(says.en);
      note({ event: 'ScenarioNoted', says, warning: true });
      progress.warned(says, step);
    },
  };
}

function failureOf(cause: unknown, signal: AbortSignal): ScenarioFailure {
  // Errors after the scenario was called off are consequences of that.
  if (signal.aborted) return calledOffWith(signal);
  return asFailure(cause);
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}
