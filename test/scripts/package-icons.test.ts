/** The icons: each exists in its size, is made from the current drawing, and both containers are well formed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { script, top } from './scripts.ts';

interface IconsModule {
  readonly PNG_SIZES: readonly number[];
  readonly ICO_SIZES: readonly number[];
  readonly ICNS_TYPES: readonly (readonly [string, number])[];
  readonly WINDOW_SIZE: number;
  drawingHash(svg: string): string;
  withText(png: Buffer, key: string, text: string): Buffer;
}

const { PNG_SIZES, ICO_SIZES, ICNS_TYPES, WINDOW_SIZE, drawingHash, withText } =
  await script<IconsModule>('package-icons.mjs');
const icons = join(top, 'resources', 'icons');
const current = drawingHash(readFileSync(join(icons, 'icon.svg'), 'utf8'));

interface Png {
  readonly width: number;
  readonly height: number;
  readonly drawing: string | null;
  /** Number of unpacked bytes of the picture. A truncated file cannot be unpacked. */
  readonly bytes: number;
}

/**
 * Reads a PNG.
 * @throws when a chunk is damaged
 */
function readPng(file: Buffer): Png {
  expect(file.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const data: Buffer[] = [];
  let drawing: string | null = null;
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const chunk = file.subarray(at + 4, at + 8 + length);
    if (file.readUInt32BE(at + 8 + length) !== crc32(chunk)) throw new Error(`chunk at ${at} is damaged`);
    const type = chunk.toString('latin1', 0, 4);
    if (type === 'IDAT') data.push(chunk.subarray(4));
    if (type === 'tEXt') drawing = chunk.toString('latin1', 4).replace('Drawing\0', '');
    at += 12 + length;
  }
  const bytes = inflateSync(Buffer.concat(data)).length;
  return { width: file.readUInt32BE(16), height: file.readUInt32BE(20), drawing, bytes };
}

/** Returns the same PNG without the text chunk, which follows the signature and the header. */
function bare(png: Buffer): Buffer {
  const length = png.readUInt32BE(33);
  return Buffer.concat([png.subarray(0, 33), png.subarray(33 + 12 + length)]);
}

/** The expected picture with this edge. It has four bytes for each pixel and one filter byte for each line. */
function square(size: number): Png {
  return { width: size, height: size, drawing: current, bytes: size * (size * 4 + 1) };
}

describe('icons', () => {
  test.each(PNG_SIZES)('PNG of %i pixels: committed file → made from the current drawing', (size) => {
    expect(readPng(readFileSync(join(icons, 'linux', `${size}x${size}.png`)))).toEqual(square(size));
  });

  test('icon of the window: committed file → made from the current drawing', () => {
    expect(readPng(readFileSync(join(icons, `icon-${WINDOW_SIZE}.png`)))).toEqual(square(WINDOW_SIZE));
  });

  test('icon.ico: committed file → every size, correct offsets, no bytes after the last entry', () => {
    const file = readFileSync(join(icons, 'icon.ico'));
    expect([file.readUInt16LE(0), file.readUInt16LE(2), file.readUInt16LE(4)]).toEqual([0, 1, ICO_SIZES.length]);
    let end = 6 + 16 * ICO_SIZES.length;
    ICO_SIZES.forEach((size, at) => {
      const entry = file.subarray(6 + 16 * at, 22 + 16 * at);
      expect([entry[0] || 256, entry[1] || 256, entry.readUInt16LE(6)]).toEqual([size, size, 32]);
      expect(entry.readUInt32LE(12)).toBe(end);
      end += entry.readUInt32LE(8);
      expect(readPng(file.subarray(entry.readUInt32LE(12), end))).toEqual(square(size));
    });
    expect(end).toBe(file.length);
  });

  test('icon.icns: committed file → every type, correct lengths, no bytes after the last entry', () => {
    const file = readFileSync(join(icons, 'icon.icns'));
    expect([file.toString('latin1', 0, 4), file.readUInt32BE(4)]).toEqual(['icns', file.length]);
    let at = 8;
    for (const [type, size] of ICNS_TYPES) {
      expect(file.toString('latin1', at, at + 4)).toBe(type);
      const end = at + file.readUInt32BE(at + 4);
      expect(readPng(file.subarray(at + 8, end))).toEqual(square(size));
      at = end;
    }
    expect(at).toBe(file.length);
  });
});

describe('the test of the test', () => {
  test('drawing: one changed character → another hash; other line ends → the same', () => {
    const svg = '<svg>\n</svg>\n';
    expect(drawingHash(svg.replace('svg', 'Svg'))).not.toBe(drawingHash(svg));
    expect(drawingHash(svg.replaceAll('\n', '\r\n'))).toBe(drawingHash(svg));
  });

  test('PNG: text added → read back; one flipped bit → damaged', () => {
    const png = readFileSync(join(icons, 'linux', '16x16.png'));
    const marked = withText(bare(png), 'Drawing', 'another drawing');
    expect(readPng(marked)).toEqual({ ...square(16), drawing: 'another drawing' });
    const flipped = Buffer.from(png);
    flipped[png.length - 20] = (flipped[png.length - 20] ?? 0) ^ 1;
    expect(() => readPng(flipped)).toThrow(/damaged/);
  });
});
