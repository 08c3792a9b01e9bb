/**
 * Many seeds on all cores: a program starts itself again as worker threads, each takes the next seeds until none is left,
 * and what they found is put together in the order of the seeds. Flow: simulate.ts, mutants.ts → here → worker threads.
 */
import { availableParallelism } from 'node:os';
import { parentPort, Worker, workerData } from 'node:worker_threads';

const BATCH = 10;
const MOST_WORKERS = 8;

/** The data a worker starts with. */
interface Begin<Job> {
  readonly job: Job;
}

/**
 * Runs `job` for seeds from `first` on, a batch at a time.
 *
 * @param stop  told after each batch: true ends it early
 */
export async function onAllCores<Job, Found>(from: {
  readonly entry: string;
  readonly job: Job;
  readonly first: number;
  readonly seeds: number;
  readonly onBatch: (found: Found) => void;
  readonly stop?: () => boolean;
}): Promise<void> {
  const { entry, job, first, seeds, onBatch, stop = () => false } = from;
  let next = first;
  const workers = Math.min(MOST_WORKERS, availableParallelism(), Math.ceil(seeds / BATCH));
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(entry, { workerData: { job } satisfies Begin<Job> });
      const give = (): void => {
        const end = first + seeds;
        if (next >= end || stop()) {
          void worker.terminate().then(() => resolve());
          return;
        }
        const batch = { first: next, seeds: Math.min(BATCH, end - next) };
        next += batch.seeds;
        worker.postMessage(batch);
      };
      worker.on('message', (found: Found) => {
        onBatch(found);
        give();
      });
      worker.on('error', reject);
      give();
    });
  await Promise.all(Array.from({ length: workers }, one));
}

/** The worker's side: answers each batch with what `run` makes of it. */
export function serveBatches<Job, Found>(run: (job: Job, first: number, seeds: number) => Found): void {
  const { job } = workerData as Begin<Job>;
  parentPort?.on('message', ({ first, seeds }: { readonly first: number; readonly seeds: number }) => {
    parentPort?.postMessage(run(job, first, seeds));
  });
}
