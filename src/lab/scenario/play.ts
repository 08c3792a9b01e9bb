/**
 * Plays a scenario from start to verdict: a cluster of its own, set-up apart, the steps, and the judges of the run. What
 * the lab itself cannot do is never a broken promise of Raft. Flow: lab → here → live run; verdict → whoever asked.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { ClientHistory, type HistoryVerdict, type Limits } from '../../core/check/history/index.ts';
import { Liveness, type LivenessVerdict, lateInWords, tooSlowInWords } from '../../core/check/liveness/index.ts';
import type { RunChoice } from '../../core/lab-api/index.ts';
import type { Scenario, Step } from '../../core/scenario/index.ts';
import type { BothLanguages, LabEvent, ScenarioVerdict } from '../../core/trace/index.ts';
import type { LiveSitting } from '../sittings.ts';
import { asFailure, ScenarioFailure } from './failure.ts';
import { wordsOf } from './fields.ts';
import { Interpreter, type Progress } from './interpreter.ts';
import { RunHands, type Tally } from './run-hands.ts';

/** How a scenario ended. */
export interface ScenarioOutcome {
  readonly name: string;
  readonly seed: number;
  readonly runId: string;
  readonly verdict: ScenarioVerdict;
  /** Why it is not valid, with the place in the file; empty when it is. The same in Chinese. */
  readonly reason: string;
  readonly reasonZh: string;
  readonly warnings: readonly string[];
  /** From the last server's readiness to the last step, seconds. */
  readonly seconds: number;
  /** From the beginning until every server was told to go, seconds. */
  readonly setUpSeconds: number;
  /** The longest the lab itself was kept from its work, milliseconds. */
  readonly lagMs: number;
  readonly counts: Tally & { readonly crashes: number };
  /** Whether what clients were told can be; `not-judged` when there were none. */
  readonly history: HistoryVerdict['verdict'];
  /** Whether a majority that was well got its leader and its answers in time; `not-judged` when none ever was. */
  readonly liveness: LivenessVerdict['outcome'];
}

export interface PlayOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Called off by somebody. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** The lab's own thread waits for this search: two seconds or so at most. `raft-lab check` has the usual bound. */
const LIVE_LIMITS: Limits = { mostSteps: 2_000_000, mostStates: 500_000 };

/**
 * As the course's servers need it (docs/scenarios.md): T = 30 ticks and a heartbeat every 5, that is 300–600 ms and 50 ms;
 * writes reach the operating system before any reply, which SIGKILL cannot take back. Nobody cuts the power.
 */
const COURSE = { electionTicks: 30, heartbeatTicks: 5, durability: 'os-cache' } as const;

/** What a scenario's cluster is started with. */
export function choiceFor({ cluster }: Scenario, seed: number): RunChoice {
  const { servers, mode, pace } = cluster;
  const timing = mode === 'course' ? COURSE : {};
  return { servers, pace, preset: mode === 'production' ? 'production' : 'paper', seed, ...timing };
}

/** Plays the steps on a run that has just been started. Never rejects. */
export async function playOn(sitting: LiveSitting, options: PlayOptions): Promise<ScenarioOutcome> {
  const { scenario, seed, signal, progress } = options;
  const { run, reader } = sitting;
  const beganMs = performance.now();
  const warnings: string[] = [];
  const late = new AbortController();
  const calledOff = AbortSignal.any([signal, late.signal]);
  const hands = new RunHands(run, sitting.folder, reader.settings.servers, calledOff);
  const clients = new ClientHistory();
  const liveness = new Liveness(reader.settings);
  const stopListening = reader.listen((released) => {
    for (const event of released) {
      clients.observe(event);
      liveness.observe(event);
    }
  });
  const lag = monitorEventLoopDelay({ resolution: 5 });
  reader.note({
    ...{ event: 'ScenarioStarted', name: scenario.name, title: scenario.title, seed, reported: scenario.reported },
    steps: scenario.steps.map(shownStep),
  });
  await run.began;
  const wentMs = performance.now();
  lag.enable();
  const limit = setTimeout(
    () =>
      late.abort(
        new ScenarioFailure('unknown', {
          en: `it did not end within its ${scenario.limit} s`,
          zh: `没有在 ${scenario.limit} 秒内结束`,
        }),
      ),
    scenario.limit * 1_000,
  );
  let failure: ScenarioFailure | null = null;
  const heard = tellingTrace(scenario, reader.note, progress, warnings);
  try {
    await new Interpreter(hands, seed, heard).play(scenario.steps);
    await hands.booted();
  } catch (cause) {
    failure = failureOf(cause, signal);
  }
  clearTimeout(limit);
  // What runs in the background must not go on with a cluster that is being judged.
  late.abort(new ScenarioFailure('unknown', 'the scenario is over'));
  lag.disable();
  const endedMs = performance.now();
  // A run that somebody closed meanwhile has no more to tell.
  if (!signal.aborted) await reader.flush();
  const [broken] = reader.view().violations;
  stopListening();
  const history = clients.judge(LIVE_LIMITS);
  const live = liveness.verdict();
  failure ??= judged(broken?.property ?? null, history, live);
  const tooSlow = tooSlowInWords(live);
  if (tooSlow !== null) heard.warned(tooSlow, null);
  const seconds = rounded((endedMs - wentMs) / 1_000);
  const verdict = failure?.kind ?? 'valid';
  const reason = failure?.reason ?? null;
  reader.note({ event: 'ScenarioEnded', verdict, reason, seconds });
  return {
    ...{ name: scenario.name, seed, runId: reader.runId, verdict, warnings, seconds },
    ...{ reason: reason?.en ?? '', reasonZh: reason?.zh ?? '' },
    setUpSeconds: rounded((wentMs - beganMs) / 1_000),
    lagMs: Math.round(lag.max / 1e6),
    counts: { ...hands.close(), crashes: reader.view().counts.kills },
    ...{ history: history.verdict, liveness: live.outcome },
  };
}

/** The judges of the run, the clients' history and liveness, when every step went well; null: nothing against it. */
function judged(
  broken: string | null,
  history: HistoryVerdict,
  { violation }: LivenessVerdict,
): ScenarioFailure | null {
  if (broken !== null) {
    return new ScenarioFailure('violated', { en: `${broken} is broken`, zh: `${broken} 被违反` });
  }
  const key = history.violation?.key;
  if (history.verdict === 'violated') {
    return new ScenarioFailure('violated', { en: `not linearizable on key ${key}`, zh: `键 ${key} 上不可线性化` });
  }
  if (violation !== null) return new ScenarioFailure('violated', lateInWords(violation));
  if (history.verdict !== 'unknown') return null;
  return new ScenarioFailure('unknown', {
    en: 'the history of the clients is too hard to judge',
    zh: '客户的历史太难判定',
  });
}

/** As the trace has it: a note is what it says. */
function shownStep(step: Step): string | BothLanguages {
  return step.kind === 'note' ? wordsOf(step, 'says') : step.text;
}

/** What is told to whoever asked goes into the trace as well. */
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
  // Whatever fails once it was called off, fails because of that.
  if (signal.aborted) return new ScenarioFailure('unknown', { en: 'it was called off', zh: '被中止' });
  return asFailure(cause);
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}
