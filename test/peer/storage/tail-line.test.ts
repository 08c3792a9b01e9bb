/** The distinction between a torn and a damaged line, at every position of a line in its sectors. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { lineGroups } from '../../../src/peer/storage/tail-file.ts';
import { encodeLine, PREFIX_BYTES, scanTail } from '../../../src/peer/storage/tail-line.ts';
import { checkProperty } from '../../helpers/property.ts';
import { entriesAfter } from '../support/workload.ts';

// A test may take many seconds while the machine runs others.
vi.setConfig({ testTimeout: 60_000 });

const header = encodeLine(`{"header":"${'h'.repeat(200)}"}`, 0);

function tail(...payloads: readonly string[]): Buffer {
  let file = header;
  for (const payload of payloads) file = Buffer.concat([file, encodeLine(payload, file.length)]);
  return file;
}

const sized = (bytes: number): string => JSON.stringify('x'.repeat(bytes));

test('tail: lines → read back with their offsets', () => {
  const file = tail('{"a":1}', '{"b":"é"}');
  const scan = scanTail(file);
  if (!scan.ok) throw new Error(scan.reason);
  expect(scan.tornAt).toBeNull();
  expect(scan.lines.slice(1).map(({ payload }) => payload.trim())).toEqual(['{"a":1}', '{"b":"é"}']);
  expect(
    scan.lines.map(({ at, bytes }) =>
      file
        .subarray(at, at + bytes)
        .toString()
        .endsWith('\n'),
    ),
  ).not.toContain(false);
});

test('tail: line of any length → no sector holds only one byte of it', () => {
  for (let bytes = 1; bytes < 1100; bytes += 1) {
    expect([1, 511]).not.toContain(tail(sized(bytes)).length % 512);
  }
});

describe('lost sectors', () => {
  test('tail: power cut loses one or all sectors of the last line → torn, never damaged', () => {
    for (let bytes = 1; bytes < 1300; bytes += 1) {
      const before = tail('{"first":true}');
      const file = Buffer.concat([before, encodeLine(sized(bytes), before.length)]);
      for (let sector = before.length - (before.length % 512); sector < file.length; sector += 512) {
        const cut = Buffer.from(file);
        cut.fill(0, Math.max(before.length, sector), Math.min(file.length, sector + 512));
        expect(scanTail(cut), `${bytes} bytes, sector at ${sector}`).toMatchObject({ ok: true, tornAt: before.length });
      }
      const none = Buffer.concat([before, Buffer.alloc(file.length - before.length)]);
      expect(scanTail(none)).toMatchObject({ ok: true, tornAt: before.length });
    }
  });

  test('tail: sector lost in a line before the last → damaged, since that line was durable', () => {
    const before = tail('{"first":true}');
    const file = tail('{"first":true}', sized(900), '{"last":true}');
    const cut = Buffer.from(file);
    cut.fill(0, 512, 1024);
    expect(scanTail(cut)).toMatchObject({ ok: false, kind: 'damaged', offset: expect.any(Number) });
    expect(scanTail(cut)).toHaveProperty('offset', before.length + PREFIX_BYTES);
  });
});

test('tail: any byte of the last line changed, at any length → damaged', () => {
  for (let bytes = 430; bytes < 480; bytes += 1) {
    const before = tail('{"first":true}');
    const file = tail('{"first":true}', sized(bytes));
    for (let at = before.length; at < file.length; at += 1) {
      const byte = file[at] ?? 0;
      file[at] = at % 3 === 0 ? 0 : byte ^ (1 << (at % 8));
      expect(scanTail(file).ok, `byte ${at} of ${file.length}`).toBe(false);
      file[at] = byte;
    }
  }
});

test('tail: bytes that no server wrote, even a single one → damaged', () => {
  const file = tail('{"first":true}');
  for (const junk of ['hello', 'x', '\n', '\0', 'ab\ncd']) {
    expect(scanTail(Buffer.concat([file, Buffer.from(junk)])), JSON.stringify(junk)).toMatchObject({ ok: false });
  }
});

test('tail: entries of one batch → share one line unless they are huge', () => {
  const sizes = (count: number, bytes: number): number[] =>
    lineGroups(entriesAfter([], { count, term: 1, bytes })).map((group) => group.length);
  expect(sizes(0, 1)).toEqual([]);
  expect(sizes(1000, 100)).toEqual([1000]);
  expect(sizes(9, 1_000_000)).toEqual([3, 3, 3]);
  expect(sizes(2, 8_000_000)).toEqual([1, 1]);
});

describe('any lines', () => {
  const FILE = 'test/peer/storage/tail-line.test.ts';
  const payloads = fc.array(
    fc.jsonValue().map((value) => JSON.stringify({ value })),
    { maxLength: 12 },
  );

  test('tail: any lines → read back as they were written', () => {
    checkProperty(
      FILE,
      fc.property(payloads, (written) => {
        const scan = scanTail(tail(...written));
        if (!scan.ok) throw new Error(scan.reason);
        expect(scan.tornAt).toBeNull();
        expect(scan.lines.slice(1).map(({ payload }) => payload.trimEnd())).toEqual(written);
      }),
    );
  });

  test('tail: cut anywhere behind the header → exactly the complete lines before the cut', () => {
    checkProperty(
      FILE,
      fc.property(payloads, fc.nat(), (written, at) => {
        const file = tail(...written);
        const cut = header.length + (at % (file.length - header.length + 1));
        const scan = scanTail(file.subarray(0, cut));
        if (!scan.ok) throw new Error(scan.reason);
        const whole = scanTail(file);
        if (!whole.ok) throw new Error(whole.reason);
        expect(scan.lines).toEqual(whole.lines.filter((line) => line.at + line.bytes <= cut));
      }),
    );
  });

  test('tail: byte changed → damaged, or torn in the last line; never accepted', () => {
    checkProperty(
      FILE,
      fc.property(payloads, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, at, by) => {
        const file = Buffer.from(tail(...written));
        const whole = scanTail(file);
        if (!whole.ok) throw new Error(whole.reason);
        const position = at % file.length;
        file[position] = (file[position] ?? 0) ^ by;
        const scan = scanTail(file);
        if (!scan.ok) return;
        const lastAt = whole.lines.at(-1)?.at ?? 0;
        expect(scan.tornAt).toBe(lastAt);
        expect(scan.lines).toEqual(whole.lines.slice(0, -1));
      }),
    );
  });

  test('tail: any bytes → a result, never an exception', () => {
    checkProperty(
      FILE,
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (bytes, behindHeader) => {
        const file = behindHeader ? Buffer.concat([header, bytes]) : Buffer.from(bytes);
        expect(typeof scanTail(file).ok).toBe('boolean');
      }),
    );
  });
});
