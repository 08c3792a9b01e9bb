/** Events of the network process: it reports a message even if the sender or the receiver dies before reporting it. */
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
  /** A whole message arrived at the network; its place in the picture comes from the header. timeUs is the sender's `sentUs`. */
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
      /** When it is due to be delivered if nothing happens to it; microseconds since the run began. */
      dueUs: microseconds,
      bytes: count,
      /** How often it is to arrive, when that is not once: a link that duplicates. Each copy has an end of its own. */
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
    /** Bytes that are no frame of this link: there is no MessageSent for them. */
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
