/**
 * Kinds of programs that report events. An event whose name is not in the catalogue, such as one of a later version, has no kind
 * and does not change the view.
 */
import {
  type ClientEvent,
  type EVENTS,
  type EventName,
  eventRow,
  type LabEvent,
  type NetworkEvent,
  namesWith,
  type RaftEvent,
  type ServerProgramEvent,
} from '../catalogue/index.ts';
import type { Envelope, TraceEvent } from './events.ts';

/** The kind of program that reports an event. */
export type EventKind = 'server' | 'network' | 'client' | 'lab';

/** A recorded event of a server. */
export type ServerTraceEvent = Envelope & (RaftEvent | ServerProgramEvent);
/** A recorded event of the network process. */
export type NetworkTraceEvent = Envelope & NetworkEvent;
/** A recorded event of a client. */
export type ClientTraceEvent = Envelope & ClientEvent;
/** A recorded event of the lab. */
export type LabTraceEvent = Envelope & LabEvent;

/** The kind of program that reports this event; null for a name this version does not know. */
export function tellerOf({ event: name, source }: Pick<TraceEvent, 'event' | 'source'>): EventKind | null {
  const teller = eventRow(name)?.teller;
  if (teller === undefined) return null;
  if (teller !== 'program') return teller;
  return source === 'lab' || source === 'network' ? source : 'server';
}

const PER_MESSAGE: ReadonlySet<string> = new Set(namesWith('perMessage'));

type LinkMessageRow = { readonly teller: 'network'; readonly perMessage: true };
type LinkMessage = {
  [Name in EventName]: (typeof EVENTS)[Name] extends LinkMessageRow ? Name : never;
}[EventName];

const LINK_MESSAGES: ReadonlySet<string> = new Set(
  namesWith('perMessage').filter((name) => eventRow(name)?.teller === 'network'),
);

/** The network's event about one message on a link. */
export type MessageTraceEvent = Extract<TraceEvent, { readonly event: LinkMessage }>;

/** True for events that every message on the wire causes. Lists show them only when a filter names them. */
export function isMessageEvent(name: string): boolean {
  return PER_MESSAGE.has(name);
}

/** True for the network's events about one message on a link. */
export function isLinkMessage(event: TraceEvent): event is MessageTraceEvent {
  return LINK_MESSAGES.has(event.event);
}

/** True for an event that a server reported. */
export function isServerEvent(event: TraceEvent): event is ServerTraceEvent {
  return tellerOf(event) === 'server';
}

/** True for an event that the network process reported. */
export function isNetworkEvent(event: TraceEvent): event is NetworkTraceEvent {
  return tellerOf(event) === 'network';
}

/** True for an event that a client reported. */
export function isClientEvent(event: TraceEvent): event is ClientTraceEvent {
  return tellerOf(event) === 'client';
}

/** True for an event that the lab reported. */
export function isLabEvent(event: TraceEvent): event is LabTraceEvent {
  return tellerOf(event) === 'lab';
}

type Unseen = {
  [Name in EventName]: (typeof EVENTS)[Name] extends { readonly unseen: true } ? Name : never;
}[EventName];

/** True for an event that its row keeps out of the view. */
export function isUnseen<Event extends { readonly event: EventName }>(
  event: Event,
): event is Extract<Event, { readonly event: Unseen }> {
  return eventRow(event.event)?.unseen === true;
}

/** Call this at the end of a switch over a union: a member without a case fails to compile. */
export function unreachable(value: never): never {
  throw new Error(`E-unreachable: ${JSON.stringify(value)}`);
}
