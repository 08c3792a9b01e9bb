/**
 * Reads events.jsonl in slices: line by line with byte offsets. A last line without its newline is torn (the
 * lab died while writing it) and reported; any other line that cannot be read is damage.
 */
import { type FileHandle, open } from 'node:fs/promises';
import type { TraceEvent } from '../../core/trace/events.ts';
import { parseTraceLine } from '../../core/trace/parse-line.ts';

/** A last line that was never finished. */
export interface TornTail {
  /** Byte at which the torn line begins. */
  readonly offset: number;
  readonly bytes: number;
}

/** Where in the file a line stands. */
export interface LinePlace {
  /** 1 for the first. */
  readonly line: number;
  readonly offset: number;
  /** Newline included. */
  readonly bytes: number;
}

/** The file was read to its end, or the first line that is damaged. */
export type TraceFileResult =
  | { readonly ok: true; readonly bytes: number; readonly torn: TornTail | null }
  | { readonly ok: false; readonly line: number; readonly offset: number; readonly problem: string };

const SLICE_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * Calls `onEvent` for every event in file order. Stops at the first damaged line. Rejects only when the file
 * itself cannot be read.
 */
export async function readTraceFile(
  file: string,
  onEvent: (event: TraceEvent, place: LinePlace) => void,
): Promise<TraceFileResult> {
  const handle = await open(file, 'r');
  try {
    return await readLines(handle, onEvent);
  } finally {
    await handle.close();
  }
}

async function readLines(
  handle: FileHandle,
  onEvent: (event: TraceEvent, place: LinePlace) => void,
): Promise<TraceFileResult> {
  const slice = Buffer.allocUnsafe(SLICE_BYTES);
  const rest: Buffer[] = [];
  let line = 1;
  let offset = 0;
  let position = 0;
  for (;;) {
    const { bytesRead } = await handle.read(slice, 0, SLICE_BYTES, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    let start = 0;
    for (let end = slice.indexOf(NEWLINE); end >= 0 && end < bytesRead; end = slice.indexOf(NEWLINE, start)) {
      const text = Buffer.concat([...rest.splice(0), slice.subarray(start, end)]);
      const bytes = text.length + 1;
      const parsed = parseTraceLine(text.toString('utf8'));
      if (!parsed.ok) return { ok: false, line, offset, problem: parsed.problem };
      onEvent(parsed.event, { line, offset, bytes });
      line += 1;
      offset += bytes;
      start = end + 1;
    }
    if (start < bytesRead) rest.push(Buffer.from(slice.subarray(start, bytesRead)));
  }
  const torn = offset < position ? { offset, bytes: position - offset } : null;
  return { ok: true, bytes: offset, torn };
}

/** The events of one stretch of a trace file that was read whole before. Rejects when a line is damaged now. */
export async function readSpan(
  file: string,
  span: { readonly offset: number; readonly bytes: number },
): Promise<readonly TraceEvent[]> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.allocUnsafe(span.bytes);
    const { bytesRead } = await handle.read(buffer, 0, span.bytes, span.offset);
    const text = buffer.toString('utf8', 0, bytesRead);
    return text
      .split('\n')
      .slice(0, -1)
      .map((one) => {
        const parsed = parseTraceLine(one);
        if (!parsed.ok) throw new Error(`damaged line in the span at byte ${span.offset}: ${parsed.problem}`);
        return parsed.event;
      });
  } finally {
    await handle.close();
  }
}
