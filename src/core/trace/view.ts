/**
 * ClusterView: the state of the cluster at one moment, as the trace shows it. The lab folds events into it; screens only draw it.
 * Parts that an event does not change stay the same objects (structural sharing).
 */

import type { CaptionCode, ClauseCode, FaultKind, RunSettings, ScenarioVerdict } from '../catalogue/index.ts';
import type {
  BothLanguages,
  Chain,
  Json,
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
import type { TraceEvent } from './events.ts';

/** The state of a server's process. */
export type ServerStatus =
  /** Spawned, not ready yet. */
  | 'starting'
  | 'up'
  /** Stopped by SIGSTOP: the process keeps its memory and sockets, but does not run. */
  | 'frozen'
  /** Exited by a signal or an orderly end. Its files are kept. */
  | 'down'
  /** Exited by itself with an error, a damaged file for instance. */
  | 'failed';

/** The health of a process, as far as the trace shows it. */
export type HealthState =
  | 'ok'
  /** Its ticks came late recently. */
  | 'late'
  /** The server is silent although messages reach it, and one of its writes has not ended. */
  | 'disk-silent'
  /** The server is silent although messages reach it. For the network: its process has ended. */
  | 'stalled'
  /** The server does not read its sockets. */
  | 'not-reading';

/** Health, and since when (microseconds since the run began; 0 for `ok`). */
export interface HealthView {
  readonly state: HealthState;
  readonly sinceUs: number;
}

/** When a server last reported an event, and how many messages it had got at the first check since then (null: no check yet). */
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
  /** Number of messages that had been delivered to it when it was frozen; meaningless while it is not frozen. */
  readonly deliveredBefore: number;
  readonly exit: {
    readonly atUs: number;
    readonly code: number | null;
    readonly signal: string | null;
    /** False when the lab did not order it: the server crashed or was killed from a terminal. */
    readonly ordered: boolean;
    readonly message: string;
  } | null;
  /** Its health while it is up. */
  readonly health: HealthView;
  /** Its role; null while the server is not up. */
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
  /** Chain at lastIndex; empty after a truncation, until the next append reports it. */
  readonly chain: Chain;
  /** Highest index known to be durable here. */
  readonly durableIndex: LogIndex;
  readonly commitIndex: LogIndex;
  readonly lastApplied: LogIndex;
  /** A leader's progress records of its followers; empty for other roles. */
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
  /** Contents of a dead server's files, as the lab read them. */
  readonly disk: {
    readonly ok: boolean;
    readonly term: Term;
    readonly votedFor: ServerId | null;
    readonly lastIndex: LogIndex;
    /** Bytes of an entry that was being written when the server died; 0 for a whole file. */
    readonly tornBytes: number;
    readonly message: string;
  } | null;
  /** Recent stretches of the log and the times at which they became durable here; newest last, at most 64. */
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
  /** The groups of a partition; empty for the other kinds. */
  readonly groups: readonly (readonly ServerId[])[];
  /** The links that it affects. */
  readonly links: readonly LinkId[];
  readonly policy: LinkPolicy | null;
  readonly sinceUs: number;
}

/** The content of an entry; several may compete for an index, told apart by term. */
export interface EntryView {
  readonly entry: WireEntry;
  readonly proposedBy: ServerId;
  readonly proposedUs: number;
  /** Time at which a leader first counted it committed; null before that. */
  readonly committedUs: number | null;
  /** The client whose session it opened; absent until the client has reported that. */
  readonly client?: string;
}

/**
 * One sentence of the story. It says what happened, and its `chain` says what led to it; resources/words has the texts of both.
 * The fold makes it, so a live run and its recording have the same story. Screens decide how long one stays.
 */
export interface StoryItem {
  /**
   * `seq` of the event that began it, as `timeUs` is its time. The item keeps both while repetitions join it (`repeats` in
   * core/catalogue/captions.ts); its parameters and its `seq` then are those of the newest event.
   */
  readonly id: number;
  /** A key of resources/words (`caption.<code>`). */
  readonly code: CaptionCode;
  /** `server` names several servers as one text (`S1, S2`) when `many` is above 1. */
  readonly params: Readonly<Record<string, string | number>>;
  /** 4: what a person must not miss. 3: a step of the protocol. 2: progress. 1: background. */
  readonly rank: 1 | 2 | 3 | 4;
  readonly tone: 'neutral' | 'warning' | 'good';
  readonly seq: number;
  readonly timeUs: number;
  /** `seq` of the events that led to it, oldest first; not all of them, since a view remembers only few events. */
  readonly causes: readonly number[];
  /** Clauses that stand before it in the same sentence, oldest first; empty for a sentence that stands alone. */
  readonly chain: readonly StoryClause[];
}

/** One clause of a sentence, before an arrow; `code` is a key of resources/words (`clause.<code>`). */
export interface StoryClause {
  readonly code: ClauseCode;
  readonly params: Readonly<Record<string, string | number>>;
  /** `id` of the older item that told the same; a screen need not show that item beside this sentence. Null without one. */
  readonly tells: number | null;
}

/** The five lines of *Try this*. */
export type TryStep = 'submit' | 'kill-leader' | 'restart' | 'minority' | 'drop';

/** The command that the minority of *Try this* could not commit, and the servers that dropped it after they were healed. */
export interface StrandedEntry {
  readonly index: LogIndex;
  readonly term: Term;
  /** The command as in the trace. */
  readonly command: Json;
  readonly droppedBy: readonly ServerId[];
}

/**
 * State of the fold for facts that follow from several events: the leader, servers that catch up, a command that cannot be
 * committed. Screens do not use it.
 */
export interface WatchView {
  /** Highest term in which a server was elected. */
  readonly electedTerm: Term;
  /** Servers that have not caught up with the leader, with the reason why they fell behind. */
  readonly catchingUp: Readonly<Record<ServerId, 'killed' | 'restarted' | 'healed' | 'resumed'>>;
  /** A command taken by a server that reaches no majority; `said` is true once the story has told it. */
  readonly stuck: {
    readonly server: ServerId;
    readonly index: LogIndex;
    readonly term: Term;
    readonly sinceUs: number;
    readonly duringCut: boolean;
    readonly said: boolean;
  } | null;
  /** Bytes cut from a server's torn tail, kept until the server reports its restored state. */
  readonly tornBytes: Readonly<Record<ServerId, number>>;
  /** Text of the clients' commands in progress, by operation; at most 64. */
  readonly commands: Readonly<Record<string, string>>;
  /** Time at which a fault last ended. */
  readonly healedUs: number | null;
  /** Time of each server's last event, to within 0.1 s. */
  readonly heard: Readonly<Record<ServerId, HeardView>>;
  /** Time of the last check for silence. */
  readonly lookedUs: number;
}

/** A violated property, as a judge reported it. */
export interface ViolationView {
  readonly property: string;
  readonly rule: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly atUs: number;
  /** `seq` of the events that prove it. */
  readonly proof: readonly number[];
}

/** The scenario that plays, or has played, in this run. */
export interface ScenarioView {
  readonly name: string;
  readonly title: BothLanguages;
  readonly seed: number;
  readonly steps: readonly (string | BothLanguages)[];
  readonly reported: number | null;
  readonly startedUs: number;
  /** Its current step, from 0; -1 before the first. */
  readonly at: number;
  /** Its last message. */
  readonly note: { readonly says: BothLanguages; readonly warning: boolean } | null;
  readonly ended: {
    readonly verdict: ScenarioVerdict;
    readonly reason: BothLanguages | null;
    readonly seconds: number;
  } | null;
}

/** Random faults in progress. */
export interface NemesisView {
  readonly seed: number;
  /** Average number of faults a minute. */
  readonly perMinute: number;
  readonly sinceUs: number;
  readonly acts: number;
  readonly phase: 'on' | 'ending';
}

/** The state of the whole cluster at one moment. */
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
  /** True when the lab restarts servers that end. */
  readonly keepAlive: boolean;
  /** Random faults; null while they are off. `ending`: their faults have been undone and the cluster is recovering. */
  readonly nemesis: NemesisView | null;
  /** The running server that was elected in the highest term; null without a leader. */
  readonly leader: { readonly server: ServerId; readonly term: Term; readonly sinceUs: number } | null;
  readonly leaderlessSinceUs: number | null;
  /** Highest index any leader has counted committed. */
  readonly commitIndex: LogIndex;
  /** Contents of the most recent entries by `index:term`, at most 256. Screens ask the lab for older ones. */
  readonly entries: Readonly<Record<string, EntryView>>;
  /** The sentences that say what happened, newest last, at most 40. */
  readonly story: readonly StoryItem[];
  /** Rare events that may be causes of a sentence, oldest first, at most 48. The fold keeps them; screens do not get them. */
  readonly remembered: readonly TraceEvent[];
  /** Time at which each line was ticked; null before that. */
  readonly tryThis: Readonly<Record<TryStep, number | null>>;
  /** The entry of the line *minority*; null until a minority could not commit one. */
  readonly stranded: StrandedEntry | null;
  readonly counts: {
    readonly elections: number;
    readonly kills: number;
    readonly messages: number;
    readonly dropped: number;
    readonly events: number;
  };
  readonly scenario: ScenarioView | null;
  /** The first twenty violated properties of Raft. */
  readonly violations: readonly ViolationView[];
  readonly ended: { readonly reason: string; readonly atUs: number } | null;
  readonly watch: WatchView;
}

/** The parts of the view that changed. A null member of `servers`, `links` or `entries` removes that member. */
export interface ViewPatch {
  readonly top: Partial<Omit<ClusterView, 'servers' | 'links' | 'entries' | 'story' | 'remembered'>>;
  readonly servers: Readonly<Record<ServerId, ServerView | null>>;
  readonly links: Readonly<Record<string, LinkView | null>>;
  readonly entries: Readonly<Record<string, EntryView | null>>;
  /** The whole story in order, with the `id` alone in place of an item that did not change; absent for an unchanged story. */
  readonly story?: readonly (StoryItem | number)[];
}
