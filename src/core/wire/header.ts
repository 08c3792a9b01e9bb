/**
 * Reads and writes frames: header JSON, newline, body JSON. The network process uses only this file of the codecs,
 * because it reads the header and forwards the bytes. raft-codec.ts and client-codec.ts read the bodies.
 */
import { CLIENT_RPCS, type Endpoint, isClientId, isEndpoint, isServerId, MEMBER_RPCS } from '../vocabulary/index.ts';
import {
  isBoolean,
  isCount,
  isPositive,
  isProblem,
  isString,
  type Problem,
  parseJson,
  problem,
  quote,
} from './check.ts';
import { type FrameHeader, WIRE_VERSION } from './frame.ts';

/** Maximum length of a header in characters. A longer header is refused before it is parsed. */
export const MAX_HEADER_LENGTH = 1024;

/** The header fields of every frame that do not depend on its body. */
export interface FrameStamp {
  /** `<from>.<life>.<counter>`, unique within a run: see `messageId`. */
  readonly id: string;
  readonly life: number;
  /** Microseconds since the run began, an integer. */
  readonly sentUs: number;
}

const MESSAGE_ID = /^[SC][1-9][0-9]{0,5}\.[1-9][0-9]{0,9}\.[0-9]{1,16}$/;

const isMessageId = (value: unknown): boolean => isString(value) && MESSAGE_ID.test(value);

const REQUIRED: Readonly<Record<string, (value: unknown) => boolean>> = {
  v: (value) => value === WIRE_VERSION,
  id: isMessageId,
  kind: (value) => value === 'request' || value === 'reply',
  rpc: (value) => isString(value) && (MEMBER_RPCS.has(value) || CLIENT_RPCS.has(value)),
  from: isEndpoint,
  to: isEndpoint,
  life: isPositive,
  term: (value) => value === null || isCount(value),
  sentUs: isCount,
};
const REQUIRED_NAMES = Object.keys(REQUIRED);

const FIELDS: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ...Object.entries(REQUIRED),
  ['replyTo', isMessageId],
  ['voteGranted', isBoolean],
  ['success', isBoolean],
  ['matchIndex', isCount],
  ['prevLogIndex', isCount],
  ['first', isPositive],
  ['last', isPositive],
  ['leaderCommit', isCount],
]);

/** Returns the id of the `counter`-th message that an endpoint sends in this life. */
export function messageId(from: Endpoint, life: number, counter: number): string {
  return `${from}.${life}.${counter}`;
}

/** Encodes one frame as text. JSON never contains a raw newline, so the first newline ends the header. */
export function encodeFrame(header: FrameHeader, body: unknown): string {
  return `${JSON.stringify(header)}\n${JSON.stringify(body)}`;
}

/**
 * Reads and checks the header of a frame.
 *
 * @returns the header and the offset of the body in `text`, or why the frame is malformed
 */
export function readHeader(text: string): { readonly header: FrameHeader; readonly bodyAt: number } | Problem {
  const newline = text.indexOf('\n');
  if (newline < 0) return problem('no newline after the header');
  if (newline > MAX_HEADER_LENGTH) return problem(`a header of ${newline} characters is too long`);
  const header = parseHeader(text.slice(0, newline));
  return isProblem(header) ? header : { header, bodyAt: newline + 1 };
}

/** Checks a header line without its newline. Unknown fields are refused: a new field needs a new version. */
export function parseHeader(line: string): FrameHeader | Problem {
  const parsed = parseJson(line);
  if (isProblem(parsed)) return parsed;
  const raw = parsed.value;
  if (typeof raw !== 'object' || raw === null) return problem('the header is not an object');
  const fields = raw as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    const check = FIELDS.get(key);
    if (check === undefined) return problem(`unknown header field ${quote(key)}`);
    if (!check(fields[key])) return problem(`header field ${key} has no allowed value`);
  }
  for (const key of REQUIRED_NAMES) {
    if (!Object.hasOwn(fields, key)) return problem(`header field ${key} is missing`);
  }
  const header = fields as unknown as FrameHeader;
  return checkRelations(header) ?? header;
}

/**
 * Checks the ids in a header against the handshake. A frame with another sender or receiver than the connection is
 * malformed.
 *
 * @param link  the direction that the authenticated connection carries
 */
export function checkLink(
  header: FrameHeader,
  link: { readonly from: Endpoint; readonly to: Endpoint; readonly life: number },
): Problem | null {
  if (header.from !== link.from || header.to !== link.to) {
    return problem(`a frame of ${header.from}>${header.to} on the link ${link.from}>${link.to}`);
  }
  if (header.life !== link.life) return problem(`a frame of life ${header.life} on a link of life ${link.life}`);
  return null;
}

/** Checks rules that involve more than one field. */
function checkRelations(header: FrameHeader): Problem | null {
  if (!header.id.startsWith(`${header.from}.${header.life}.`)) return problem('the id is not of this sender and life');
  const shape = checkShape(header);
  if (shape !== null) return shape;
  if ((header.first === undefined) !== (header.last === undefined)) return problem('half an entry range');
  if (header.first !== undefined && header.last !== undefined && header.first > header.last) {
    return problem('an entry range that ends before it begins');
  }
  return null;
}

/**
 * Checks the kind of frame by its ends: Raft messages between servers, requests without a term from clients, replies
 * with the server's term to clients.
 */
function checkShape(header: FrameHeader): Problem | null {
  if (isServerId(header.from) && isServerId(header.to)) {
    if (header.from === header.to) return problem('a server sends to itself');
    if (!MEMBER_RPCS.has(header.rpc)) return problem(`${header.rpc} between servers`);
    if (header.term === null) return problem('a server without a term');
    return header.replyTo === undefined ? null : problem('Raft replies pair by content, not by replyTo');
  }
  if (!CLIENT_RPCS.has(header.rpc)) return problem(`${header.rpc} with a client`);
  if (isClientId(header.from) && isServerId(header.to)) {
    if (header.kind !== 'request') return problem('a client sends a reply');
    if (header.term !== null) return problem('a client has no term');
    return header.replyTo === undefined ? null : problem('a request has no replyTo');
  }
  if (isServerId(header.from) && isClientId(header.to)) {
    if (header.kind !== 'reply') return problem('a server asks a client');
    if (header.term === null) return problem('a server without a term');
    return header.replyTo === undefined ? problem('a client reply without replyTo') : null;
  }
  return problem('a client sends to a client');
}
