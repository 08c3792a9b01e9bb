/** The form of a row in the tables of events, and the types that follow from a table. */
import type * as v from 'valibot';
import type { EventCaption } from '../caption-row.ts';

/** One event: its source, its fields, and the lists that leave it out. */
export interface EventRow {
  /** Kind of program that reports it. `program`: each server, the network process and the lab report it about themselves. */
  readonly teller: 'server' | 'network' | 'client' | 'lab' | 'program';
  /** Schema of each field, besides those of the envelope. */
  readonly fields: v.ObjectEntries;
  /** Fields of the event's second form, if it has one. */
  readonly orFields?: v.ObjectEntries;
  /** Set when the short list on screen omits it: it is too frequent, or another event shows the same. */
  readonly quiet?: true;
  /** Set when lists print it bold: an election, an end of a process, a fault, a lost entry, a broken promise. */
  readonly marked?: true;
  /** Set when it changes nothing in the view; the fold of any other event needs a case. */
  readonly unseen?: true;
  /** The caption that repeats it. */
  readonly caption?: EventCaption;
  /** Set when the view remembers the newest ones, so that the story can name them as causes. Rare events only. */
  readonly remembered?: true;
  /**
   * Set when every message on the wire causes it. Lists show it only when a filter names it. A program may omit it while the
   * lab does not read.
   */
  readonly perMessage?: true;
}

/** A table of events by name. */
export type EventTable = Readonly<Record<string, EventRow>>;

type Body<Name, Fields extends v.ObjectEntries> = { readonly event: Name } & Readonly<
  v.InferOutput<v.StrictObjectSchema<Fields, undefined>>
>;

/** The event of one row, without its envelope. */
export type EventOf<Table extends EventTable, Name extends keyof Table> =
  | Body<Name, Table[Name]['fields']>
  | (Table[Name] extends { readonly orFields: infer Other extends v.ObjectEntries } ? Body<Name, Other> : never);

/** Any event of a table, without its envelope. */
export type EventsOf<Table extends EventTable> = { [Name in keyof Table]: EventOf<Table, Name> }[keyof Table];
