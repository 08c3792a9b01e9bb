/**
 * The events of a trace: each row holds the reporting program, the fields of one event, and whether lists leave it out. The types
 * of events, the check of recorded lines, the lists on screen and the test of docs/trace-format.md follow from these rows. A new
 * event needs a row here, a sentence under `event` in resources/words, a row in docs/trace-format.md, and a reporting program.
 */
import * as v from 'valibot';
import { CLIENT_EVENTS } from './client.ts';
import { LAB_EVENTS } from './lab.ts';
import { NETWORK_EVENTS } from './network.ts';
import { PROGRAM_EVENTS } from './program.ts';
import { RAFT_EVENTS } from './raft.ts';
import type { EventOf, EventRow, EventsOf, EventTable } from './row.ts';
import { SERVER_EVENTS } from './server.ts';

/** Every event by name. */
export const EVENTS = {
  ...RAFT_EVENTS,
  ...SERVER_EVENTS,
  ...PROGRAM_EVENTS,
  ...NETWORK_EVENTS,
  ...CLIENT_EVENTS,
  ...LAB_EVENTS,
} as const satisfies EventTable;

/** Name of an event that this version knows. */
export type EventName = keyof typeof EVENTS;
/** The event of one name, without its envelope. */
export type EventBodyOf<Name extends EventName> = EventOf<typeof EVENTS, Name>;

/** Events of a server's consensus core. */
export type RaftEvent = EventsOf<typeof RAFT_EVENTS>;
/** The event about late ticks of a program. */
export type TicksLate = EventsOf<typeof PROGRAM_EVENTS>;
/** Events of a server program besides those of its core. */
export type ServerProgramEvent = EventsOf<typeof SERVER_EVENTS> | TicksLate;
/** Events of the network process. */
export type NetworkEvent = EventsOf<typeof NETWORK_EVENTS> | TicksLate;
/** Events of clients. */
export type ClientEvent = EventsOf<typeof CLIENT_EVENTS>;
/** Events of the lab. */
export type LabEvent = EventsOf<typeof LAB_EVENTS> | TicksLate;
/** The content of an event, without its envelope. */
export type AnyEvent = RaftEvent | ServerProgramEvent | NetworkEvent | ClientEvent | LabEvent;

/** Names of all events, in the order of the tables. */
export const EVENT_NAMES = Object.keys(EVENTS) as readonly EventName[];

/** A map, because the fold looks for the row of each event several times. */
const ROWS: ReadonlyMap<string, EventRow> = new Map(Object.entries(EVENTS));

/** The row of an event; undefined for a name that this version does not know. */
export function eventRow(name: string): EventRow | undefined {
  return ROWS.get(name);
}

/** Names of the events whose rows set this column. */
export function namesWith(column: 'quiet' | 'marked' | 'perMessage' | 'remembered'): readonly EventName[] {
  return EVENT_NAMES.filter((name) => eventRow(name)?.[column] === true);
}

const schemas = new Map<string, v.GenericSchema>();

function schemaOf(name: string, { fields, orFields }: EventRow): v.GenericSchema {
  const known = schemas.get(name);
  if (known !== undefined) return known;
  const first = v.strictObject({ event: v.literal(name), ...fields });
  const schema =
    orFields === undefined ? first : v.union([first, v.strictObject({ event: v.literal(name), ...orFields })]);
  schemas.set(name, schema);
  return schema;
}

/**
 * Checks every field of an event that one of our own programs reported.
 *
 * @param body  the event without its envelope
 * @returns what is wrong, in English; null when the event is as its row says
 */
export function eventProblem(body: { readonly event: string; readonly [field: string]: unknown }): string | null {
  const row = eventRow(body.event);
  if (row === undefined) return `${body.event} is not in the table of events`;
  const result = v.safeParse(schemaOf(body.event, row), body, { abortEarly: true });
  if (result.success) return null;
  const [issue] = result.issues;
  return `${body.event}: field ${v.getDotPath(issue) ?? '?'}: ${issue.message}`;
}
