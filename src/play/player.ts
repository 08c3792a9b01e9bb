/**
 * Plays scenarios, one at a time, each on a cluster of its own, until the scenario ends, is stopped, or its run is
 * closed. Progress is noted in the run's trace, where all other code reads it. Flow: dispatcher, lab → here → play.
 */
import { randomInt } from 'node:crypto';
import type { Requests, RunChoice, ScenarioSummary } from '../core/lab-api/index.ts';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import { readScenario, type Scenario, ScenarioProblem } from '../core/scenario/index.ts';
import type { Recorder } from '../recording/index.ts';
import { scenariosIn } from './library.ts';
import { calledOffBy, choiceFor, type PlayOptions, playOn, type ScenarioOutcome } from './play.ts';
import type { Conclude, PlayedRun } from './played-run.ts';

/**
 * The functions through which scenarios get a cluster. `MayEnd` is the caller's permission to close the open run; the
 * player only passes it on.
 */
export interface PlayerParts<MayEnd> {
  /** Folder of the scenarios that come with Raft Lab; null when none do. */
  readonly folder: string | null;
  /** Closes the open run and starts a cluster for the scenario of this name. */
  readonly create: (choice: RunChoice, scenario: string, mayEnd?: MayEnd) => Promise<unknown>;
  /** The live run; null when none is open. */
  readonly current: () => PlayedRun | null;
  /**
   * Stops the cluster and closes its run. `ended`: the run was closed by other means. `not-kept`: the recording is
   * incomplete because part of it could not be written.
   */
  readonly conclude: (run: PlayedRun, conclude: Conclude) => Promise<'kept' | 'not-kept' | 'ended'>;
  /** Resolves when no run is being opened or closed. */
  readonly settled: () => Promise<void>;
  /** Opens the recording of a run that has ended. */
  readonly show: (run: PlayedRun) => Promise<void>;
}

/** The options of playing a scenario. `more` is added to the settings of its run. */
export type PlayRequest = Omit<PlayOptions, 'signal'> & {
  readonly signal?: AbortSignal;
  readonly more?: Pick<RunChoice, 'mutants' | 'flags'>;
};

type NamedScenario = Pick<Requests['playScenario']['ask'], 'name' | 'seed' | 'again'>;
type ScenarioText = Pick<Requests['playScenarioFile']['ask'], 'file' | 'text' | 'seed'>;

const SILENT = { began: () => undefined, warned: () => undefined, noted: () => undefined };

/** The player of one lab. */
export class ScenarioPlayer<MayEnd> {
  readonly #parts: PlayerParts<MayEnd>;
  #playing: AbortController | null = null;
  /** The scenario that was requested last, for "again". The text of a person's file is kept only here. */
  #last: Scenario | null = null;

  constructor(parts: PlayerParts<MayEnd>) {
    this.#parts = parts;
  }

  async list(): Promise<readonly ScenarioSummary[]> {
    return (await this.#all()).map(({ name, title, part, cluster }) => ({
      name,
      title,
      part,
      servers: cluster.servers,
    }));
  }

  /**
   * Begins a built-in scenario. The trace reports its end, and then its recording is opened.
   *
   * @param request.again  prefers the scenario played last, if it has this name
   * @throws LabProblem unknown-scenario, …
   */
  async playNamed({ name, seed, again = false }: NamedScenario, mayEnd?: MayEnd): Promise<void> {
    const last = again && this.#last?.name === name ? this.#last : undefined;
    const scenario = last ?? (await this.#all()).find((one) => one.name === name);
    if (scenario === undefined) throw new LabProblem('unknown-scenario', { name });
    await this.#beginAndShow(scenario, seed, mayEnd);
  }

  /**
   * Begins the scenario in the text of a person's own file. The text is checked first, so that a file that cannot be
   * played leaves the open run open.
   *
   * @throws LabProblem bad-scenario, …
   */
  async playText({ file, text, seed }: ScenarioText, mayEnd?: MayEnd): Promise<void> {
    await this.#beginAndShow(scenarioOf(file, text), seed, mayEnd);
  }

  async #beginAndShow(scenario: Scenario, seed: number | null, mayEnd?: MayEnd): Promise<void> {
    this.#last = scenario;
    const { run, outcome } = await this.begin({ scenario, seed: seed ?? randomInt(2 ** 32), progress: SILENT }, mayEnd);
    // The trace has the scenario's end. A recorder that cannot keep it reports that itself.
    outcome.then(() => this.#parts.show(run)).catch(() => undefined);
  }

  /**
   * Closes the open run and begins to play.
   *
   * @returns as soon as the cluster starts: its run, and a promise of the outcome
   * @throws LabProblem when no cluster can be started
   */
  async begin(
    request: PlayRequest,
    mayEnd?: MayEnd,
  ): Promise<{ readonly run: PlayedRun; readonly outcome: Promise<ScenarioOutcome> }> {
    const { scenario, seed, progress, signal, more = {} } = request;
    const choice = { ...choiceFor(scenario, seed), ...more };
    await this.#parts.create(choice, scenario.name, mayEnd);
    const run = this.#parts.current();
    if (run === null) throw new LabProblem('no-run');
    const playing = new AbortController();
    this.#playing = playing;
    const calledOff = signal === undefined ? playing.signal : AbortSignal.any([signal, playing.signal]);
    return { run, outcome: this.#play(run, { scenario, seed, progress, signal: calledOff }, playing) };
  }

  /** Calls off the scenario that is being played. Call it, with the reason, before its run is closed. */
  stop(reason: Parameters<Recorder['close']>[0] = 'closed'): void {
    this.#playing?.abort(calledOffBy(reason));
    this.#playing = null;
  }

  /** Plays the steps, closes the run, and judges it. When the scenario is called off, its cluster keeps running. */
  async #play(run: PlayedRun, options: PlayOptions, playing: AbortController): Promise<ScenarioOutcome> {
    const played = await playOn(run, options);
    if (this.#playing === playing) this.#playing = null;
    if (options.signal.aborted) {
      const outcome = played.callOff();
      await this.#parts.settled();
      return outcome;
    }
    const end = await this.#parts.conclude(run, played.conclude);
    return end === 'ended' ? played.callOff() : played.outcome(end === 'kept');
  }

  async #all(): Promise<readonly Scenario[]> {
    const { folder } = this.#parts;
    return folder === null ? [] : await scenariosIn(folder);
  }
}

function scenarioOf(file: string, text: string): Scenario {
  try {
    return readScenario(text);
  } catch (problem) {
    if (!(problem instanceof ScenarioProblem)) throw problem;
    const { place, sentence } = problem;
    throw new LabProblem('bad-scenario', { file, line: place.line, column: place.column, detail: sentence });
  }
}
