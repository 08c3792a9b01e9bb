/**
 * The run for a save dialog, a download or a terminal: the bytes of events.jsonl up to where they end when it is
 * asked for, or a table made of them. The recorder blotted the secret out before they were written.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { csvHeader, csvRow } from '../../core/export/index.ts';
import { type ExportFormat, parseTraceLine } from '../../core/trace/index.ts';
import { runPaths } from './run-folder.ts';

/** A run on its way out: name and bytes. */
export interface RunExport {
  readonly fileName: string;
  readonly stream: Readable;
}

const STEP_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Each format from the bytes of the recording. */
const WRITERS: Readonly<Record<ExportFormat, (lines: Readable) => Readable>> = {
  jsonl: (lines) => lines,
  csv: (lines) => Readable.from(tableOf(lines)),
};

/** A stream of a run's trace, whole lines only. For a live run flush the recorder first. Rejects when the file cannot be read. */
export async function exportRunFolder(folder: string, runId: string, format: ExportFormat): Promise<RunExport> {
  const { events } = runPaths(folder);
  const bytes = await wholeLinesOf(events);
  const stream = bytes === 0 ? Readable.from([]) : createReadStream(events, { start: 0, end: bytes - 1 });
  const fileName = `raft-lab-${runId}.${format}`;
  return { fileName, stream: WRITERS[format](stream) };
}

/** Row by row, as fast as they are taken; a line that is no event has no row. */
async function* tableOf(lines: Readable): AsyncGenerator<string> {
  yield csvHeader();
  for await (const line of createInterface({ input: lines, crlfDelay: Number.POSITIVE_INFINITY })) {
    const parsed = parseTraceLine(line);
    if (parsed.ok) yield csvRow(parsed.event);
  }
}

/** Bytes up to the end of the last whole line: a line that is being written, or was never finished, is left out. */
async function wholeLinesOf(file: string): Promise<number> {
  const handle = await open(file, 'r');
  try {
    const step = Buffer.allocUnsafe(STEP_BYTES);
    let end = (await handle.stat()).size;
    while (end > 0) {
      const start = Math.max(0, end - STEP_BYTES);
      const { bytesRead } = await handle.read(step, 0, end - start, start);
      const newline = step.subarray(0, bytesRead).lastIndexOf(NEWLINE);
      if (newline >= 0) return start + newline + 1;
      end = start;
    }
    return 0;
  } finally {
    await handle.close();
  }
}
