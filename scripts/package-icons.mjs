#!/usr/bin/env node
/**
 * Makes every icon from one drawing, resources/icons/icon.svg: PNG files for Linux and the window, `icon.ico` for
 * Windows and `icon.icns` for macOS. Run `node scripts/package-icons.mjs` after changing the drawing, and commit its
 * files.
 *
 * Flow: drawing → an SVG for each size → PNG (resvg, fetched from the npm registry) → containers. Each PNG contains the
 * drawing's SHA-256 in a text chunk, so a test recognises an icon of an older drawing without rendering it.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { isMain } from './is-main.mjs';

/** Edge in pixels of the file that the window shows in the taskbar of Linux and Windows. */
export const WINDOW_SIZE = 512;

/** Renders SVG without a browser. npm fetches it when this script runs, so it is no dependency of the project. */
const RENDERER = '@resvg/resvg-js@2.6.2';

/**
 * Edges in pixels of the files for Linux. electron-builder installs each file into the folder of the hicolor theme for
 * its size.
 */
export const PNG_SIZES = [16, 32, 48, 64, 128, 256, 512, 1024];

/** Edges of the pictures inside icon.ico, for the scales 100 % to 400 % of Windows. */
export const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];

/**
 * Types of the pictures inside icon.icns, with their edges in pixels. `icp4` and `icp5` (16 and 32 pixels) are left
 * out: macOS shows noise for a PNG in them. Without them it scales `ic11` and `ic12` down.
 *
 * @type {readonly (readonly [type: string, size: number])[]}
 */
export const ICNS_TYPES = [
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
];

/** Share of the picture's edge that the drawing takes on macOS: 824 of 1024 pixels in Apple's icon grid. */
const MAC_PART = 824 / 1024;

/**
 * @param {readonly { size: number, png: Uint8Array }[]} pictures  square, at most 256 pixels
 * @returns {Buffer} a Windows icon: a header of 6 bytes, 16 bytes a picture, then the PNG files
 */
export function icoOf(pictures) {
  const header = Buffer.alloc(6 + 16 * pictures.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(pictures.length, 4);
  let offset = header.length;
  pictures.forEach(({ size, png }, at) => {
    const entry = 6 + 16 * at;
    // One byte for each edge; 0 means 256.
    header.writeUInt8(size % 256, entry);
    header.writeUInt8(size % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(png.length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  });
  return Buffer.concat([header, ...pictures.map(({ png }) => png)]);
}

/**
 * @param {readonly { type: string, png: Uint8Array }[]} pictures
 * @returns {Buffer} an Apple icon: magic and length, then type, length and content of each picture; lengths are big-endian
 *   and count their own header of 8 bytes
 */
export function icnsOf(pictures) {
  const parts = pictures.map(({ type, png }) => Buffer.concat([chunkHead(type, png.length + 8), png]));
  const length = parts.reduce((sum, part) => sum + part.length, 8);
  return Buffer.concat([chunkHead('icns', length), ...parts]);
}

/**
 * Adds a text chunk after the header of a PNG (PNG specification, 11.3.4.3).
 *
 * @param {Buffer} png
 * @param {string} key
 * @param {string} text  Latin-1
 * @returns {Buffer}
 */
export function withText(png, key, text) {
  const body = Buffer.from(`tEXt${key}\0${text}`, 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length - 4);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  // The signature has 8 bytes, IHDR 25.
  return Buffer.concat([png.subarray(0, 33), length, body, check, png.subarray(33)]);
}

/**
 * @param {string} svg
 * @returns {string} the hash that each PNG of this drawing contains under `Drawing`
 */
export function drawingHash(svg) {
  // A checkout on Windows may have changed the line ends.
  return createHash('sha256').update(svg.replaceAll('\r\n', '\n')).digest('hex');
}

/**
 * @param {string} svg
 * @param {number} size  edge in pixels
 * @param {number} part  share of the edge that the drawing takes, 0 to 1
 * @returns {string} the drawing on a transparent square
 */
function svgAt(svg, size, part) {
  const edge = 512 / part;
  const margin = (edge - 512) / 2;
  return svg.replace(
    'viewBox="0 0 512 512"',
    `viewBox="${-margin} ${-margin} ${edge} ${edge}" width="${size}" height="${size}"`,
  );
}

/** @param {string} type  four Latin-1 characters @param {number} length */
function chunkHead(type, length) {
  const head = Buffer.alloc(8);
  head.write(type, 0, 'latin1');
  head.writeUInt32BE(length, 4);
  return head;
}

/**
 * Installs the renderer into a folder and loads it.
 *
 * @param {string} folder  the caller removes it after rendering
 */
function loadRenderer(folder) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', RENDERER];
  const { status } = spawnSync(npm, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`${RENDERER} could not be fetched from the npm registry`);
  return createRequire(join(folder, 'package.json'))('@resvg/resvg-js').Resvg;
}

function main() {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const icons = join(root, 'resources', 'icons');
  const svg = readFileSync(join(icons, 'icon.svg'), 'utf8');
  const folder = mkdtempSync(join(tmpdir(), 'raft-lab-icons-'));
  try {
    const Resvg = loadRenderer(folder);
    const hash = drawingHash(svg);
    /** @param {number} size @param {number} [part] */
    const draw = (size, part = 1) => withText(new Resvg(svgAt(svg, size, part)).render().asPng(), 'Drawing', hash);
    mkdirSync(join(icons, 'linux'), { recursive: true });
    for (const size of PNG_SIZES) writeFileSync(join(icons, 'linux', `${size}x${size}.png`), draw(size));
    writeFileSync(join(icons, `icon-${WINDOW_SIZE}.png`), draw(WINDOW_SIZE));
    writeFileSync(join(icons, 'icon.ico'), icoOf(ICO_SIZES.map((size) => ({ size, png: draw(size) }))));
    const onMac = ICNS_TYPES.map(([type, size]) => ({ type, png: draw(size, MAC_PART) }));
    writeFileSync(join(icons, 'icon.icns'), icnsOf(onMac));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`Icons of ${PNG_SIZES.length} sizes, icon.ico and icon.icns are in resources/icons.`);
}

if (isMain(import.meta.url)) main();
