/**
 * The workspace of a lab: idle, a live run or a recording. Opening and closing happen one after another (a second click
 * waits for the first), a run is never left half open, and every change is pushed to the doors. Flow: dispatcher → here
 * → run folder, recorder and live run; recorder → push hub.
 */
import { randomBytes, randomInt } from 'node:crypto';
import packageJson from '../../package.json' with { type: 'json' };
import { LiveRun } from '../cluster/live-run.ts';
import { NO_EARLIER_PARTS } from '../cluster/live-run-options.ts';
import { sweepRun } from '../cluster/processes/survivors.ts';
import { settingsFor } from '../cluster/run-settings.ts';
import type { LabMode, RunChoice } from '../core/lab-api/index.ts';
import { LabProblem, unwrapped } from '../core/lab-api/lab-problem.ts';
import { emptyView, type RunSettings } from '../core/trace/index.ts';
import { type Conclude, type PlayedRun, ScenarioPlayer } from '../play/index.ts';
import {
  createRecorder,
  createRunFolder,
  findRun,
  type Lock,
  lockDataFolder,
  lockRun,
  originAfter,
  type Recorder,
  removeUnfinished,
  resumeRun,
  serverFolder,
} from '../recording/index.ts';
import { judgeRun, type RunJudging } from '../recording/live-judge.ts';
import { assertFree, assertMayContinue, releaseAll, unlocked } from '../recording/locked.ts';
import type { StagedFile } from '../recording/opened/stage-file.ts';
import { readRecording } from '../recording/read-recording.ts';
import { assertRoom } from '../recording/room.ts';
import {
  ALWAYS,
  type Beginning,
  type Continuing,
  earlierOf,
  type MayEnd,
  noteBeginning,
  type Opening,
  openingView,
  speedAt,
} from './beginning.ts';
import { type PushHub, standingAt } from './doors/push-hub.ts';
import { guardRun } from './guards.ts';
import { Recordings } from './recordings.ts';
import type { LabOptions, PowerChange } from './types.ts';
import type { EndReason, LiveState, WorkspaceState } from './workspace-state.ts';

const NOTHING_MORE: Conclude = () => undefined;

/** The workspace of one lab. Call `closeRun` at the end. */
export class Workspace {
  readonly #options: LabOptions;
  readonly #hub: PushHub;
  #current: WorkspaceState = { mode: 'idle' };
  /** The run that is being started or is live, for `killNow`. */
  #run: LiveRun | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  readonly scenarios: ScenarioPlayer<MayEnd>;
  /** The list of recordings, and the actions on those that are not open. */
  readonly recordings: Recordings;
  #judging: RunJudging | null = null;
  #stopHeapWatch: () => void = () => undefined;

  constructor(options: LabOptions, hub: PushHub) {
    this.#options = options;
    this.#hub = hub;
    this.recordings = new Recordings({
      dataFolder: options.dataFolder,
      current: () => this.#current,
      inTurn: (work) => this.#inTurn(work),
      putAway: () => this.#end('closed'),
    });
    this.scenarios = new ScenarioPlayer({
      folder: options.programs.scenarios ?? null,
      create: (choice, scenario, mayEnd = ALWAYS) => this.create(choice, { scenario, mayEnd }),
      current: () => (this.#current.mode === 'live' ? this.#current : null),
      conclude: (run, conclude) => this.#conclude(run, conclude),
      settled: () => this.#inTurn(async () => undefined),
      show: (run) => this.#showRecording(run),
    });
  }

  current(): WorkspaceState {
    return this.#current;
  }

  /** The present state as doors receive it. */
  mode(): LabMode {
    const current = this.#current;
    if (current.mode === 'idle') return { mode: 'idle' };
    const { runId, settings } = current.reader;
    if (current.mode === 'live') return { mode: 'live', runId, settings };
    const { fromUs, toUs } = current.reader.span();
    const { staged, flaw } = current;
    const file = staged === null ? {} : { file: staged.name };
    return { mode: 'past', runId, settings, fromUs, toUs, atUs: toUs, ...file, ...(flaw === null ? {} : { flaw }) };
  }

  /** Folder in which the runs are kept. */
  get dataFolder(): string {
    return this.#options.dataFolder;
  }

  /** Returns the open run. Starts one with the default settings when the workspace is idle. */
  async ensureRun(): Promise<LabMode> {
    return await this.#inTurn(async () => (this.#current.mode === 'idle' ? await this.#createNext({}) : this.mode()));
  }

  /**
   * Checks that a run can start, closes the open run, and starts the new one.
   *
   * @param opening.scenario  name of the scenario to be played
   * @throws LabProblem run-locked, disk-nearly-full, one of spawnProblem, …
   */
  async create(choice: RunChoice, opening: Opening = {}): Promise<LabMode> {
    return await this.#inTurn(async () => await this.#createNext(choice, opening));
  }

  /**
   * Closes the open run and continues a recorded one from the servers' own files.
   *
   * @param wanted  null: the newest run that is not live here
   * @param how.takeOver  continue the run even when it was left open in another place
   * @throws LabProblem run-locked and similar ones, run-left-elsewhere, no-runs, unknown-run, run-damaged
   */
  async continueRun(wanted: string | null, { takeOver = false, mayEnd = ALWAYS }: Continuing = {}): Promise<LabMode> {
    return await this.#inTurn(async () => {
      const { runId, folder } = await this.#find(wanted);
      const current = this.#current;
      // Every check comes before closing, so that a refused request leaves the open run open.
      if (current.mode !== 'live' || current.folder !== folder) await assertMayContinue(runId, folder, takeOver);
      await this.#assertMayStart();
      mayEnd(this.#current);
      await this.#end('closed');
      return await this.#locking(runId, async (locks) => {
        locks.push(unlocked(await lockRun(folder), runId));
        const { left } = await sweepRun(folder, (message) => process.emitWarning(message, 'RaftLab'));
        if (left !== '') throw new Error(left);
        const resumed = unwrapped(await resumeRun(folder));
        const { settings } = resumed.manifest;
        return await this.#begin({ runId, folder, settings, locks, resumed });
      });
    });
  }

  /** Closes the open run and opens a recording. @throws LabProblem unknown-run, run-damaged */
  async open(wanted: string, { mayEnd = ALWAYS }: Opening = {}): Promise<LabMode> {
    return await this.#inTurn(async () => {
      const { folder } = await this.#find(wanted);
      mayEnd(this.#current);
      await this.#end('closed');
      return await this.#openPast(folder, null);
    });
  }

  /** Opens the recording in any folder: a run's, or the copy of an exported file. @throws LabProblem run-damaged */
  async openFolder(folder: string, staged: StagedFile | null, { mayEnd = ALWAYS }: Opening = {}): Promise<LabMode> {
    return await this.#inTurn(async () => {
      mayEnd(this.#current);
      // A run that is live here must be closed first, so that its recording has its end.
      if (this.#current.mode === 'live' && this.#current.folder === folder) await this.#end('closed');
      return await this.#openPast(folder, staged);
    });
  }

  /** Stops the live run in order, or closes the recording. */
  async closeRun(): Promise<LabMode> {
    return await this.#inTurn(async () => {
      await this.#end('closed');
      return this.mode();
    });
  }

  /**
   * Ends a live run after its scenario.
   *
   * @returns `kept` when its recording is whole; `ended` when it was already closed
   */
  async #conclude(run: PlayedRun, conclude: Conclude): Promise<'kept' | 'not-kept' | 'ended'> {
    return await this.#inTurn(async () => {
      if (this.#current !== run) return 'ended';
      return (await this.#end('closed', conclude)) ? 'kept' : 'not-kept';
    });
  }

  /** Opens the recording of a run that has ended, unless another run was opened since. */
  async #showRecording({ folder }: PlayedRun): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#current.mode === 'idle') await this.#openPast(folder, null);
    });
  }

  /** Marks a sleep of the computer in the live run. Does nothing without a live run. */
  notePower(change: PowerChange): void {
    if (this.#current.mode === 'live') this.#current.run.watch.sleep[change]();
  }

  /** Limits the wait for the judges of a scenario's verdict to the time that closing any run takes. */
  hurry(): void {
    this.#judging?.hurry();
  }

  /** SIGKILLs every child, synchronously. */
  killNow(): void {
    this.#run?.killNow();
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.#turn.then(work);
    // A failure rejects for its own caller only. The next work must still run.
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Starts a new run. A refused request leaves the open run open. */
  async #createNext(choice: RunChoice, { scenario, mayEnd = ALWAYS }: Opening = {}): Promise<LabMode> {
    const settings = settingsFor(choice, randomInt(2 ** 32));
    await this.#assertMayStart();
    mayEnd(this.#current);
    await this.#end('closed');
    return await this.#create(settings, scenario);
  }

  /** @throws LabProblem disk-nearly-full, run-locked and similar ones */
  async #assertMayStart(): Promise<void> {
    const { dataFolder } = this.#options;
    await assertRoom(dataFolder);
    // A live run of this lab holds the folder itself.
    if (this.#current.mode !== 'live') await assertFree(dataFolder, () => this.recordings.liveRunId());
  }

  async #create(settings: RunSettings, scenario: string | undefined): Promise<LabMode> {
    const { dataFolder } = this.#options;
    return await this.#locking(null, async (locks) => {
      await removeUnfinished(dataFolder);
      const { runId, folder } = await createRunFolder({
        dataFolder,
        settings,
        scenario,
        raftLab: packageJson.version,
      });
      locks.push(unlocked(await lockRun(folder), runId));
      return await this.#begin({ runId, folder, settings, locks, resumed: null });
    });
  }

  /** Locks the data folder (one cluster at a time). Releases all locks if the work fails. */
  async #locking(runId: string | null, work: (locks: Lock[]) => Promise<LabMode>): Promise<LabMode> {
    const taken = await lockDataFolder(this.#options.dataFolder);
    const locks = [unlocked(taken, taken.ok ? '' : (runId ?? (await this.recordings.liveRunId())))];
    try {
      return await work(locks);
    } catch (cause) {
      await releaseAll(locks);
      throw cause;
    }
  }

  async #find(wanted: string | null): Promise<{ readonly runId: string; readonly folder: string }> {
    // The page starts a run of its own when it opens, so the last run is the one before that.
    const own = this.#current.mode === 'live' ? this.#current.reader.runId : null;
    const runId = wanted ?? (await this.recordings.list()).find((run) => run.ok && run.runId !== own)?.runId;
    if (runId === undefined) throw new LabProblem('no-runs');
    const folder = await findRun(this.#options.dataFolder, runId);
    if (folder === null) throw new LabProblem('unknown-run', { runId });
    return { runId, folder };
  }

  /** Opens a recording and then closes the open run. A recording that cannot be read closes nothing. */
  async #openPast(folder: string, staged: StagedFile | null): Promise<LabMode> {
    const reader = await readRecording(folder, this.#hub.reading);
    const { toUs } = reader.span();
    const view = await reader.viewAt(toUs);
    const flaw = await reader.flaw();
    await this.#end('closed');
    this.#current = { mode: 'past', reader, folder, flaw, staged };
    this.#hub.open(this.mode(), view, standingAt(toUs));
    return this.mode();
  }

  async #begin(beginning: Beginning): Promise<LabMode> {
    const { runId, folder, settings, locks, resumed } = beginning;
    const { present, ...speed } = speedAt(settings, resumed);
    const secret = randomBytes(32).toString('base64url');
    const originNs = originAfter(resumed?.lastTimeUs ?? 0);
    const recorder = await createRecorder({
      folder,
      runId,
      settings,
      originNs,
      secret,
      ...(resumed === null ? {} : { resume: resumed }),
      onFailure: () => this.#giveUp(locks, 'lab-failure'),
      onCap: () => this.#giveUp(locks, 'disk-cap'),
    });
    const earlier = resumed === null ? NO_EARLIER_PARTS : await earlierOf(resumed, recorder);
    noteBeginning(recorder, resumed, settings);
    const mode: LabMode = { mode: 'live', runId, settings };
    this.#hub.open(mode, openingView(resumed), recorder);
    // The continued run keeps its last pace and timing. They were reported before these judges listen, so they get them here.
    this.#judging = judgeRun({ recorder, settings: present, folder, before: resumed?.judged ?? null });
    recorder.listen((released, view, leftOut) => this.#hub.released(released, view, leftOut));
    this.#stopHeapWatch = guardRun({
      recorder,
      locks,
      killNow: () => this.killNow(),
      giveUp: () => this.#giveUp(locks, 'lab-failure'),
    });
    try {
      const run = await LiveRun.prepare({
        settings,
        ...speed,
        runFolder: folder,
        originNs,
        secret,
        recorder,
        earlier,
        serverFolder: (server) => serverFolder(folder, server),
        programs: this.#options.programs,
        onFailed: (message) => {
          recorder.note({ event: 'LabFailed', message });
          this.#giveUp(locks, 'lab-failure');
        },
      });
      this.#run = run;
      this.#current = { mode: 'live', run, reader: recorder, folder, locks };
      await run.begin();
      return mode;
    } catch (cause) {
      recorder.note({ event: 'LabFailed', message: (cause as Error).message });
      await this.#stop(this.#run, recorder, 'lab-failure');
      throw cause;
    }
  }

  /** Stops a run that cannot continue, like any other, and shows its recording as far as it can be read. */
  #giveUp(locks: LiveState['locks'], reason: EndReason): void {
    const stopped = this.#inTurn(async () => {
      const current = this.#current;
      // Meanwhile the run may have been closed and another one begun, with other locks. That one must not be stopped.
      if (current.mode !== 'live' || current.locks !== locks) return;
      await this.#end(reason);
      await this.#openPast(current.folder, null);
    });
    // When the recording itself failed, no run is open afterwards, and the list of runs shows the damage.
    stopped.catch(() => this.#forget());
  }

  /** @returns whether the recording is whole */
  async #end(reason: EndReason, conclude: Conclude = NOTHING_MORE): Promise<boolean> {
    const current = this.#current;
    if (current.mode !== 'live') {
      if (current.mode === 'idle') return true;
      this.#forget();
      await current.staged?.discard();
      return true;
    }
    this.scenarios.stop(reason);
    try {
      return await this.#stop(current.run, current.reader, reason, conclude);
    } finally {
      await releaseAll(current.locks);
    }
  }

  /** Stops and closes all parts of a run. A failure of one part does not keep the others from being closed. */
  async #stop(run: LiveRun | null, recorder: Recorder, reason: EndReason, conclude = NOTHING_MORE): Promise<boolean> {
    const judging = this.#judging;
    let isKept = false;
    try {
      await run?.stop();
    } finally {
      try {
        // The servers' files are closed, so the verdicts that the judges form from here on are final.
        const judged = await judging?.finish(conclude === NOTHING_MORE ? undefined : Number.POSITIVE_INFINITY);
        if (judged !== undefined) conclude(judged);
      } finally {
        try {
          this.#stopHeapWatch();
          isKept = await recorder.close(reason);
          this.#hub.flush();
          await judging?.keep(reason);
        } finally {
          this.#judging = null;
          this.#forget();
        }
      }
    }
    return isKept;
  }

  #forget(): void {
    this.#run = null;
    this.#current = { mode: 'idle' };
    this.#hub.open({ mode: 'idle' }, emptyView, standingAt(0));
  }
}
