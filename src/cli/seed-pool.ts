/**
 * Worker threads for the tasks of seed-tasks.ts, on all cores. An interruption ends them at once, even in the middle of
 * a task. Flow: simulate.ts, mutants.ts → here → seed-worker.ts.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { CalledOff, throwIfCalledOff } from './called-off.ts';
import type { TaskData, TaskName, TaskResult } from './seed-tasks.ts';
import type { Terminal } from './terminal.ts';

const MOST_WORKERS = 8;

export class SeedPool {
  readonly #program: string;
  readonly #interrupted: AbortSignal;
  readonly #workers: Worker[] = [];

  constructor({ programFolder, interrupted }: Pick<Terminal, 'programFolder' | 'interrupted'>) {
    this.#program = join(programFolder, 'seed-worker.js');
    this.#interrupted = interrupted;
    interrupted.addEventListener('abort', () => void this.close(), { once: true });
  }

  /**
   * Carries out a task for each of these inputs, several at a time. A free worker takes the next input.
   *
   * @throws CalledOff after an interruption, or the error of a task
   */
  async each<Name extends TaskName>(
    name: Name,
    all: Iterable<TaskData<Name>>,
    onResult: (result: TaskResult<Name>) => void,
  ): Promise<void> {
    const waiting = all[Symbol.iterator]();
    const lane = async (at: number): Promise<void> => {
      for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
        throwIfCalledOff(this.#interrupted);
        this.#workers[at] ??= new Worker(this.#program);
        onResult(await this.#carryOut(this.#workers[at], name, next.value));
      }
    };
    const lanes = Math.min(MOST_WORKERS, availableParallelism());
    await Promise.all(Array.from({ length: lanes }, (_, at) => lane(at)));
  }

  /** Carries out one task. @throws CalledOff after an interruption, or the error of the task */
  async one<Name extends TaskName>(name: Name, data: TaskData<Name>): Promise<TaskResult<Name>> {
    const results: TaskResult<Name>[] = [];
    await this.each(name, [data], (result) => results.push(result));
    return results[0] as TaskResult<Name>;
  }

  /** Ends all workers at once. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  async #carryOut<Name extends TaskName>(worker: Worker, name: Name, data: TaskData<Name>): Promise<TaskResult<Name>> {
    return await new Promise((resolve, reject) => {
      const onMessage = (result: TaskResult<Name>): void => {
        worker.off('error', reject).off('exit', onExit);
        resolve(result);
      };
      const onExit = (): void => {
        reject(this.#interrupted.aborted ? new CalledOff() : new Error(`a worker thread ended in the task ${name}`));
      };
      worker.once('message', onMessage).once('error', reject).once('exit', onExit);
      worker.postMessage({ name, data });
    });
  }
}

/** Opens a pool and ends its workers after the work, also when it throws. */
export async function withSeedPool<Result>(
  terminal: Pick<Terminal, 'programFolder' | 'interrupted'>,
  use: (pool: SeedPool) => Promise<Result>,
): Promise<Result> {
  const pool = new SeedPool(terminal);
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
}

/** Yields the seeds from `first` on in batches, one for each task of a worker. */
export function* batches(first: number, seeds: number, size: number): Generator<{ first: number; seeds: number }> {
  for (let at = 0; at < seeds; at += size) yield { first: first + at, seeds: Math.min(size, seeds - at) };
}
