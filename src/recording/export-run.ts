/**
 * Exports a run for a save dialog, a download or a terminal. The export is the file events.jsonl up to its present end,
 * or a table made from it. The recorder has already removed the secret from the file.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type TableFormat, tableHeader, tableRow } from '../core/export/index.ts';
import { EXPORTS, type ExportFormat } from '../core/trace/index.ts';
import { LineChecker } from './line-checker.ts';
import { LineSplitter } from './line-splitter.ts';
import { runPaths } from './run-folder.ts';
import { asChanged } from './trace-file.ts';

/** The file name and the bytes of an export. */
export interface RunExport {
  readonly fileName: string;
  readonly stream: Readable;
}

const STEP_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * Returns a stream of a run's trace that contains whole lines only. Flush the recorder of a live run first. Rejects
 * when the file cannot be read.
 *
 * @param name  the run's id, or the name of the exported file that is open
 */
export async function exportRunFolder(folder: string, name: string, format: ExportFormat): Promise<RunExport> {
  const { events } = runPaths(folder);
  const bytes = await wholeLinesOf(events);
  const stream = bytes === 0 ? Readable.from([]) : createReadStream(events, { start: 0, end: bytes - 1 });
  const fileName = `raft-lab-${name.replace(/^raft-lab-|\.jsonl$/gi, '')}.${EXPORTS[format].extension}`;
  return { fileName, stream: format === 'jsonl' ? stream : Readable.from(tableOf(format, stream)) };
}

/** Writes a row for each event, up to the first line that is not whole. */
async function* tableOf(format: TableFormat, lines: Readable): AsyncGenerator<string> {
  yield tableHeader(format);
  const checker = new LineChecker();
  const splitter = new LineSplitter();
  for await (const piece of lines) {
    for (const line of splitter.split(piece as Buffer)) {
      const checked = checker.next(line);
      if (!checked.ok) return;
      yield tableRow(format, checked.event);
    }
    if (splitter.isTooLong) return;
  }
}

/** Returns the number of bytes up to the end of the last whole line. An unfinished line is not counted. */
async function wholeLinesOf(file: string): Promise<number> {
  const handle = await open(file, 'r').catch(asChanged);
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
