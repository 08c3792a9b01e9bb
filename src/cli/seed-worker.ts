/** The program of a worker thread (`out/main/seed-worker.js`): carries out one task after another. Started by seed-pool.ts. */
import { parentPort } from 'node:worker_threads';
import { TASKS, type TaskData, type TaskName } from './seed-tasks.ts';

parentPort?.on('message', ({ name, data }: { readonly name: TaskName; readonly data: TaskData<TaskName> }) => {
  // The pool passes each task the data of its own type.
  const task = TASKS[name] as (data: TaskData<TaskName>) => unknown;
  parentPort?.postMessage(task(data));
});
