/**
 * The recordings of the data folder, as a person manages them: list, name, annotate, delete, keep only the newest. Open
 * runs are never changed. Flow: dispatcher → here → run folders.
 */
import type { KeptRuns, Requests, RunSummary } from '../core/lab-api/index.ts';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import {
  beyondNewest,
  bytesOf,
  deleteRun,
  deleteRuns,
  findRun,
  labelManifest,
  listRuns,
  lockRun,
  readManifest,
} from '../recording/index.ts';
import { unlocked } from '../recording/locked.ts';
import type { WorkspaceState } from './workspace-state.ts';

export interface RecordingsParts {
  readonly dataFolder: string;
  readonly current: () => WorkspaceState;
  /** Runs the work while no run is being opened or closed. */
  readonly inTurn: <Value>(work: () => Promise<Value>) => Promise<Value>;
  /** Closes the open recording. */
  readonly putAway: () => Promise<unknown>;
}

/** The recordings of one data folder. */
export class Recordings {
  readonly #parts: RecordingsParts;

  constructor(parts: RecordingsParts) {
    this.#parts = parts;
  }

  /** Lists the runs, newest first. @param ask.newest  maximum number; all by default */
  async list({ newest }: Requests['listRuns']['ask'] = {}): Promise<readonly RunSummary[]> {
    return await listRuns(this.#parts.dataFolder, newest);
  }

  /** Returns the id of the run that another lab has open in this data folder, for the error that a person gets. */
  async liveRunId(): Promise<string> {
    return (await this.list()).find(({ live }) => live)?.runId ?? 'in this data folder';
  }

  /**
   * Deletes a recording. Closes it first when it is open here.
   *
   * @throws LabProblem unknown-run, run-open, run-locked and similar ones
   */
  async delete({ runId }: Requests['deleteRun']['ask']): Promise<Record<never, never>> {
    return await this.#parts.inTurn(async () => {
      const current = this.#parts.current();
      if (current.mode !== 'idle' && current.reader.runId === runId) {
        if (current.mode === 'live') throw new LabProblem('run-open', { runId });
        await this.#parts.putAway();
      }
      const deleted = await deleteRun(this.#parts.dataFolder, runId);
      if (deleted === 'unknown') throw new LabProblem('unknown-run', { runId });
      if (deleted !== 'deleted') unlocked(deleted, runId);
      return {};
    });
  }

  /** Names or annotates a run. @throws LabProblem unknown-run, run-damaged, run-locked and similar ones */
  async label({ runId, ...label }: Requests['labelRun']['ask']): Promise<Record<never, never>> {
    return await this.#parts.inTurn(async () => {
      const folder = await findRun(this.#parts.dataFolder, runId);
      if (folder === null) throw new LabProblem('unknown-run', { runId });
      const read = await readManifest(folder);
      if (!read.ok) throw new LabProblem('run-damaged', { runId, file: 'manifest.json', detail: read.problem });
      const current = this.#parts.current();
      // A live run of this lab holds the lock itself.
      if (current.mode === 'live' && current.reader.runId === runId) await labelManifest(folder, label);
      else {
        const lock = unlocked(await lockRun(folder), runId);
        await labelManifest(folder, label).finally(() => lock.release());
      }
      return {};
    });
  }

  /**
   * Deletes all recordings but the newest, if a person has agreed to exactly these; otherwise only lists the ones to be
   * deleted.
   *
   * @throws LabProblem runs-changed when the ones to be deleted differ from those agreed to
   */
  async keep({ newest, agreed }: Requests['keepRuns']['ask']): Promise<KeptRuns> {
    return await this.#parts.inTurn(async () => {
      const { dataFolder } = this.#parts;
      const current = this.#parts.current();
      const open = current.mode === 'idle' ? null : current.reader.runId;
      const going = beyondNewest(await listRuns(dataFolder), { newest, open });
      const bytes = await bytesOf(dataFolder, going);
      const first = going[0] ?? null;
      if (agreed === undefined) return { count: going.length, bytes, first, isDone: false };
      if (agreed.count !== going.length || agreed.first !== first) throw new LabProblem('runs-changed');
      return { count: await deleteRuns(dataFolder, going), bytes, first, isDone: true };
    });
  }
}
