/**
 * Decides line by line whether a recording is whole, and finds the line at which it stops being whole. Every reader of
 * events.jsonl and of an exported recording uses this check, so the list, the screen and the verdict agree. Pure: bytes
 * in, events or the flaw out.
 *
 * From version 2 on each line carries a checksum, so any change is noticed. A recording of version 1 has no checksums.
 * Damage in it is noticed only where it breaks the JSON or the order, so its events count as unproved. When this
 * version continues such a recording, the lines have checksums from `LabRestarted` on.
 */

import { LabProblem } from '../core/lab-api/lab-problem.ts';
import { parseTraceLine, TRACE_VERSION, type TraceEvent, type TraceFlaw } from '../core/trace/index.ts';
import { crcOf, jsonOf, sealOf } from './trace-line.ts';

/**
 * Maximum length of a line in bytes. It is far above the length of any event, because a program reports at most 8 MiB
 * at once.
 */
export const MOST_LINE_BYTES = 16 * 1024 * 1024;

/** First version whose lines have checksums. */
const SEALED_SINCE = 2;

/** An event and whether its checksum proves it, or the flaw at the line where the whole part of the recording ends. */
export type CheckedLine =
  | { readonly ok: true; readonly event: TraceEvent; readonly isProved: boolean }
  | { readonly ok: false; readonly flaw: TraceFlaw };

/** Checks one recording from its first line on. Do not use it after a flaw. */
export class LineChecker {
  #line = 1;
  #offset = 0;
  #unproved = 0;
  #isSealed: boolean;
  #hasEnded = false;

  /**
   * Creates a checker.
   *
   * @param version  traceVersion of the manifest; null for a recording without a manifest, whose first event has the
   * version
   */
  constructor(version: number | null = null) {
    this.#isSealed = version !== null && version >= SEALED_SINCE;
  }

  /** Number of the next line; the first line is 1. */
  get line(): number {
    return this.#line;
  }

  /** Byte at which the next line begins. */
  get offset(): number {
    return this.#offset;
  }

  /** Number of events so far without a checksum. Damage in them cannot be ruled out. */
  get unproved(): number {
    return this.#unproved;
  }

  /** Checks the next line. @param line  without its newline; the checker keeps no reference to it */
  next(line: Buffer): CheckedLine {
    if (line.length > MOST_LINE_BYTES) return this.#flawed('line-too-long', { most: MOST_LINE_BYTES });
    if (line[line.length - 1] === 0x0d) return this.#flawed('crlf');
    const seal = sealOf(line);
    if (seal === null && this.#isSealed) return this.#flawed('checksum-missing');
    if (seal !== null) {
      const actual = crcOf(line, seal);
      if (actual !== seal.crc) return this.#flawed('checksum-differs', { stated: seal.crc, actual });
    }
    const json = jsonOf(line, seal);
    const parsed = parseTraceLine(json);
    if (!parsed.ok) {
      const version = this.#line === 1 ? laterVersionIn(json) : null;
      if (version !== null) return this.#flawed('future', { version, reads: TRACE_VERSION });
      return this.#flawed('not-an-event', { detail: parsed.problem });
    }
    return this.#inPlace(parsed.event, seal !== null, line.length + 1);
  }

  /**
   * Ends the check.
   *
   * @param rest  number of bytes after the last whole line
   * @returns the flaw at the end; null when nothing is missing
   */
  end(rest: number): TraceFlaw | null {
    if (rest > MOST_LINE_BYTES) return this.#flaw('line-too-long', { most: MOST_LINE_BYTES });
    if (rest > 0) return this.#flaw('torn', { bytes: rest });
    return this.#hasEnded ? null : this.#flaw('no-end');
  }

  #inPlace(event: TraceEvent, isSealed: boolean, bytes: number): CheckedLine {
    if (event.seq !== this.#line) return this.#flawed('order', { expected: this.#line, found: event.seq });
    const version = versionIn(event);
    if (version !== null && version > TRACE_VERSION) return this.#flawed('future', { version, reads: TRACE_VERSION });
    if (!isSealed && version !== null && version >= SEALED_SINCE) return this.#flawed('checksum-missing');
    if (isSealed && !this.#isSealed && this.#line > 1 && event.event !== 'LabRestarted')
      return this.#flawed('checksum-early');
    this.#isSealed = isSealed;
    if (!isSealed) this.#unproved += 1;
    if (event.event === 'RunEnded') this.#hasEnded = true;
    if (event.event === 'LabRestarted') this.#hasEnded = false;
    this.#line += 1;
    this.#offset += bytes;
    return { ok: true, event, isProved: isSealed };
  }

  #flawed(kind: TraceFlaw['kind'], params: TraceFlaw['params'] = {}): CheckedLine {
    return { ok: false, flaw: this.#flaw(kind, params) };
  }

  #flaw(kind: TraceFlaw['kind'], params: TraceFlaw['params'] = {}): TraceFlaw {
    return { kind, line: this.#line, offset: this.#offset, params };
  }
}

/** Parses a line that was whole at an earlier check. @throws LabProblem recording-changed */
export function eventOf(line: Buffer): TraceEvent {
  const seal = sealOf(line);
  const parsed = parseTraceLine(jsonOf(line, seal));
  if (!parsed.ok || (seal !== null && crcOf(line, seal) !== seal.crc)) {
    throw new LabProblem('recording-changed');
  }
  return parsed.event;
}

/** The trace version that an event states for the lines from it on; null when the event states none. */
function versionIn(event: TraceEvent): number | null {
  if (event.event !== 'RunStarted' && event.event !== 'LabRestarted') return null;
  const version: unknown = event.traceVersion;
  return typeof version === 'number' ? version : null;
}

/**
 * Returns a version later than this program's. Only the version is read, because a later version may have another
 * envelope.
 */
function laterVersionIn(json: string): number | null {
  try {
    const { traceVersion } = JSON.parse(json) as { readonly traceVersion?: unknown };
    return typeof traceVersion === 'number' && traceVersion > TRACE_VERSION ? traceVersion : null;
  } catch {
    return null;
  }
}
