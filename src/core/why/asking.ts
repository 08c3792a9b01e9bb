/**
 * The forms of a question and of its answer, and what the tellers of all topics share: the events of the past that are evidence,
 * facts of the view, lengths of the election timer. Flow: why.ts → a teller of why-*.ts → here.
 */
import type { EventName, WhyCode, WhyFactCode } from '../catalogue/index.ts';
import { causesOf } from '../trace/causes.ts';
import type { Past } from '../trace/causes-past.ts';
import type { Named, TraceEvent } from '../trace/events.ts';
import { lastIndexOf, termAt } from '../trace/log-runs.ts';
import { majorityOf, serverCount } from '../trace/predicates.ts';
import type { ClusterView } from '../trace/view.ts';
import {
  describeCommand,
  type EntryContent,
  endsOf,
  type LogIndex,
  longestElectionTicks,
  type ServerId,
  type Term,
  type TermRun,
} from '../vocabulary/index.ts';

/** Values for the gaps of a sentence. Names that end in `AtUs` are moments of the run, other names in `Us` are lengths. */
export type WhyParams = Readonly<Record<string, string | number>>;

/** The question why an event happened. */
export interface Asked<Event extends TraceEvent = TraceEvent> {
  readonly event: Event;
  /** The events before it. */
  readonly past: Past;
  /** The view of all events before it. */
  readonly before: ClusterView;
}

/** Evidence: an event of the trace, a fact about a server, or a fact that an event proves. */
export interface WhyEvidence {
  readonly event: TraceEvent | null;
  readonly fact: { readonly code: WhyFactCode; readonly server: ServerId; readonly params: WhyParams } | null;
}

/** The reason of an event, with its evidence in the order of importance. */
export interface Reason {
  readonly code: WhyCode;
  readonly params?: WhyParams;
  readonly evidence?: readonly (WhyEvidence | TraceEvent | null)[];
}

/** A function that gives the reason of one kind of event. */
export type Teller<Name extends EventName> = (asked: Asked<Named<Name>>) => Reason;
/** Tellers of some kinds of events, by name. */
export type Tellers<Names extends EventName = EventName> = { readonly [Name in Names]: Teller<Name> };

type ReasonCode<Name extends EventName> = Extract<Named<Name>, { readonly reason: string }>['reason'];
type ByReason<Name extends EventName> = { readonly [Code in ReasonCode<Name>]: Teller<Name> };

/** A teller that has one teller for each reason code of its event; the type check demands all of them. */
export function byReason<Name extends EventName>(tellers: ByReason<Name>): Teller<Name> {
  return (asked) => {
    const { reason } = asked.event as unknown as { readonly reason: ReasonCode<Name> };
    return tellers[reason](asked);
  };
}

/** The reason that the event itself names, for an event whose past is not recorded. */
export function reasonOnly({ event }: Asked, reason: string): Reason {
  return { code: 'reason-only', params: { server: event.source, reason } };
}

/** The reason of an event that follows from other recorded events, without a rule of its own. */
export function follows(asked: Asked): Reason {
  const evidence = causesOf(asked.event, asked.past);
  return { code: evidence.length === 0 ? 'begins' : 'follows', evidence };
}

/** A fact about a server as evidence. @param event  the event that proves it; null when the view alone does */
export function fact(
  code: WhyFactCode,
  server: ServerId,
  params: WhyParams = {},
  event: TraceEvent | null = null,
): WhyEvidence {
  return { event, fact: { code, server, params } };
}

/** The network's report of the message that led to an event, and the event that shows its arrival. */
export interface Arrival {
  readonly sent: Named<'MessageSent'>;
  readonly arrived: TraceEvent;
  readonly from: string;
  readonly to: string;
}

/** The message that led to an event; null when the past does not hold it. */
export function arrivalBehind({ event, past }: Asked): Arrival | null {
  for (const arrived of causesOf(event, past)) {
    const sent =
      arrived.event === 'MessageSent' ? arrived : arrived.event === 'MessageDelivered' ? past.sent(arrived.id) : null;
    if (sent !== null) return { sent, arrived, ...endsOf(sent.link) };
  }
  return null;
}

/** A message as evidence, under the name of its sender. */
export function sentFact({ sent, arrived, from, to }: Arrival): WhyEvidence {
  const params = { rpc: sent.rpc, kind: sent.kind, term: sent.term ?? 0, to };
  return fact('sent-with-term', from, params, arrived);
}

/** Last entry of a log, with index and term 0 for an empty log. */
export function endOf(log: readonly TermRun[] | undefined): { readonly index: LogIndex; readonly term: Term } {
  const index = lastIndexOf(log ?? []);
  return { index, term: termAt(log ?? [], index) ?? 0 };
}

/** Numbers of servers: all members, and a majority of them. */
export function sizes(view: ClusterView): { readonly servers: number; readonly needed: number } {
  return { servers: serverCount(view), needed: majorityOf(view) };
}

/** Microseconds of this many ticks at the present pace. */
export function ticksUs(view: ClusterView, ticks: number): number {
  return ticks * view.tickMs * 1000;
}

/** Shortest and longest election timeout, in microseconds (rule E9). */
export function timeouts(view: ClusterView): { readonly leastUs: number; readonly mostUs: number } {
  if (view.settings === null) return { leastUs: 0, mostUs: 0 };
  const { electionTicks } = view.settings;
  return { leastUs: ticksUs(view, electionTicks), mostUs: ticksUs(view, longestElectionTicks(view.settings)) };
}

/** Ids as one text, in the order of their numbers. */
export function listed(ids: readonly string[]): string {
  return [...ids].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))).join(', ');
}

/** Content of an entry as a person types it; the RPC's name for a session, empty for a no-op. */
export function contentText(content: EntryContent): string {
  if (content.type === 'command') return describeCommand(content.command);
  return content.type === 'session' ? 'OpenSession' : 'no-op';
}
