/**
 * The words of the contract as the dashboard uses them. The renderer may import only core/lab-api and core/trace,
 * so ids and small shapes of the rooms below are named here from the types that those two already show.
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

/** Where a problem is shown: next to what caused it. */
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

/** An expected error of the lab, with the place it belongs to. */
export interface Problem {
  readonly place: ProblemPlace;
  readonly error: LabError;
}
