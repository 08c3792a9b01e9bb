/**
 * Judges an exported recording of any size directly from its file. If the line ends of the file were changed, the
 * original ones are restored in a copy, and the copy is judged. Flow: file → recognise → judgeTrace.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openForeignFile } from '../../program/foreign-file.ts';
import { temporaryRoot } from '../../program/temporary-root.ts';
import { type JudgedTrace, judgeTrace, type RunReport } from '../judge-folder.ts';
import { runPaths } from '../run-paths.ts';
import { HEAD_BYTES, recognise } from './recognise.ts';
import { MAX_OPENED_BYTES, problemOf, stageFile } from './stage-file.ts';

/**
 * Judges a recording file.
 *
 * @throws LabProblem not-a-file, and as problemOf for a file that is not a recording; the file system's error; the
 * signal's reason when it is aborted
 */
export async function judgeRecordingFile(path: string, signal?: AbortSignal): Promise<RunReport> {
  const name = basename(path);
  const found = recognise(await headOf(path));
  if (found.kind !== 'recording') throw problemOf(name, found);
  const { traceVersion, settings } = found.start;
  const trace = { events: path, traceVersion, settings, name };
  if (!found.isRewritten) {
    const report = await judgeTrace(trace, signal);
    // A file that is too large to be copied is judged up to the first changed line end.
    if (report.flaw?.kind !== 'crlf' || (await stat(path)).size > MAX_OPENED_BYTES) return report;
  }
  return await judgeCopy(trace, signal);
}

async function judgeCopy(trace: JudgedTrace, signal?: AbortSignal): Promise<RunReport> {
  const folder = await mkdtemp(join(temporaryRoot(), 'raft-lab-check-'));
  try {
    const bytes = (await openForeignFile(trace.events)).createReadStream(signal === undefined ? {} : { signal });
    const staged = await stageFile(folder, { name: trace.name, bytes });
    // `discard` stops the beats of the lock before the folder is removed.
    return await judgeTrace({ ...trace, events: runPaths(staged.folder).events }, signal).finally(staged.discard);
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
