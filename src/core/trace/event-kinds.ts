/**
 * Which of the four tellers each event belongs to, by its name; only of `TicksLate` the source decides. The table is
 * exhaustive: a new event name that is missing here does not compile. A name that is not in it (a trace of a later version) has no kind and changes no view.
 */
import type { RaftEvent } from '../raft/events.ts';
import type {
  AnyEvent,
  ClientEvent,
  Envelope,
  LabEvent,
  NetworkEvent,
  ServerProgramEvent,
  TicksLate,
  TraceEvent,
} from './events.ts';

/** Name of an event this version knows. */
export type EventName = AnyEvent['event'];
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

type KindOf<Name extends EventName> = Name extends TicksLate['event']
  ? 'program'
  : Name extends (RaftEvent | ServerProgramEvent)['event']
    ? 'server'
    : Name extends NetworkEvent['event']
      ? 'network'
      : Name extends ClientEvent['event']
        ? 'client'
        : 'lab';

/** Every event name with who tells it; `program`: a server, the network process and the lab, each of itself. */
export const EVENT_KINDS: { readonly [Name in EventName]: KindOf<Name> } = {
  StateRestored: 'server',
  ElectionTimerReset: 'server',
  TermAdvanced: 'server',
  PreVoteStarted: 'server',
  ElectionStarted: 'server',
  VoteGranted: 'server',
  VoteDenied: 'server',
  VoteCounted: 'server',
  LeaderElected: 'server',
  SteppedDown: 'server',
  LeaderRecognised: 'server',
  EntriesProposed: 'server',
  EntriesAppended: 'server',
  EntriesTruncated: 'server',
  AppendRejected: 'server',
  ProgressChanged: 'server',
  CommitAdvanced: 'server',
  NotCommitted: 'server',
  ProposalRejected: 'server',
  LeadershipLost: 'server',
  TornTailCut: 'server',
  EntriesApplied: 'server',
  MessagesReceived: 'server',
  SegmentSealed: 'server',
  FileWasHeld: 'server',
  TicksBegan: 'server',
  TicksLate: 'program',
  EventsCoalesced: 'server',
  MessageSent: 'network',
  MessageDelivered: 'network',
  MessageDropped: 'network',
  LinkPolicyChanged: 'network',
  LinkReset: 'network',
  SessionOpened: 'client',
  CommandInvoked: 'client',
  CommandSent: 'client',
  CommandRedirected: 'client',
  CommandDone: 'client',
  CommandUnknown: 'client',
  CommandRefused: 'client',
  RunStarted: 'lab',
  LabRestarted: 'lab',
  RunEnded: 'lab',
  ServerSpawned: 'lab',
  ServerReady: 'lab',
  SignalOrdered: 'lab',
  ServerFrozen: 'lab',
  ServerResumed: 'lab',
  ServerExited: 'lab',
  DiskObserved: 'lab',
  FaultOrdered: 'lab',
  FaultBegan: 'lab',
  FaultEnded: 'lab',
  ResetOrdered: 'lab',
  KeepAliveChanged: 'lab',
  KeepAliveGaveUp: 'lab',
  NemesisStarted: 'lab',
  NemesisPlanned: 'lab',
  NemesisActed: 'lab',
  NemesisUndone: 'lab',
  NemesisStopping: 'lab',
  NemesisEnded: 'lab',
  ScenarioStarted: 'lab',
  ScenarioStepBegan: 'lab',
  ScenarioNoted: 'lab',
  ScenarioEnded: 'lab',
  PropertyViolated: 'lab',
  PaceChanged: 'lab',
  StartOrdered: 'lab',
  StartAnswered: 'lab',
  DiskSilent: 'lab',
  NetworkSpawned: 'lab',
  NetworkExited: 'lab',
  ComputerSuspended: 'lab',
  ComputerResumed: 'lab',
  RunExported: 'lab',
  LabFailed: 'lab',
  EventsMissing: 'lab',
};

/** The kind of program that reports this event; null for a name this version does not know. */
export function tellerOf({ event: name, source }: Pick<TraceEvent, 'event' | 'source'>): EventKind | null {
  if (!Object.hasOwn(EVENT_KINDS, name)) return null;
  const kind = EVENT_KINDS[name];
  if (kind !== 'program') return kind;
  return source === 'lab' || source === 'network' ? source : 'server';
}

/** Events that come with every message on the wire: lists leave them out unless they are asked for by name. */
export function isMessageEvent(name: string): boolean {
  return name.startsWith('Message');
}

/** True for what a server says of itself. */
export function isServerEvent(event: TraceEvent): event is ServerTraceEvent {
  return tellerOf(event) === 'server';
}

/** True for what the network saw. */
export function isNetworkEvent(event: TraceEvent): event is NetworkTraceEvent {
  return tellerOf(event) === 'network';
}

/** True for what a client asked and learnt. */
export function isClientEvent(event: TraceEvent): event is ClientTraceEvent {
  return tellerOf(event) === 'client';
}

/** True for what the lab did and saw. */
export function isLabEvent(event: TraceEvent): event is LabTraceEvent {
  return tellerOf(event) === 'lab';
}

/** For the end of a switch over a union: a new member makes the call fail to compile. */
export function unreachable(value: never): never {
  throw new Error(`E-unreachable: ${JSON.stringify(value)}`);
}
