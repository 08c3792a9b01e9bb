/**
 * Recognises an exported recording by its content. A recording begins with the event RunStarted, which holds everything
 * that is needed to open the file without its run folder. Flow: first bytes of a file → here → copy (stage-file.ts) or
 * `raft-lab check`.
 */
import { type RunSettings, TRACE_VERSION } from '../../core/trace/index.ts';
import { LineChecker } from '../line-checker.ts';
import { settingsIn } from '../manifest.ts';

/** Number of bytes at the beginning that decide what a file is. A file with a longer first line is not a recording. */
export const HEAD_BYTES = 64 * 1024;

/** Facts about a run from its event RunStarted. */
export interface RunStart {
  readonly traceVersion: number;
  readonly settings: RunSettings;
  /** Time at which the run began, ISO 8601, UTC. */
  readonly startedAt: string;
  /** Version of Raft Lab that made the run. */
  readonly raftLab: string;
}

/** The kind of a file, judged by its first bytes. */
export type Recognised =
  | {
      readonly kind: 'recording';
      readonly start: RunStart;
      /**
       * The file begins with a byte order mark, or its first line ends with CRLF. An editor or a transfer changed it.
       */
      readonly isRewritten: boolean;
    }
  /** Written by a later version of Raft Lab. */
  | { readonly kind: 'later'; readonly version: number }
  /** `damaged`: an event's line that is incomplete, fails its checksum, or is not RunStarted. */
  | { readonly kind: 'empty' | 'compressed' | 'utf16' | 'damaged' | 'other' };

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** U+FEFF in UTF-8. */
export const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** First bytes of gzip, zip, zstd, xz and bzip2 files. */
const COMPRESSED = [
  ...[
    [0x1f, 0x8b],
    [0x50, 0x4b, 0x03, 0x04],
    [0x28, 0xb5, 0x2f, 0xfd],
  ],
  ...[
    [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    [0x42, 0x5a, 0x68],
  ],
].map((bytes) => Buffer.from(bytes));
const UTF16 = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

/** Recognises a file. @param head  its first HEAD_BYTES, or all of a smaller one */
export function recognise(head: Buffer): Recognised {
  if (head.length === 0) return { kind: 'empty' };
  if (COMPRESSED.some((mark) => begins(head, mark))) return { kind: 'compressed' };
  if (UTF16.some((mark) => begins(head, mark))) return { kind: 'utf16' };
  const hasMark = begins(head, BYTE_ORDER_MARK);
  const content = hasMark ? head.subarray(BYTE_ORDER_MARK.length) : head;
  const end = content.indexOf(NEWLINE);
  if (end < 0 && content.length >= HEAD_BYTES - BYTE_ORDER_MARK.length) return { kind: 'other' };
  const line = end < 0 ? content : content.subarray(0, end);
  const hasReturn = line.at(-1) === RETURN;
  const own = line.subarray(0, hasReturn ? -1 : line.length);
  const text = own.toString('utf8');
  if (!looksLikeEvent(text)) return { kind: 'other' };
  const version = laterVersionIn(text);
  if (version !== null) return { kind: 'later', version };
  const start = end < 0 ? null : startIn(own);
  return start === null ? { kind: 'damaged' } : { kind: 'recording', start, isRewritten: hasMark || hasReturn };
}

function begins(head: Buffer, mark: Buffer): boolean {
  return head.subarray(0, mark.length).equals(mark);
}

/**
 * Whether the text looks like the first line of a recording. Such a line begins with `seq` and names RunStarted; one of
 * the two suffices, because damage may have changed the other.
 */
function looksLikeEvent(text: string): boolean {
  return text.startsWith('{"seq":') || text.includes('"event":"RunStarted"');
}

/**
 * Returns a trace version in the line that is later than this program's. The line is searched as text, because a later
 * version may have another form.
 */
function laterVersionIn(text: string): number | null {
  const found = /"traceVersion":(\d{1,9})[,}]/.exec(text)?.[1];
  return found !== undefined && Number(found) > TRACE_VERSION ? Number(found) : null;
}

function startIn(line: Buffer): RunStart | null {
  const checked = new LineChecker().next(line);
  if (!checked.ok || checked.event.event !== 'RunStarted') return null;
  const { traceVersion, startedAt, raftLab } = checked.event;
  const settings = settingsIn(checked.event.settings);
  return settings === null ? null : { traceVersion, settings, startedAt, raftLab };
}
