/**
 * Turns the data from a socket into a message of a link, or into a reason to refuse it. Only the header is read; the
 * frame is forwarded byte for byte.
 */
import type { RawData } from 'ws';
import {
  checkLink,
  type Endpoint,
  isProblem,
  MAX_HEADER_LENGTH,
  type Problem,
  parseHeader,
} from '../core/wire/index.ts';
import type { LinkMessage } from './link.ts';

const NEWLINE = 0x0a;

/** One direction between two endpoints; `life` is the sender's. */
export interface Direction {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly life: number;
}

/** The bytes of a WebSocket message; ws delivers one Buffer unless `binaryType` is changed. */
export function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

/**
 * Reads the header of a frame.
 *
 * @param direction  of the authenticated connection; the frame's header must name the same ends
 */
export function readFrame(frame: Buffer, isBinary: boolean, direction: Direction): LinkMessage | Problem {
  if (isBinary) return { problem: 'a binary frame' };
  const newline = frame.subarray(0, MAX_HEADER_LENGTH + 1).indexOf(NEWLINE);
  if (newline < 0) return { problem: `no header within ${MAX_HEADER_LENGTH} bytes` };
  const header = parseHeader(frame.toString('utf8', 0, newline));
  if (isProblem(header)) return header;
  return checkLink(header, direction) ?? { header, frame };
}
