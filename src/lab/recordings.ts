/**
 * The recordings of the data folder as a person keeps them: listed, named, noted, deleted, thinned out. Nothing here touches a run
 * that somebody has open. Flow: dispatcher → here → run folders.
 */
import type { Requests, RunSummary } from '../core/lab-api/index.ts';
import { LabProblem } from './errors.ts';
import { unlocked } from './locked.ts';
import { deleteRun, listRuns } from './recording/index.ts';
import type { Sitting } from './sittings.ts';

export interface RecordingsParts {
  readonly dataFolder: string;
  readonly current: () => Sitting;
  /** Runs the work when nothing is being opened or closed. */
  readonly inTurn: <Value>(work: () => Promise<Value>) => Promise<Value>;
  /** Closes the recording that is open. */
  readonly putAway: () => Promise<unknown>;
}

/** The recordings of one data folder. */
export class Recordings {
  readonly #parts: RecordingsParts;

  constructor(parts: RecordingsParts) {
    this.#parts = parts;
  }

  /** Newest first. @param newest  at most so many; all unless told */
  async list({ newest }: Requests['listRuns']['ask'] = {}): Promise<readonly RunSummary[]> {
    return await listRuns(this.#parts.dataFolder, newest);
  }

  /** Deletes a recording; one that is open is put away first. @throws LabProblem unknown-run, run-open, run-locked and its like */
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
}
