/** Events of the network process. It reports every message, even if the sender or receiver dies before reporting it. */
import * as v from 'valibot';
import {
  count,
  flag,
  linkId,
  linkPolicy,
  logIndex,
  messageKind,
  microseconds,
  nullable,
  oneOf,
  optional,
  rpc,
  term,
  text,
} from '../fields.ts';
import type { EventTable } from './row.ts';

/** Rows of these events. */
export const NETWORK_EVENTS = {
  /** A whole message arrived at the network. `timeUs` is the sender's `sentUs`, from the header of the message. */
  MessageSent: {
    teller: 'network',
    quiet: true,
    perMessage: true,
    fields: {
      id: text,
      link: linkId,
      kind: messageKind,
      rpc,
      term: nullable(term),
      /** Planned time of delivery, in microseconds since the run began. */
      dueUs: microseconds,
      bytes: count,
      /** Number of copies that a duplicating link sends; absent for one. Each copy is delivered or dropped by itself. */
      copies: optional(count),
      voteGranted: optional(flag),
      success: optional(flag),
      matchIndex: optional(logIndex),
      prevLogIndex: optional(logIndex),
      first: optional(logIndex),
      last: optional(logIndex),
      leaderCommit: optional(logIndex),
    },
  },
  MessageDelivered: {
    teller: 'network',
    quiet: true,
    perMessage: true,
    fields: { id: text, link: linkId, rpc, kind: messageKind },
  },
  MessageDropped: {
    teller: 'network',
    quiet: true,
    perMessage: true,
    fields: {
      id: text,
      link: linkId,
      rpc,
      kind: messageKind,
      reason: oneOf('cut', 'lost', 'reset', 'receiver-gone', 'queue-full'),
    },
    /** Fields for bytes that are not a frame of this link. Such bytes have no MessageSent. */
    orFields: {
      id: v.literal(''),
      link: linkId,
      rpc: v.null(),
      kind: v.null(),
      reason: oneOf('malformed'),
      bytes: count,
      /** The problem in English, without the bytes. */
      problem: text,
    },
  },
  /** Connections that carried this direction were broken at both ends. */
  LinkReset: { teller: 'network', fields: { link: linkId, connections: count } },
  LinkPolicyChanged: { teller: 'network', quiet: true, fields: { link: linkId, policy: linkPolicy } },
} as const satisfies EventTable;
