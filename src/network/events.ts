/**
 * Builds the network's events for the trace (NetworkEvent in core/trace) from headers only; the network never reads a
 * body.
 */
import type { FrameHeader, LinkId, LinkPolicy } from '../core/wire/index.ts';
import type { Reporter } from '../program/reporter.ts';

/** The reason why a message did not reach its receiver. */
export type DropReason = 'cut' | 'lost' | 'reset' | 'receiver-gone' | 'queue-full';

/** Due time of a message without further faults, its size, and its number of copies. */
export interface Sending {
  readonly dueUs: number;
  readonly bytes: number;
  readonly copies: number;
}

/** A complete message arrived from its sender. */
export function messageSent(header: FrameHeader, link: LinkId, { dueUs, bytes, copies }: Sending) {
  const { id, kind, rpc, term } = header;
  const more = copies === 1 ? {} : { copies };
  return { event: 'MessageSent' as const, id, link, kind, rpc, term, dueUs, bytes, ...more, ...pictureOf(header) };
}

/** The bytes were handed to the receiver's connection. */
export function messageDelivered(header: FrameHeader, link: LinkId) {
  const { id, kind, rpc } = header;
  return { event: 'MessageDelivered' as const, id, link, kind, rpc };
}

/** A complete message ended without reaching its receiver. */
export function messageDropped(header: FrameHeader, link: LinkId, reason: DropReason) {
  const { id, kind, rpc } = header;
  return { event: 'MessageDropped' as const, id, link, kind, rpc, reason };
}

/**
 * Bytes arrived that are not a valid frame of this link, so they have no message id. `problem` never holds the bytes.
 */
export function frameRefused(link: LinkId, bytes: number, problem: string) {
  const none = { id: '' as const, rpc: null, kind: null };
  return { event: 'MessageDropped' as const, ...none, link, reason: 'malformed' as const, bytes, problem };
}

/** The link follows a new policy from now on. */
export function linkPolicyChanged(link: LinkId, policy: LinkPolicy) {
  return { event: 'LinkPolicyChanged' as const, link, policy };
}

/** Connections that carried this link were broken. */
export function linkReset(link: LinkId, connections: number) {
  return { event: 'LinkReset' as const, link, connections };
}

/** A tick of the network's own watch came half an election timeout late or later. */
export function ticksLate(lateMs: number, missed: number) {
  return { event: 'TicksLate' as const, lateMs, missed };
}

/** Everything the network reports. */
export type NetworkEventBody =
  | ReturnType<typeof messageSent>
  | ReturnType<typeof messageDelivered>
  | ReturnType<typeof messageDropped>
  | ReturnType<typeof frameRefused>
  | ReturnType<typeof linkPolicyChanged>
  | ReturnType<typeof linkReset>
  | ReturnType<typeof ticksLate>;

/** The reporter of the network. */
export type NetworkReporter = Reporter<NetworkEventBody>;

type Picture = Pick<
  FrameHeader,
  'voteGranted' | 'success' | 'matchIndex' | 'prevLogIndex' | 'first' | 'last' | 'leaderCommit'
>;

function pictureOf(header: FrameHeader): Picture {
  const { v: _v, id: _id, kind: _kind, rpc: _rpc, from: _from, to: _to, ...rest } = header;
  const { life: _life, term: _term, sentUs: _sentUs, replyTo: _replyTo, ...picture } = rest;
  return picture;
}
