/**
 * Short names of the contract's types. The renderer may not import the rooms below core/lab-api and core/trace, so ids and
 * small types of those rooms are derived here from types of these two.
 */
import type { LabError, ProcessView, Requests } from '../core/lab-api/index.ts';
import type { EntryView, LinkView, ServerView, TraceEvent } from '../core/trace/index.ts';

export type ServerId = ServerView['id'];
export type RoleName = NonNullable<ServerView['role']>;
export type LogIndex = number;
export type Term = number;
export type LinkId = LinkView['id'];
export type TermRun = ServerView['log'][number];
export type WireEntry = EntryView['entry'];
export type Command = Requests['submit']['ask']['command'];
export type StoreView = NonNullable<Requests['stores']['answer'][string]>;
export type Telemetry = NonNullable<ProcessView['telemetry']>;
export type EventName = TraceEvent['event'];
export type MessageSent = Extract<TraceEvent, { event: 'MessageSent' }>;

/** The place on the page where a problem is shown: next to its cause. */
export type ProblemPlace =
  | `server:${ServerId}`
  | 'faults'
  | 'pace'
  | 'runs'
  | 'new-run'
  | 'command'
  | 'export'
  | 'try'
  | 'scenario'
  | 'file'
  | 'stage';

/** An expected error of the lab, with its place on the page. */
export interface Problem {
  readonly place: ProblemPlace;
  readonly error: LabError;
}
