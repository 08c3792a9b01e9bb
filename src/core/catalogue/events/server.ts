/** Events of a server program besides those of its consensus core. */
import { chain, count, listOf, logIndex, milliseconds, text } from '../fields.ts';
import type { EventTable } from './row.ts';

/** Rows of these events. */
export const SERVER_EVENTS = {
  TornTailCut: {
    teller: 'server',
    marked: true,
    caption: { code: 'torn-tail-cut', rank: 4, tone: 'warning', params: { server: 'text', bytes: 'number' } },
    fields: { file: text, offset: count, bytes: count },
  },
  /** The server applied entries up to `last` to the state machine. Clients report the results. */
  EntriesApplied: { teller: 'server', quiet: true, fields: { first: logIndex, last: logIndex, chain } },
  MessagesReceived: { teller: 'server', unseen: true, quiet: true, perMessage: true, fields: { ids: listOf(text) } },
  SegmentSealed: {
    teller: 'server',
    unseen: true,
    quiet: true,
    fields: { file: text, first: logIndex, last: logIndex },
  },
  /** Another program held this file (or folder) of the server. The call failed `refusals` times and then succeeded. */
  FileWasHeld: {
    teller: 'server',
    unseen: true,
    fields: {
      /** Path relative to the server's folder; empty for the folder itself. */
      file: text,
      /** The system's code of the last refusal. */
      code: text,
      refusals: count,
      /** Milliseconds for which the server was blocked. */
      waitedMs: milliseconds,
    },
  },
  /** The server's ticks began: the first comes after one tick length. Earlier recordings do not have this event. */
  TicksBegan: { teller: 'server', unseen: true, quiet: true, fields: {} },
  EventsCoalesced: { teller: 'server', unseen: true, quiet: true, fields: { count: count } },
} as const satisfies EventTable;
