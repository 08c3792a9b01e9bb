/**
 * ClusterView: what the trace says the cluster looks like at one moment. The lab folds events into it; screens
 * draw it and never fold. Built with structural sharing: what did not change is the same object.
 */

import type { CaptionCode, FaultKind, RunSettings, ScenarioVerdict } from '../catalogue/index.ts';
import type {
  BothLanguages,
  Chain,
  LinkId,
  LinkPolicy,
  LogIndex,
  PaceName,
  RoleName,
  ServerId,
  Term,
  TermRun,
  WireEntry,
} from '../vocabulary/index.ts';

/** Where a server's process is in its life. */
export type ServerStatus =
  /** Spawned, not ready yet. */
  | 'starting'
  | 'up'
  /** Up, but stopped by SIGSTOP: its memory and its sockets are kept, and nothing moves. */
  | 'frozen'
  /** Exited by a signal or an orderly end. Its files are kept. */
  | 'down'
  /** Exited by itself with an error, a damaged file for instance. */
  | 'failed';

/** How a process does, as far as the trace tells. */
export type HealthState =
  | 'ok'
  /** Its ticks came late a moment ago. */
  | 'late'
  /** The server is up and silent although messages reach it, and one of its writes has not ended. */
  | 'disk-silent'
  /** The server is up and silent although messages reach it. For the network: its process is gone. */
  | 'stalled'
  /** The server does not read its sockets. */
  | 'not-reading';

/** Health, and since when (microseconds since the run began; 0 for `ok`). */
export interface HealthView {
  readonly state: HealthState;
  readonly sinceUs: number;
}

/** When a server last said something, and the messages delivered to it when silence was first noticed; null: not yet. */
export interface HeardView {
  readonly atUs: number;
  readonly delivered: number | null;
}

/** A leader's progress record of one follower. */
export interface ProgressView {
  readonly matchIndex: LogIndex;
  readonly nextIndex: LogIndex;
  readonly state: 'probe' | 'replicate';
}

/** One server as the trace shows it. */
export interface ServerView {
  readonly id: ServerId;
  readonly status: ServerStatus;
  readonly life: number;
  readonly pid: number | null;
  readonly startedUs: number | null;
  /** Since when it has been frozen; null while it is not. */
  readonly frozenUs: number | null;
  /** How many messages had been delivered to it when it was frozen; of no meaning while it is not. */
  readonly deliveredBefore: number;
  readonly exit: {
    readonly atUs: number;
    readonly code: number | null;
    readonly signal: string | null;
    /** False: nobody in the lab ordered it (killed from a terminal, crashed). */
    readonly ordered: boolean;
    readonly message: string;
  } | null;
  /** How it does while it is up. */
  readonly health: HealthView;
  /** Memory: null while the server is not up. */
  readonly role: RoleName | null;
  readonly term: Term;
  readonly votedFor: ServerId | null;
  readonly leaderId: ServerId | null;
  /** A candidate's votes so far. */
  readonly votes: Readonly<Record<ServerId, boolean>>;
  readonly votesNeeded: number;
  /** The running election timer; null for a leader and for a dead server. */
  readonly timer: { readonly startedUs: number; readonly timeoutTicks: number } | null;
  /** The log this server is known to hold, in memory (or on disk while it is down). */
  readonly log: readonly TermRun[];
  readonly lastIndex: LogIndex;
  /** Chain at lastIndex; empty right after a truncation, until the next append says it. */
  readonly chain: Chain;
  /** Highest index known to be durable here. */
  readonly durableIndex: LogIndex;
  readonly commitIndex: LogIndex;
  readonly lastApplied: LogIndex;
  /** A leader's knowledge of the others; empty otherwise. */
  readonly progress: Readonly<Record<ServerId, ProgressView>>;
  /** The state this life restored from disk. */
  readonly restored: {
    readonly atUs: number;
    readonly term: Term;
    readonly votedFor: ServerId | null;
    readonly lastIndex: LogIndex;
    /** Bytes of a torn tail that were cut; 0 for a whole file. */
    readonly tornBytes: number;
  } | null;
  /** For a dead server: what the lab read from its files. */
  readonly disk: {
    readonly ok: boolean;
    readonly term: Term;
    readonly votedFor: ServerId | null;
    readonly lastIndex: LogIndex;
    readonly message: string;
  } | null;
  /** Recent stretches of log and since when they are durable here, newest last, at most 64. */
  readonly stored: readonly { readonly first: LogIndex; readonly last: LogIndex; readonly atUs: number }[];
}

/**
 * One direction between two parties; counts are messages since the run began. `clients` stands for all clients that are
 * not counted one by one.
 */
export interface LinkView {
  readonly id: LinkId;
  readonly policy: LinkPolicy;
  readonly sent: number;
  readonly delivered: number;
  readonly dropped: number;
}

/** A fault that has begun and not ended. */
export interface FaultView {
  readonly id: string;
  readonly kind: FaultKind;
  /** The group that is cut off, from the others or from clients; empty for the other kinds. */
  readonly servers: readonly ServerId[];
  /** Of a partition; empty for the other kinds. */
  readonly groups: readonly (readonly ServerId[])[];
  /** The links it touches, and what they do when the kind alone does not say it. */
  readonly links: readonly LinkId[];
  readonly policy: LinkPolicy | null;
  readonly sinceUs: number;
}

/** The content of an entry; several may compete for an index, told apart by term. */
export interface EntryView {
  readonly entry: WireEntry;
  readonly proposedBy: ServerId;
  readonly proposedUs: number;
  /** When a leader first counted it committed; null: not yet. */
  readonly committedUs: number | null;
}

/** The last important thing and its reason; `code` is a key of the words file (`caption.<code>`). */
export interface Caption {
  readonly code: CaptionCode;
  readonly params: Readonly<Record<string, string | number>>;
  readonly timeUs: number;
  readonly seq: number;
  readonly tone: 'neutral' | 'warning' | 'good';
}

/** The five lines of *Try this*. They tick themselves from the trace and stay ticked. */
export type TryStep = 'submit' | 'kill-leader' | 'restart' | 'minority' | 'heal-and-export';

/**
 * The fold's memory, for facts that take several events: who leads, who is on its way back, a command
 * that cannot be committed. Screens have no use for it.
 */
export interface WatchView {
  /** Highest term anybody was elected in: a leader of a lower term leads nobody any more. */
  readonly electedTerm: Term;
  /** Servers whose log has yet to become the leader's, or the beginning of it, and what put them behind. */
  readonly catchingUp: Readonly<Record<ServerId, 'killed' | 'restarted' | 'healed' | 'resumed'>>;
  /** A command taken by a server that reaches no majority; `said`: the caption told it. */
  readonly stuck: {
    readonly server: ServerId;
    readonly index: LogIndex;
    readonly term: Term;
    readonly sinceUs: number;
    readonly duringCut: boolean;
    readonly said: boolean;
  } | null;
  /** Bytes cut from a server's torn tail before it said what it restored. */
  readonly tornBytes: Readonly<Record<ServerId, number>>;
  /** Clients' commands under way, in words, by operation; at most 64. */
  readonly commands: Readonly<Record<string, string>>;
  /** When a fault last ended. */
  readonly healedUs: number | null;
  /** When each server was last heard, to within 0.1 s. */
  readonly heard: Readonly<Record<ServerId, HeardView>>;
  /** When silence was last looked for. */
  readonly lookedUs: number;
}

/** A broken property, as a judge told it. */
export interface ViolationView {
  readonly property: string;
  readonly rule: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly atUs: number;
  /** seq of the events that prove it. */
  readonly proof: readonly number[];
}

/** A scenario that plays or has played in this run. */
export interface ScenarioView {
  readonly name: string;
  readonly title: BothLanguages;
  readonly seed: number;
  readonly steps: readonly (string | BothLanguages)[];
  readonly reported: number | null;
  readonly startedUs: number;
  /** The step it is at, from 0; -1 before the first. */
  readonly at: number;
  /** Its last message. */
  readonly note: { readonly says: BothLanguages; readonly warning: boolean } | null;
  readonly ended: {
    readonly verdict: ScenarioVerdict;
    readonly reason: BothLanguages | null;
    readonly seconds: number;
  } | null;
}

/** Random faults that are on. */
export interface NemesisView {
  readonly seed: number;
  /** Acts a minute, on average. */
  readonly perMinute: number;
  readonly sinceUs: number;
  readonly acts: number;
  readonly phase: 'on' | 'ending';
}

/** The whole picture at one moment. */
export interface ClusterView {
  /** Time of the newest folded event: a late event does not set it back. */
  readonly timeUs: number;
  /** seq of the last folded event. */
  readonly seq: number;
  readonly settings: RunSettings | null;
  readonly pace: PaceName;
  readonly tickMs: number;
  readonly hopDelayMs: number;
  readonly servers: Readonly<Record<ServerId, ServerView>>;
  readonly links: Readonly<Record<LinkId, LinkView>>;
  /** The process that carries the links. */
  readonly network: { readonly health: HealthView };
  readonly faults: readonly FaultView[];
  /** Servers that are gone are started again. */
  readonly keepAlive: boolean;
  /** Random faults; null while they are off. `ending`: all faults are undone and the cluster is recovering. */
  readonly nemesis: NemesisView | null;
  /** The leader with the highest term that is up, recognised by the trace. */
  readonly leader: { readonly server: ServerId; readonly term: Term; readonly sinceUs: number } | null;
  readonly leaderlessSinceUs: number | null;
  /** Highest index any leader has counted committed. */
  readonly commitIndex: LogIndex;
  /** Contents of recent entries, key `index:term`, at most 256; older ones are asked for. */
  readonly entries: Readonly<Record<string, EntryView>>;
  readonly caption: Caption | null;
  /** When each line was ticked, null: not yet. */
  readonly tryThis: Readonly<Record<TryStep, number | null>>;
  readonly counts: {
    readonly elections: number;
    readonly kills: number;
    readonly messages: number;
    readonly dropped: number;
    readonly events: number;
  };
  readonly scenario: ScenarioView | null;
  /** Broken properties of Raft, the first twenty; empty is what everybody hopes for. */
  readonly violations: readonly ViolationView[];
  readonly ended: { readonly reason: string; readonly atUs: number } | null;
  readonly watch: WatchView;
}

/** A change of the view: only the parts that differ; null members of `servers`, `links`, `entries` are removed. */
export interface ViewPatch {
  readonly top: Partial<Omit<ClusterView, 'servers' | 'links' | 'entries'>>;
  readonly servers: Readonly<Record<ServerId, ServerView | null>>;
  readonly links: Readonly<Record<string, LinkView | null>>;
  readonly entries: Readonly<Record<string, EntryView | null>>;
}
