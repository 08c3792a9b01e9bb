/**
 * The requests a door (window, browser, terminal) may send to the lab, and their answers. One dispatcher in the lab
 * answers it for every door; codecs.ts validates it at the edge. Servers are named by id only: never a pid, a
 * path, an executable or an environment comes from a door.
 */
import type { BothLanguages, PaceName, RunSettings, TraceEvent } from '../trace/events.ts';
import type { TraceFlaw } from '../trace/flaw.ts';
import type { ClusterView, EntryView, ViewPatch } from '../trace/view.ts';
import type { Command, CommandResult } from '../wire/commands.ts';
import type { Durability, ServerStateView, StoreView, Telemetry } from '../wire/control-protocol.ts';
import type { LinkId } from '../wire/frame.ts';
import type { LinkPolicy } from '../wire/link-policy.ts';
import type { Json, LogIndex, ServerId, Term } from '../wire/words.ts';

import type { EndsLive, KeptRuns, RunChoice, RunSummary } from './runs.ts';

export type { BothLanguages } from '../trace/events.ts';
export type { Command, CommandResult } from '../wire/commands.ts';
export type { Durability, ServerStateView, StoreView, Telemetry } from '../wire/control-protocol.ts';
export type { LinkId } from '../wire/frame.ts';
export type { LinkPolicy } from '../wire/link-policy.ts';
export type { Json, LogIndex, ProtocolFlags, RoleName, ServerId, Term, TermRun, WireEntry } from '../wire/words.ts';
export type { EndsLive, KeptRuns, RunChoice, RunSummary, RunVerdict } from './runs.ts';

/** A scenario, for the list. */
export interface ScenarioSummary {
  readonly name: string;
  readonly title: BothLanguages;
  /** Part of the seed report it belongs to; empty for none. */
  readonly part: string;
  readonly servers: number;
}

/** The mode of the lab: a live run, a recording, or nothing open. */
export type LabMode =
  /** Nothing open. */
  | { readonly mode: 'idle' }
  | { readonly mode: 'live'; readonly runId: string; readonly settings: RunSettings }
  /** An opened recording: the same questions, no commands. */
  | {
      readonly mode: 'past';
      readonly runId: string;
      readonly settings: RunSettings;
      readonly fromUs: number;
      readonly toUs: number;
      readonly atUs: number;
      /** What is damaged or missing in it; what comes behind that is not shown. Absent for a whole recording. */
      readonly flaw?: TraceFlaw;
      /** Name of the exported file that is open; absent for a run folder. */
      readonly file?: string;
    };

/** The contents of a disk, read from the files themselves, for a live or a dead server. */
export interface DiskView {
  readonly server: ServerId;
  readonly folder: string;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly modifiedAt: string }[];
  /** state.json as parsed, or null with a problem. */
  readonly state: Json;
  readonly stateText: string;
  /** The newest entries, oldest first, at most 50. */
  readonly entries: readonly Json[];
  readonly lastIndex: LogIndex;
  readonly tornBytes: number;
  readonly problems: readonly string[];
  readonly durability: Durability;
}

/** The Process tab: what the operating system and the server's own telemetry say. */
export interface ProcessView {
  readonly server: ServerId;
  readonly pid: number | null;
  readonly life: number;
  readonly uptimeMs: number | null;
  readonly telemetry: Telemetry | null;
  /** Share of one core since the last report, 0–1 (may exceed 1). */
  readonly cpuShare: number | null;
  readonly exit: { readonly code: number | null; readonly signal: string | null; readonly ordered: boolean } | null;
  /** Last lines, ANSI stripped. */
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

/** The result of Start(command) on one server, at once and without a retry. */
export interface StartAnswer {
  readonly outcome: 'accepted' | 'not-leader' | 'busy' | 'no-answer' | 'refused';
  readonly index: LogIndex | null;
  readonly term: Term | null;
  readonly isLeader: boolean;
  readonly leaderId: ServerId | null;
}

/** The outcome of a command at its client; `unknown` means that it may or may not have been applied (R5). */
export type SubmitAnswer =
  | {
      readonly outcome: 'done';
      readonly index: LogIndex;
      readonly term: Term;
      readonly server: ServerId;
      readonly result: CommandResult;
      readonly latencyMs: number;
    }
  | { readonly outcome: 'unknown'; readonly attempts: number }
  | { readonly outcome: 'refused'; readonly reason: string };

/** Some events in the order of time, and how many that match are not among them. */
export interface EventPage {
  readonly events: readonly TraceEvent[];
  /** Events of the same span that were left out because the page is bounded. */
  readonly leftOut: number;
}

/** Which events are asked for; what is left out does not narrow. Times are microseconds since the run began. */
export interface EventQuery {
  readonly fromUs?: number;
  readonly toUs?: number;
  /** Newest first when true; at most `limit` (≤ 1000). */
  readonly newest?: boolean;
  readonly limit?: number;
  /** Only these event names; messages are left out unless named. */
  readonly names?: readonly string[];
  readonly sources?: readonly string[];
  /** Case-insensitive substring of the JSON line. */
  readonly text?: string;
}

/** Everything a door may ask, with the answer's type: `Requests['kill']['answer']`. */
export interface Requests {
  /** The page has painted. Starts the default run if nothing is open and `autoStart` is set. */
  ready: { ask: { readonly autoStart: boolean }; answer: LabMode };
  createRun: { ask: RunChoice & EndsLive; answer: LabMode };
  /** null: the newest run but the one that runs now. */
  continueRun: {
    /** `takeOver`: also a run that was left open elsewhere, because a person made sure that it has ended there. */
    ask: { readonly runId: string | null; readonly takeOver?: boolean } & EndsLive;
    answer: LabMode;
  };
  openRun: { ask: { readonly runId: string } & EndsLive; answer: LabMode };
  closeRun: { ask: Record<never, never>; answer: LabMode };
  /** Deletes a recording with all its files; a recording that is open is put away first, a live run is refused. */
  deleteRun: { ask: { readonly runId: string }; answer: Record<never, never> };
  /** Gives a run a title, a note or both; an empty one is taken away. */
  labelRun: {
    ask: { readonly runId: string; readonly title?: string; readonly note?: string };
    answer: Record<never, never>;
  };
  /**
   * Keeps the newest recordings and deletes the others; without `agreed` it only says which those are. Runs that are open, named,
   * noted or damaged stay, and do not count.
   */
  keepRuns: {
    ask: { readonly newest: number; readonly agreed?: Pick<KeptRuns, 'count' | 'first'> };
    answer: KeptRuns;
  };
  /** Newest first; at most `newest` of them, all unless told. Each costs reading a manifest. */
  listRuns: { ask: { readonly newest?: number }; answer: readonly RunSummary[] };
  /** Folder of the recordings, absolute. */
  dataFolder: { ask: Record<never, never>; answer: { readonly path: string } };
  kill: {
    ask: { readonly servers: readonly ServerId[]; readonly signal: 'SIGKILL' | 'SIGTERM' };
    answer: readonly { readonly server: ServerId; readonly pid: number }[];
  };
  restart: {
    ask: { readonly servers: readonly ServerId[] };
    answer: readonly { readonly server: ServerId; readonly pid: number }[];
  };
  /** SIGSTOP: it keeps its memory and its sockets and does nothing. Refused until the reaper guards that process. */
  freeze: {
    ask: { readonly servers: readonly ServerId[] };
    answer: readonly { readonly server: ServerId; readonly pid: number }[];
  };
  /** SIGCONT to frozen servers. */
  resume: {
    ask: { readonly servers: readonly ServerId[] };
    answer: readonly { readonly server: ServerId; readonly pid: number }[];
  };
  /** Cut these servers, as one group, off from all others (both directions; clients still reach them). */
  cut: { ask: { readonly servers: readonly ServerId[] }; answer: { readonly fault: string } };
  /** Two servers talk when a group holds both; groups may overlap (a bridge); servers outside all groups form one more group. */
  partition: { ask: { readonly groups: readonly (readonly ServerId[])[] }; answer: { readonly fault: string } };
  /** No client reaches these servers; they still reach each other. */
  cutClients: { ask: { readonly servers: readonly ServerId[] }; answer: { readonly fault: string } };
  /** These directions (`S1>S2`), each by itself, do this from now on; `pass` ends what was on them. */
  setLinks: {
    ask: { readonly links: readonly LinkId[]; readonly policy: LinkPolicy };
    answer: { readonly fault: string | null };
  };
  /** The course tests' unreliable network on every link between servers, until it is healed. */
  makeUnreliable: { ask: { readonly longReordering: boolean }; answer: { readonly fault: string } };
  /**
   * One fault of links; null: all of them. With null frozen servers go on and the nemesis is called off, unless
   * `keepFrozen` is true: then only links are healed.
   */
  heal: {
    ask: { readonly fault: string | null; readonly keepFrozen?: boolean };
    answer: { readonly healed: readonly string[]; readonly resumed: readonly ServerId[] };
  };
  /** Breaks the connections of these directions once, now; servers dial again by themselves. */
  resetLinks: { ask: { readonly links: readonly LinkId[] }; answer: Record<never, never> };
  /** Whether servers that are gone are started again; three exits of one server in 10 s that nobody ordered end it. */
  setKeepAlive: { ask: { readonly on: boolean }; answer: { readonly on: boolean } };
  /** Random faults, `perMinute` acts (1–600) on average; null: a seed is drawn. One that is on goes on with these. */
  startNemesis: {
    ask: { readonly perMinute: number; readonly seed: number | null };
    answer: { readonly seed: number };
  };
  /** Undoes all it did; the view says when the cluster has recovered. */
  stopNemesis: { ask: Record<never, never>; answer: Record<never, never> };
  /** The scenarios that come with Raft Lab. */
  listScenarios: { ask: Record<never, never>; answer: readonly ScenarioSummary[] };
  /**
   * Closes what is open and plays a scenario on a cluster of its own; null: a seed is drawn. The view tells how it goes.
   * With `again` the one that was played last is meant if it has this name, even if it came from a file.
   */
  playScenario: {
    ask: { readonly name: string; readonly seed: number | null; readonly again?: boolean } & EndsLive;
    answer: LabMode;
  };
  /** The same for a scenario of one's own: `text` is the file's whole content, `file` its name, for the error. */
  playScenarioFile: {
    ask: { readonly file: string; readonly text: string; readonly seed: number | null } & EndsLive;
    answer: LabMode;
  };
  /** Ends the scenario that plays; its cluster stays. */
  stopScenario: { ask: Record<never, never>; answer: Record<never, never> };
  setPace: { ask: { readonly pace: PaceName }; answer: { readonly pace: PaceName } };
  /** Through a client: finds the leader, retries, exactly once. */
  submit: { ask: { readonly command: Command }; answer: SubmitAnswer };
  /** Start(command) on one server, over control: at once, no retry. */
  start: { ask: { readonly server: ServerId; readonly command: Command }; answer: StartAnswer };
  serverState: { ask: { readonly server: ServerId }; answer: ServerStateView | { readonly noAnswer: true } };
  /**
   * A page of every server's store: at most `limit` keys behind the key `after` (absent: from the first key on); null for a
   * server that is not up or does not answer. `timeUs`: the moment of a recording, its end unless told.
   */
  stores: {
    ask: { readonly limit: number; readonly after?: string; readonly timeUs?: number };
    answer: Readonly<Record<ServerId, StoreView | null>>;
  };
  disk: { ask: { readonly server: ServerId }; answer: DiskView };
  /** `timeUs` as for `stores`. */
  process: { ask: { readonly server: ServerId; readonly timeUs?: number }; answer: ProcessView };
  events: { ask: EventQuery; answer: EventPage };
  viewAt: { ask: { readonly timeUs: number }; answer: ClusterView };
  entry: { ask: { readonly index: LogIndex; readonly term: Term }; answer: EntryView | null };
}

/** Name of a question or an order. */
export type RequestName = keyof Requests;
/** The value that a successful request of this name returns. */
export type Answer<Name extends RequestName> = Requests[Name]['answer'];

/** `code` is a key of the words file (`error.<code>`); `message` is the same in English, for logs and terminals. */
export interface LabError {
  readonly code: LabErrorCode;
  readonly params: Readonly<Record<string, string | number>>;
  readonly message: string;
}

/**
 * Each code with its parameters:
 * bad-request {detail} · no-run {} · past-run {} · unknown-server {server} · already-down {server} · already-up {server}
 * not-up {server} · already-frozen {server} · not-frozen {server} · cannot-freeze {server, detail}
 * unknown-link {link} · unknown-fault {fault} · nothing-to-cut {} · unknown-mutant {mutant, known} · unknown-scenario {name} · bad-scenario {file, line, column, detail}
 * unknown-file {file, endings} · cannot-read {path, errno} · file-too-large {file, most} · not-a-file {path} · not-utf8 {file, line}
 * unknown-run {runId} · run-open {runId} · run-in-use {runId} (asked with `endLive` it is done) · runs-changed {} · run-damaged {runId, file, detail}
 * run-flawed {runId, line, offset} · run-future {runId, field, version, reads}
 * not-a-recording {file} · recording-empty {file} · recording-compressed {file} · recording-later {file, version} · recording-too-large {file, most} (MiB)
 * recording-changed {} · file-damaged {file} · several-files {count} · no-server-files {file}
 * run-locked {runId, pid, since} · run-locked-stopped {runId, pid, since} · run-locked-elsewhere {runId, host, pid, since, seen}
 * run-locked-unreadable {runId} · run-left-elsewhere {runId, host, pid, seen} (asked with `takeOver` it is done)
 * cannot-write {path, errno} · disk-nearly-full {path, free, least} (MiB) · cannot-open {path, problem} · spawn-failed {server, errno} · node-gone {server, path}
 * folder-gone {server, path} · too-many-files {errno} · no-runs {} · busy {} · lab-failed {detail}
 * connection-lost {} (said by a door itself: the question may or may not have reached the lab)
 */
export type LabErrorCode =
  | 'bad-request'
  | 'no-run'
  | 'past-run'
  | 'unknown-server'
  | 'already-down'
  | 'already-up'
  | 'not-up'
  | 'already-frozen'
  | 'not-frozen'
  | 'cannot-freeze'
  | 'unknown-link'
  | 'unknown-fault'
  | 'nothing-to-cut'
  | 'unknown-mutant'
  | 'unknown-scenario'
  | 'bad-scenario'
  | 'unknown-file'
  | 'cannot-read'
  | 'file-too-large'
  | 'not-a-file'
  | 'not-utf8'
  | 'unknown-run'
  | 'run-open'
  | 'run-in-use'
  | 'runs-changed'
  | 'run-locked'
  | 'run-locked-stopped'
  | 'run-locked-elsewhere'
  | 'run-locked-unreadable'
  | 'run-left-elsewhere'
  | 'run-damaged'
  | 'run-flawed'
  | 'run-future'
  | 'not-a-recording'
  | 'recording-empty'
  | 'recording-compressed'
  | 'recording-later'
  | 'recording-too-large'
  | 'recording-changed'
  | 'file-damaged'
  | 'several-files'
  | 'no-server-files'
  | 'cannot-write'
  | 'disk-nearly-full'
  | 'cannot-open'
  | 'spawn-failed'
  | 'node-gone'
  | 'folder-gone'
  | 'too-many-files'
  | 'no-runs'
  | 'busy'
  | 'lab-failed'
  | 'connection-lost';

/** Result of every request: the value, or the error. */
export type LabResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: LabError };

/** How far picture and judges of a live run are behind what is recorded. */
export interface LabLag {
  /** Run time, µs. */
  readonly pictureUs: number;
  readonly judgesUs: number;
  /** Recorded events that the judges have not heard. */
  readonly judgesEvents: number;
}

/** A push of the lab to every door, at most 30 a second. */
export type LabPush =
  /** Sent first, and whenever another run is opened. */
  | { readonly type: 'mode'; readonly mode: LabMode; readonly view: ClusterView }
  | {
      readonly type: 'view';
      readonly patch: ViewPatch /** The lab's clock now, µs since the run began: ages are counted from it. */;
      readonly nowUs: number;
      /** Absent while picture and judges keep up. */
      readonly lag?: LabLag;
    }
  /** Part of a recording that has been read while it is opened, 0 to 1; null: it could not be opened. A `mode` ends it as well. */
  | { readonly type: 'reading'; readonly share: number | null }
  /** New events since the last page, sorted, at most 500; the rest are counted. */
  | { readonly type: 'events'; readonly page: EventPage };

/**
 * How the door to the lab stands. `restarted`: the lab there is another launch, whose address is a new one; `full`: as many
 * pages are open as it takes. Lost, restarted and full are tried again.
 */
export type DoorConnection = 'open' | 'lost' | 'restarted' | 'full';

/** A file that a person gave to the page: the page's `File`, of which the core, without a DOM, knows no more. */
export interface GivenFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** The interface between a dashboard and its door; the window and the browser each implement it. */
export interface LabDoor {
  readonly kind: 'window' | 'browser';
  ask<Name extends RequestName>(name: Name, ask: Requests[Name]['ask']): Promise<LabResult<Answer<Name>>>;
  /** Calls back with pushes in order; the first is always `mode`. Returns how to stop. */
  listen(onPush: (push: LabPush) => void, onConnection: (state: DoorConnection) => void): () => void;
  /** Opens an exported file without a cluster; a browser uploads it to the lab. @param endLive  as in `EndsLive` */
  openRecording(file: GivenFile, endLive: boolean): Promise<LabResult<LabMode>>;
  /** Opens the recording that the window's main process named (menu, double click, second start); absent in a browser. */
  readonly openNamed?: (endLive: boolean) => Promise<LabResult<LabMode>>;
  /** Saves the run as JSONL where the person chooses (dialog) or downloads it. */
  exportRun(): Promise<LabResult<{ readonly savedAs: string | null }>>;
  /** Shows the exported file in its folder; absent where the door does not know where it is (a browser's download). */
  readonly showExported?: () => void;
}
