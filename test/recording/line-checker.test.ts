/**
 * A recording is whole up to the first changed, missing or moved line. The checker must report that line and its byte.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flawInWords, TRACE_VERSION, type TraceEvent, type TraceFlaw } from '../../src/core/trace/index.ts';
import { LineChecker, MOST_LINE_BYTES } from '../../src/recording/line-checker.ts';
import { LineSplitter } from '../../src/recording/line-splitter.ts';
import { sealedLine } from '../../src/recording/trace-line.ts';
import { settings } from '../core/trace/story.ts';
import { checkProperty } from '../helpers/property.ts';
import { top } from '../scripts/scripts.ts';

const FILE = 'test/recording/line-checker.test.ts';

interface Read {
  readonly events: readonly TraceEvent[];
  readonly flaw: TraceFlaw | null;
  readonly unproved: number;
}

/** Checks lines as every reader of a recording does. */
function read(bytes: Buffer, version: number | null = TRACE_VERSION): Read {
  const checker = new LineChecker(version);
  const splitter = new LineSplitter();
  const events: TraceEvent[] = [];
  for (const line of splitter.split(bytes)) {
    const checked = checker.next(line);
    if (!checked.ok) return { events, flaw: checked.flaw, unproved: checker.unproved };
    events.push(checked.event);
  }
  return { events, flaw: checker.end(splitter.rest), unproved: checker.unproved };
}

const begun = { event: 'RunStarted', traceVersion: 2, settings, startedAt: '', raftLab: '0.1.0' };
const ended = { event: 'RunEnded', reason: 'closed' };

/** Returns the lines of a whole recording: RunStarted, an event with each of these messages, and RunEnded. */
function recording(messages: readonly string[], first: object = begun): readonly string[] {
  const bodies = [first, ...messages.map((message) => ({ event: 'LabFailed', message })), ended];
  return bodies.map((body, at) =>
    JSON.stringify({ seq: at + 1, timeUs: at * 7, source: 'lab', nseq: at, life: 1, ...body }),
  );
}

const sealed = (jsons: readonly string[]): readonly string[] => jsons.map(sealedLine);
const bytesOf = (lines: readonly string[]): Buffer => Buffer.from(lines.join(''));
const whole = sealed(recording(['one', 'zwei', '三']));
const offsetOf = (line: number): number => bytesOf(whole.slice(0, line - 1)).length;

function flip(bytes: Buffer, bit: number): void {
  bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
}

const drawnMessages = fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { minLength: 1, maxLength: 4 });

describe('version 2', () => {
  test('unchanged recording → every event without its checksum, no flaw', () => {
    checkProperty(
      FILE,
      fc.property(drawnMessages, fc.constantFrom(null, TRACE_VERSION), (messages, version) => {
        const jsons = recording(messages);
        const { events, flaw, unproved } = read(bytesOf(sealed(jsons)), version);
        expect({ flaw, unproved }).toEqual({ flaw: null, unproved: 0 });
        expect(events).toEqual(jsons.map((json) => JSON.parse(json)));
      }),
      100,
    );
  });

  test('any single bit flipped → a flaw at its line, and every event before it', () => {
    const drawn = fc.tuple(drawnMessages, fc.nat(), fc.constantFrom(null, TRACE_VERSION));
    checkProperty(
      FILE,
      fc.property(drawn, ([messages, which, version]) => {
        const lines = sealed(recording(messages));
        const at = which % lines.length;
        const bytes = bytesOf(lines);
        const start = bytesOf(lines.slice(0, at)).length;
        const end = start + Buffer.byteLength(lines[at] ?? '');
        for (let bit = start * 8; bit < end * 8; bit += 1) {
          flip(bytes, bit);
          const { events, flaw } = read(bytes, version);
          flip(bytes, bit);
          expect({ bit, line: flaw?.line, offset: flaw?.offset }).toEqual({ bit, line: at + 1, offset: start });
          expect(events).toHaveLength(at);
        }
      }),
      8,
    );
  });

  test('line removed, repeated or swapped → the first line out of order is reported', () => {
    const [one = '', two = '', three = '', four = '', five = ''] = whole;
    const order = (expected: number, found: number) => ({ kind: 'order', params: { expected, found } });
    const at = (line: number) => ({ line, offset: offsetOf(line) });
    expect(read(bytesOf([one, three, four, five])).flaw).toEqual({ ...order(2, 3), ...at(2) });
    expect(read(bytesOf([two, three, four, five])).flaw).toEqual({ ...order(1, 2), ...at(1) });
    expect(read(bytesOf([one, two, two, three, four, five])).flaw).toEqual({ ...order(3, 2), ...at(3) });
    expect(read(bytesOf([one, two, four, three, five])).flaw).toEqual({ ...order(3, 4), ...at(3) });
    expect(read(bytesOf([...whole, five])).flaw).toEqual({ ...order(6, 5), ...at(6) });
  });

  test('file cut at any byte → no-end or torn, with the line of the cut', () => {
    const bytes = bytesOf(whole);
    for (let kept = 0; kept < bytes.length; kept += 1) {
      const before = bytes.subarray(0, kept);
      const offset = before.lastIndexOf(0x0a) + 1;
      const line = before.toString('latin1').split('\n').length;
      const torn = { kind: 'torn', line, offset, params: { bytes: kept - offset } };
      const end = { kind: 'no-end', line, offset, params: {} };
      expect(read(before).flaw).toEqual(kept === offset ? end : torn);
    }
  });

  test('foreign line between events → its line and byte are reported', () => {
    const [one = '', two = ''] = whole;
    for (const garbage of ['\n', 'nonsense\n', '{}\n', `${'\0'.repeat(50)}\n`, '\ufeff\n', sealedLine('{"seq":2}')]) {
      expect(read(bytesOf([one, garbage, two])).flaw).toMatchObject({ line: 2, offset: offsetOf(2) });
      expect(read(bytesOf([garbage, one, two])).flaw).toMatchObject({ line: 1, offset: 0 });
    }
  });

  test('CR LF line ends → flaw crlf at line 1', () => {
    const rewritten = Buffer.from(bytesOf(whole).toString('utf8').replaceAll('\n', '\r\n'));
    expect(read(rewritten).flaw).toEqual({ kind: 'crlf', line: 1, offset: 0, params: {} });
  });

  test('line longer than the limit, with or without a newline → line-too-long', () => {
    const long = Buffer.alloc(MOST_LINE_BYTES + 1, 'x');
    expect(read(long).flaw).toMatchObject({ kind: 'line-too-long', line: 1 });
    expect(read(Buffer.concat([long, Buffer.from('\n')])).flaw).toMatchObject({ kind: 'line-too-long', line: 1 });
  });

  test.each([
    ['with checksums', sealed(recording(['x'], { ...begun, traceVersion: 3 }))],
    ['without checksums', recording(['x'], { ...begun, traceVersion: 3 }).map((json) => `${json}\n`)],
    ['with another envelope', ['{"traceVersion":3,"what":"a run"}\n']],
  ])('later version %s → both versions are reported', (_how, lines) => {
    const flaw = { kind: 'future', line: 1, offset: 0, params: { version: 3, reads: TRACE_VERSION } };
    expect(read(bytesOf(lines), null).flaw).toEqual(flaw);
  });
});

describe('version 1', () => {
  const old = recording(['x', 'y'], { ...begun, traceVersion: 1 });
  const restarted = (more: object) =>
    JSON.stringify({ seq: 5, timeUs: 99, source: 'lab', nseq: 1, life: 2, event: 'LabRestarted', ...more });
  const endOf = (seq: number) => JSON.stringify({ seq, timeUs: 99 + seq, source: 'lab', nseq: seq, life: 2, ...ended });
  const plain = (jsons: readonly string[]): readonly string[] => jsons.map((json) => `${json}\n`);

  test('no checksums → whole, and every event counts as unproved', () => {
    for (const version of [1, null]) {
      expect(read(bytesOf(plain(old)), version)).toMatchObject({ flaw: null, unproved: old.length });
    }
  });

  test('continued by version 2 → checksums are required from LabRestarted on', () => {
    const goesOn = sealedLine(restarted({ traceVersion: 2 }));
    const continued = [...plain(old), goesOn, sealedLine(endOf(6))];
    for (const version of [1, null]) {
      expect(read(bytesOf(continued), version)).toMatchObject({ flaw: null, unproved: 4 });
      expect(read(bytesOf([...plain(old), goesOn, `${endOf(6)}\n`]), version).flaw).toMatchObject({
        kind: 'checksum-missing',
        line: 6,
      });
      expect(read(bytesOf([...plain(old), `${restarted({ traceVersion: 2 })}\n`]), version).flaw).toMatchObject({
        kind: 'checksum-missing',
        line: 5,
      });
      expect(read(bytesOf([...plain(old).slice(0, 3), sealedLine(old[3] ?? '')]), version).flaw).toMatchObject({
        kind: 'checksum-early',
        line: 4,
      });
    }
  });

  test('continued by version 1 → whole, and every event counts as unproved', () => {
    const twice = [...plain(old), `${restarted({})}\n`, `${endOf(6)}\n`];
    expect(read(bytesOf(twice), 1)).toMatchObject({ flaw: null, unproved: 6 });
  });

  test('continued by a later version → future at the line LabRestarted', () => {
    const later = [...plain(old), sealedLine(restarted({ traceVersion: 3 }))];
    expect(read(bytesOf(later), 1).flaw).toMatchObject({ kind: 'future', line: 5, params: { version: 3 } });
  });
});

test('flaws: every kind → a sentence in English and Chinese with line and byte', () => {
  const kinds = [
    ...['no-end', 'torn', 'future', 'checksum-differs', 'checksum-missing', 'checksum-early', 'order'],
    ...['not-an-event', 'misfit', 'line-too-long', 'crlf', 'manifest-differs'],
  ] as const;
  for (const kind of kinds) {
    const { en, zh } = flawInWords({ kind, line: 12, offset: 3456, params: {} } as TraceFlaw);
    expect(en).toMatch(/^line 12, byte 3456: \w/);
    expect(zh).toMatch(/^第 12 行，字节 3456：./);
  }
});

test('program in docs/trace-format.md → accepts a whole file, reports the first bad line', ({ skip }) => {
  const python = ['python3', 'python'].find((name) => {
    try {
      return execFileSync(name, ['-c', 'print(3)'], { encoding: 'utf8' }).trim() === '3';
    } catch {
      return false;
    }
  });
  if (python === undefined) return skip('there is no Python here');
  const page = readFileSync(join(top, 'docs', 'trace-format.md'), 'utf8');
  const folder = mkdtempSync(join(tmpdir(), 'raft-lab-python-'));
  const script = join(folder, 'check.py');
  const file = join(folder, 'run.jsonl');
  const says = (lines: readonly string[]): string => {
    writeFileSync(file, bytesOf(lines));
    try {
      return execFileSync(python, [script, file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
    } catch (problem) {
      return String((problem as { stderr: unknown }).stderr).trim();
    }
  };
  try {
    writeFileSync(script, /```python\n(.*?)```/s.exec(page)?.[1] ?? '');
    expect(says(whole)).toBe('5 events, none changed');
    expect(says(whole.with(2, (whole[2] ?? '').replace('zwei', 'zwef')))).toBe('line 3: changed, or not in its place');
    expect(says(whole.toSpliced(3, 1))).toBe('line 4: changed, or not in its place');
    expect(says(plainOf(whole))).toBe('line 1: no event with a checksum, or cut off');
    const example = /```json\n(.*?\n)```/s.exec(page)?.[1] ?? '';
    expect(read(Buffer.from(example)).flaw).toMatchObject({ kind: 'order', params: { expected: 1, found: 1042 } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function plainOf(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replace(/,"crc":\d+\}/, '}'));
}
