/** The bytes of an exported run as `raft-lab export` writes them, from a simulated cluster whose run has ended. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulate } from '../../src/core/simulation/index.ts';
import type { TraceEvent } from '../../src/core/trace/index.ts';
import { keepTrace } from '../../src/recording/keep-trace.ts';
import { runPaths } from '../../src/recording/run-folder.ts';

/**
 * Records a run of a few hundred events in this data folder.
 * @returns the run's id
 */
export async function keepRun(dataFolder: string, seed = 5): Promise<string> {
  const events: TraceEvent[] = [];
  simulate({ seed, steps: 1_500, onEvent: (event) => events.push(event) });
  const [first] = events;
  const last = events.at(-1);
  if (first?.event !== 'RunStarted' || last === undefined) throw new Error('a trace begins with its settings');
  const nseq = events.filter(({ source }) => source === 'lab').length + 1;
  const envelope = { seq: last.seq + 1, timeUs: last.timeUs, source: 'lab', nseq, life: 1 };
  events.push({ ...envelope, event: 'RunEnded', reason: 'closed' } as TraceEvent);
  return await keepTrace(dataFolder, first.settings, events);
}

/** Returns the whole export. */
export async function exportedRun(seed = 5): Promise<Buffer> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-exported-'));
  try {
    const runId = await keepRun(dataFolder, seed);
    return readFileSync(runPaths(join(dataFolder, 'runs', runId)).events);
  } finally {
    rmSync(dataFolder, { recursive: true, force: true });
  }
}
