/** Events of clients: requests and outcomes. `operation` is unique within a run. */
import {
  command,
  commandResult,
  count,
  endpoint,
  logIndex,
  microseconds,
  nullable,
  oneOf,
  serverId,
  term,
  text,
} from '../fields.ts';
import type { EventTable } from './row.ts';

/** Rows of these events. */
export const CLIENT_EVENTS = {
  SessionOpened: { teller: 'client', fields: { client: endpoint, session: logIndex } },
  CommandInvoked: {
    teller: 'client',
    fields: { operation: text, client: endpoint, session: nullable(logIndex), sequence: nullable(count), command },
  },
  CommandSent: {
    teller: 'client',
    unseen: true,
    quiet: true,
    fields: { operation: text, to: serverId, attempt: count },
  },
  CommandRedirected: {
    teller: 'client',
    unseen: true,
    fields: { operation: text, from: serverId, to: nullable(serverId) },
  },
  CommandDone: {
    teller: 'client',
    fields: {
      operation: text,
      index: logIndex,
      term,
      server: serverId,
      result: commandResult,
      latencyUs: microseconds,
    },
  },
  /** The command may or may not have been applied (rule R5). */
  CommandUnknown: {
    teller: 'client',
    marked: true,
    fields: { operation: text, reason: oneOf('timed-out', 'closed'), attempts: count },
  },
  /** The command was not applied in this attempt and is not retried: its number is superseded or its session unknown. */
  CommandRefused: {
    teller: 'client',
    fields: { operation: text, reason: oneOf('unknown-session', 'superseded', 'bad-request') },
  },
} as const satisfies EventTable;
