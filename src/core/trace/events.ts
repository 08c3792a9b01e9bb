/** The trace: one JSON object a line. The events of each source and the envelope around them (docs/trace-format.md). */
import type { RaftEvent } from '../raft/events.ts';
import type {
  BothLanguages,
  Chain,
  Command,
  CommandResult,
  Endpoint,
  Json,
  LinkId,
  LinkPolicy,
  LogIndex,
  PaceName,
  ProtocolFlags,
  Rpc,
  ServerId,
  Term,
} from '../vocabulary/index.ts';
import type { Durability } from '../wire/control-protocol.ts';
import type { ExportFormat } from './export-formats.ts';

/** Version of this format, in `RunStarted` and `LabRestarted`. */
export const TRACE_VERSION = 2;

/** An event that proves something, by where it stands in the trace. */
export interface Proof {
  readonly seq: number;
  readonly source: Source;
  readonly life: number;
  readonly nseq: number;
  readonly event: string;
}

/** How a scenario ended. A lab failure says nothing about Raft. */
export type ScenarioVerdict = 'valid' | 'violated' | 'unknown' | 'lab-failure';

/** The kinds of random faults. */
export type NemesisKind = 'kill' | 'freeze' | 'cut' | 'one-way' | 'delay' | 'lose' | 'duplicate';

/** Everything that shapes a run, written into its manifest and its first event. */
export interface RunSettings {
  readonly servers: readonly ServerId[];
  readonly pace: PaceName;
  readonly preset: 'paper' | 'production' | 'custom';
  readonly flags: ProtocolFlags;
  readonly durability: Durability;
  readonly electionTicks: number;
  readonly heartbeatTicks: number;
  /** Servers that run a wrong rule on purpose, with the mutant's id (docs/mutants.md). Absent: none does. */
  readonly mutants?: Readonly<Record<ServerId, string>>;
  /** Seeds every server's random word; with real processes it repeats the draws, not the interleaving. */
  readonly seed: number;
}

/**
 * A tick of this source came half an election timeout late or later: the machine was too slow, or the process stood still.
 * Servers, the network process and the lab each report their own.
 */
export interface TicksLate {
  readonly event: 'TicksLate';
  /** Time between when the tick was due and when it came, milliseconds. */
  readonly lateMs: number;
  /** Number of ticks skipped before it. */
  readonly missed: number;
}

/** Events of a server program besides those of its Raft core. */
export type ServerProgramEvent =
  | { readonly event: 'TornTailCut'; readonly file: string; readonly offset: number; readonly bytes: number }
  /** Applied to the state machine up to `last`; results are the clients' business. */
  | { readonly event: 'EntriesApplied'; readonly first: LogIndex; readonly last: LogIndex; readonly chain: Chain }
  | { readonly event: 'MessagesReceived'; readonly ids: readonly string[] }
  | { readonly event: 'SegmentSealed'; readonly file: string; readonly first: LogIndex; readonly last: LogIndex }
  /** Another program held this file (or folder) of the server: the call failed `refusals` times, then succeeded. */
  | {
      readonly event: 'FileWasHeld';
      /** Below the server's folder; empty for the folder itself. */
      readonly file: string;
      /** The system's code of the last refusal. */
      readonly code: string;
      readonly refusals: number;
      /** Milliseconds for which the server was blocked. */
      readonly waitedMs: number;
    }
  /** The server was started: its first tick is one tick length away. Earlier recordings do not have this event. */
  | { readonly event: 'TicksBegan' }
  | TicksLate
  | { readonly event: 'EventsCoalesced'; readonly count: number };

/** Events of the network: it reports a message even if the sender or the receiver dies before reporting it. */
export type NetworkEvent =
  /** A whole message arrived at the network; its place in the picture comes from the header. timeUs is the sender's `sentUs`. */
  | {
      readonly event: 'MessageSent';
      readonly id: string;
      readonly link: LinkId;
      readonly kind: 'request' | 'reply';
      readonly rpc: Rpc;
      readonly term: Term | null;
      /** When it is due to be delivered if nothing happens to it; microseconds since the run began. */
      readonly dueUs: number;
      readonly bytes: number;
      /** How often it is to arrive, when that is not once: a link that duplicates. Each copy has an end of its own. */
      readonly copies?: number;
      readonly voteGranted?: boolean;
      readonly success?: boolean;
      readonly matchIndex?: LogIndex;
      readonly prevLogIndex?: LogIndex;
      readonly first?: LogIndex;
      readonly last?: LogIndex;
      readonly leaderCommit?: LogIndex;
    }
  | {
      readonly event: 'MessageDelivered';
      readonly id: string;
      readonly link: LinkId;
      readonly rpc: Rpc;
      readonly kind: 'request' | 'reply';
    }
  | {
      readonly event: 'MessageDropped';
      readonly id: string;
      readonly link: LinkId;
      readonly rpc: Rpc;
      readonly kind: 'request' | 'reply';
      readonly reason: 'cut' | 'lost' | 'reset' | 'receiver-gone' | 'queue-full';
    }
  /** Bytes that are no frame of this link: nothing was sent in the picture's sense, so there is no MessageSent. */
  | {
      readonly event: 'MessageDropped';
      readonly id: '';
      readonly link: LinkId;
      readonly rpc: null;
      readonly kind: null;
      readonly reason: 'malformed';
      readonly bytes: number;
      /** The problem in English, without the bytes. */
      readonly problem: string;
    }
  /** Connections that carried this direction were broken at both ends. */
  | { readonly event: 'LinkReset'; readonly link: LinkId; readonly connections: number }
  | { readonly event: 'LinkPolicyChanged'; readonly link: LinkId; readonly policy: LinkPolicy }
  | TicksLate;

/** Events of clients: requests and outcomes. `operation` is unique within a run. */
export type ClientEvent =
  | { readonly event: 'SessionOpened'; readonly client: Endpoint; readonly session: LogIndex }
  | {
      readonly event: 'CommandInvoked';
      readonly operation: string;
      readonly client: Endpoint;
      readonly session: LogIndex | null;
      readonly sequence: number | null;
      readonly command: Command;
    }
  | { readonly event: 'CommandSent'; readonly operation: string; readonly to: ServerId; readonly attempt: number }
  | {
      readonly event: 'CommandRedirected';
      readonly operation: string;
      readonly from: ServerId;
      readonly to: ServerId | null;
    }
  | {
      readonly event: 'CommandDone';
      readonly operation: string;
      readonly index: LogIndex;
      readonly term: Term;
      readonly server: ServerId;
      readonly result: CommandResult;
      readonly latencyUs: number;
    }
  /** The command may or may not have been applied (rule R5). */
  | {
      readonly event: 'CommandUnknown';
      readonly operation: string;
      readonly reason: 'timed-out' | 'closed';
      readonly attempts: number;
    }
  /** Known not to have been applied in this attempt and not retried (a superseded number, an unknown session). */
  | {
      readonly event: 'CommandRefused';
      readonly operation: string;
      readonly reason: 'unknown-session' | 'superseded' | 'bad-request';
    };

/**
 * A group cut off from the others; groups that may overlap; single directions with a policy; the course tests'
 * unreliable network on all links; servers that no client reaches.
 */
export type FaultKind = 'cut' | 'partition' | 'link' | 'unreliable' | 'clients';

/** Whether the lab had ordered the end of a process. */
export type ExitCause = 'ordered' | 'not-ordered';

/** Events of the lab: the intended targets first, the real outcome after (promise 3). */
export type LabEvent =
  | {
      readonly event: 'RunStarted';
      readonly traceVersion: number;
      readonly settings: RunSettings;
      readonly startedAt: string;
      readonly raftLab: string;
    }
  /** The lab was started again on this run; times go on after the last recorded one. `traceVersion`: absent for 1. */
  | {
      readonly event: 'LabRestarted';
      readonly traceVersion?: number;
      readonly startedAt: string;
      readonly raftLab: string;
    }
  | { readonly event: 'RunEnded'; readonly reason: 'closed' | 'disk-cap' | 'lab-failure' }
  | { readonly event: 'ServerSpawned'; readonly server: ServerId; readonly ofLife: number; readonly pid: number }
  | { readonly event: 'ServerReady'; readonly server: ServerId; readonly ofLife: number; readonly port: number }
  | {
      readonly event: 'SignalOrdered';
      readonly server: ServerId;
      readonly ofLife: number;
      readonly signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT';
      readonly pid: number;
    }
  /** The server is stopped: its sockets stay open, its timers do not run, and it writes nothing. */
  | { readonly event: 'ServerFrozen'; readonly server: ServerId; readonly ofLife: number; readonly pid: number }
  | { readonly event: 'ServerResumed'; readonly server: ServerId; readonly ofLife: number; readonly pid: number }
  | {
      readonly event: 'ServerExited';
      readonly server: ServerId;
      readonly ofLife: number;
      readonly pid: number;
      readonly code: number | null;
      readonly signal: string | null;
      readonly cause: ExitCause;
      /** Last line of stderr when it was not ordered; empty otherwise. */
      readonly message: string;
    }
  /** The contents of a dead server's files, read by the lab before the server may start again. */
  | {
      readonly event: 'DiskObserved';
      readonly server: ServerId;
      readonly ofLife: number;
      readonly ok: boolean;
      readonly term: Term;
      readonly votedFor: ServerId | null;
      readonly lastIndex: LogIndex;
      readonly chain: Chain;
      readonly tornBytes: number;
      /** The problem, when `ok` is false. */
      readonly message: string;
    }
  | {
      readonly event: 'FaultOrdered';
      readonly fault: string;
      readonly kind: FaultKind;
      /** The group that is cut off, from the others or from clients; empty for the other kinds. */
      readonly servers: readonly ServerId[];
      /** Of a partition: who is in none of them is in one more. */
      readonly groups?: readonly (readonly ServerId[])[];
      /** Every link it touches; `clients` stands for every client. */
      readonly links: readonly LinkId[];
      /** The policy of the links, for the kinds `link` and `unreliable`. */
      readonly policy?: LinkPolicy;
    }
  | {
      readonly event: 'FaultBegan';
      readonly fault: string;
      readonly kind: FaultKind;
      readonly servers: readonly ServerId[];
      readonly groups?: readonly (readonly ServerId[])[];
      readonly links: readonly LinkId[];
      readonly policy?: LinkPolicy;
    }
  | { readonly event: 'FaultEnded'; readonly fault: string }
  | { readonly event: 'ResetOrdered'; readonly links: readonly LinkId[] }
  /** Whether servers that are gone are started again. */
  | { readonly event: 'KeepAliveChanged'; readonly on: boolean }
  /** One server ended by itself too often: it is off from now on. */
  | {
      readonly event: 'KeepAliveGaveUp';
      readonly server: ServerId;
      readonly exits: number;
      readonly withinMs: number;
      /** Its last lines, oldest first. */
      readonly stderr: readonly string[];
    }
  /** Random faults begin: `perMinute` acts on average, drawn from the seed. */
  | { readonly event: 'NemesisStarted'; readonly seed: number; readonly perMinute: number }
  /** An intended act of the nemesis, with its targets and duration; `servers` or `links` is empty. */
  | {
      readonly event: 'NemesisPlanned';
      readonly act: number;
      readonly kind: NemesisKind;
      readonly servers: readonly ServerId[];
      readonly links: readonly LinkId[];
      readonly forMs: number;
      readonly policy?: LinkPolicy;
    }
  /** The outcome of an act; it fails, for one, when a person did the same before. */
  | {
      readonly event: 'NemesisActed';
      readonly act: number;
      readonly kind: NemesisKind;
      readonly outcome: 'done' | 'failed';
      readonly detail: string;
    }
  | {
      readonly event: 'NemesisUndone';
      readonly act: number;
      readonly outcome: 'done' | 'failed';
      readonly detail: string;
    }
  /** The nemesis was switched off, and its faults are being undone. */
  | { readonly event: 'NemesisStopping' }
  /** `recovered`: a leader, everybody up, every log equal, after `afterMs`. */
  | { readonly event: 'NemesisEnded'; readonly recovered: boolean; readonly afterMs: number }
  /** A scenario begins: its steps in short, in order, what it only says in both languages; `reported` seconds of the seed report, null for none. */
  | {
      readonly event: 'ScenarioStarted';
      readonly name: string;
      readonly title: BothLanguages;
      readonly seed: number;
      readonly steps: readonly (string | BothLanguages)[];
      readonly reported: number | null;
    }
  /** The step (from 0) that is done now; those before it are done. */
  | { readonly event: 'ScenarioStepBegan'; readonly step: number }
  /** A note of the scenario for its viewers; a warning is no failure. */
  | { readonly event: 'ScenarioNoted'; readonly says: BothLanguages; readonly warning: boolean }
  | {
      readonly event: 'ScenarioEnded';
      readonly verdict: ScenarioVerdict;
      /** Why it is not valid; null when it is. */
      readonly reason: BothLanguages | null;
      readonly seconds: number;
    }
  /** A judge found a safety property of Raft broken: what was found, where it is stated, and the events that prove it. */
  | {
      readonly event: 'PropertyViolated';
      readonly property: string;
      readonly rule: string;
      readonly params: Readonly<Record<string, string | number>>;
      readonly proof: readonly Proof[];
    }
  | { readonly event: 'PaceChanged'; readonly pace: PaceName; readonly tickMs: number; readonly hopDelayMs: number }
  /** Start() on one server, and its answer. */
  | { readonly event: 'StartOrdered'; readonly server: ServerId; readonly command: Json }
  | {
      readonly event: 'StartAnswered';
      readonly server: ServerId;
      readonly outcome: 'accepted' | 'not-leader' | 'busy' | 'no-answer' | 'refused';
      readonly index: LogIndex | null;
      readonly term: Term | null;
      readonly leaderId: ServerId | null;
    }
  /** A write of this server began `forMs` milliseconds ago and has not ended. Earlier recordings do not have it. */
  | { readonly event: 'DiskSilent'; readonly server: ServerId; readonly ofLife: number; readonly forMs: number }
  | { readonly event: 'NetworkSpawned'; readonly pid: number }
  | {
      readonly event: 'NetworkExited';
      readonly pid: number;
      readonly code: number | null;
      readonly signal: string | null;
      readonly cause: ExitCause;
    }
  /** The computer is about to sleep, where the system announces it. Earlier recordings have neither of the two. */
  | { readonly event: 'ComputerSuspended' }
  | {
      readonly event: 'ComputerResumed';
      /** Milliseconds. */
      readonly sleptMs: number;
      /** The last time of the run at which the computer was known to be awake, microseconds. */
      readonly sinceUs: number;
    }
  | { readonly event: 'RunExported'; readonly format: ExportFormat; readonly events: number }
  | { readonly event: 'LabFailed'; readonly message: string }
  | { readonly event: 'EventsMissing'; readonly of: string; readonly count: number }
  | TicksLate;

/** The content of an event, without its envelope. */
export type AnyEvent = RaftEvent | ServerProgramEvent | NetworkEvent | ClientEvent | LabEvent;

/** `lab`, `network`, a server id or a client id. */
export type Source = string;

/** The envelope of an event: its source, its time, and its place in the recording. */
export interface Envelope {
  /** Arrival at the recorder, 1, 2, …: the order in the file. */
  readonly seq: number;
  /** When it happened: microseconds since the run began, one monotonic clock for all processes. */
  readonly timeUs: number;
  readonly source: Source;
  /** Counts this source's events within its life, from 1: a gap is visible. */
  readonly nseq: number;
  readonly life: number;
  /** The event reached the recorder after later ones had been delivered to live readers. */
  readonly late?: true;
}

/** One line of a trace. */
export type TraceEvent = Envelope & AnyEvent;
