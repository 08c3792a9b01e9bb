/**
 * Requests of clients and replies to them as frames, in both directions of one connection. A reply carries the id of
 * its request and claims only what the server knows (rule R5).
 */

import {
  COMMAND_REFUSALS,
  type CommandResult,
  type Endpoint,
  isCommand,
  isServerId,
  type Rpc,
  type ServerId,
} from '../vocabulary/index.ts';
import {
  checkFields,
  isBoolean,
  isCount,
  isPositive,
  isProblem,
  isRecord,
  isString,
  type Problem,
  parseJson,
  problem,
} from './check.ts';
import { CLIENT_REFUSALS, type ClientReplyBody, type ClientRequestBody } from './client-protocol.ts';
import { type FrameHeader, WIRE_VERSION } from './frame.ts';
import { encodeFrame, type FrameStamp } from './header.ts';

/** Encodes a client's request as one frame. The RPC follows from the body. */
export function encodeClientRequest(
  body: ClientRequestBody,
  stamp: FrameStamp & { readonly from: Endpoint; readonly to: ServerId },
): string {
  const { id, from, to, life, sentUs } = stamp;
  return encodeFrame(
    { v: WIRE_VERSION, id, kind: 'request', rpc: rpcOf(body), from, to, life, term: null, sentUs },
    body,
  );
}

/**
 * Decodes a client's request.
 *
 * @returns the request, or why it is malformed (the server answers `bad-request`)
 */
export function decodeClientRequest(header: FrameHeader, bodyText: string): ClientRequestBody | Problem {
  if (header.kind !== 'request') return problem('a reply where a request belongs');
  const parsed = parseJson(bodyText);
  if (isProblem(parsed)) return parsed;
  const body = parsed.value;
  if (!isRecord(body)) return problem('a request is not an object');
  const fields = body.type === 'open-session' ? OPEN_SESSION : COMMAND_REQUEST;
  const wrong = checkFields(body, fields);
  if (wrong !== null) return wrong;
  const request = body as unknown as ClientRequestBody;
  return rpcOf(request) === header.rpc ? request : problem('header and body disagree about the rpc');
}

/**
 * Encodes a server's reply as one frame.
 *
 * @param stamp  `request` is the header of the answered request
 */
export function encodeClientReply(
  body: ClientReplyBody,
  stamp: FrameStamp & { readonly term: number; readonly request: FrameHeader },
): string {
  const { id, life, sentUs, term, request } = stamp;
  const header: FrameHeader = {
    v: WIRE_VERSION,
    id,
    kind: 'reply',
    rpc: request.rpc,
    from: request.to,
    to: request.from,
    life,
    term,
    sentUs,
    replyTo: request.id,
    success: body.ok,
  };
  return encodeFrame(header, body);
}

/**
 * Decodes a server's reply.
 *
 * @returns the reply, or why it is malformed; a malformed reply counts as no reply
 */
export function decodeClientReply(header: FrameHeader, bodyText: string): ClientReplyBody | Problem {
  if (header.kind !== 'reply') return problem('a request where a reply belongs');
  const parsed = parseJson(bodyText);
  if (isProblem(parsed)) return parsed;
  const body = parsed.value;
  if (!isRecord(body)) return problem('a reply is not an object');
  if (header.success !== body.ok) return problem('header and body disagree about success');
  const wrong = body.ok === true ? checkOk(header.rpc, body) : checkFields(body, REFUSED, { message: isString });
  return wrong ?? (body as unknown as ClientReplyBody);
}

/** Parses the store's result of one command. */
export function parseCommandResult(value: unknown): CommandResult | Problem {
  if (!isRecord(value)) return problem('a result is not an object');
  const wrong = value.ok === true ? checkFields(value, RESULT, { swapped: isBoolean }) : checkFields(value, NO_RESULT);
  return wrong ?? (value as unknown as CommandResult);
}

type Checks = Readonly<Record<string, (value: unknown) => boolean>>;

const isText = (value: unknown): boolean => value === null || isString(value);
const OPEN_SESSION: Checks = { type: (value) => value === 'open-session' };
const COMMAND_REQUEST: Checks = {
  type: (value) => value === 'command',
  session: isPositive,
  sequence: isPositive,
  command: isCommand,
};
const RESULT: Checks = { ok: isBoolean, value: isText, previous: isText };
const NO_RESULT_REASONS: ReadonlySet<unknown> = new Set(COMMAND_REFUSALS);
const NO_RESULT: Checks = { ok: (value) => value === false, reason: (value) => NO_RESULT_REASONS.has(value) };
const REFUSAL_REASONS: ReadonlySet<unknown> = new Set(CLIENT_REFUSALS);
const REFUSED: Checks = {
  ok: (value) => value === false,
  reason: (value) => REFUSAL_REASONS.has(value),
  leaderId: (value) => value === null || isServerId(value),
};
const SESSION: Checks = { session: isPositive };

function checkOk(rpc: Rpc, body: unknown): Problem | null {
  const result = (value: unknown): boolean =>
    rpc === 'OpenSession' ? checkFields(value, SESSION) === null : !isProblem(parseCommandResult(value));
  return checkFields(body, { ok: isBoolean, index: isPositive, term: isCount, result });
}

function rpcOf(body: ClientRequestBody): Rpc {
  return body.type === 'open-session' ? 'OpenSession' : 'Command';
}
