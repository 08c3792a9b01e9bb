/**
 * Judges an exported recording from its file alone, without a copy, so that it may have any size; only one whose line ends were
 * changed is judged from a copy without them. Flow: file → recognise → judgeTrace.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { temporaryRoot } from '../data-folder.ts';
import { openForeignFile } from '../foreign-file.ts';
import { judgeTrace, type RunReport } from '../judge-folder.ts';
import { runPaths } from '../recording/index.ts';
import { HEAD_BYTES, recognise } from './recognise.ts';
import { problemOf, stageFile } from './stage-file.ts';

/**
 * @throws LabProblem not-a-file, and what problemOf says of a file that is no recording; the file system's error;
 * the signal's reason when it is called off
 */
export async function judgeRecordingFile(path: string, signal?: AbortSignal): Promise<RunReport> {
  const name = basename(path);
  const found = recognise(await headOf(path));
  if (found.kind !== 'recording') throw problemOf(name, found);
  const { traceVersion, settings } = found.start;
  const trace = { events: path, traceVersion, settings, name };
  if (!found.isRewritten) return await judgeTrace(trace, signal);
  const folder = await mkdtemp(join(temporaryRoot(), 'raft-lab-check-'));
  try {
    const bytes = (await openForeignFile(path)).createReadStream(signal === undefined ? {} : { signal });
    const staged = await stageFile(folder, { name, bytes });
    return await judgeTrace({ ...trace, events: runPaths(staged.folder).events }, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function headOf(path: string): Promise<Buffer> {
  const file = await openForeignFile(path);
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    let length = 0;
    while (length < head.length) {
      const { bytesRead } = await file.read(head, length, head.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return head.subarray(0, length);
  } finally {
    await file.close();
  }
}
