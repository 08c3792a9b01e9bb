/**
 * The control channel: one WebSocket from each program (server, network) to the lab, plain JSON, one message a
 * frame, never through the network process. When it closes, the program exits. See docs/wire-protocol.md.
 */
import type {
  Chain,
  Endpoint,
  Json,
  LinkPolicy,
  LogIndex,
  ProtocolFlags,
  RoleName,
  ServerId,
  Term,
} from '../vocabulary/index.ts';

/** How a server is to be durable: `fsync` survives a power cut, `os-cache` survives kill -9 only. */
export type Durability = 'fsync' | 'os-cache';

/** Given to a server in the environment as JSON (`RAFT_LAB_SERVER`), never in argv: it holds the run's secret. */
export interface ServerSpec {
  readonly runId: string;
  readonly secret: string;
  readonly server: ServerId;
  readonly servers: readonly ServerId[];
  /** Which start this is, 1 for the first. */
  readonly life: number;
  /** True when this server has reported `ready` before: its files must exist, an empty start is an error. */
  readonly mustExist: boolean;
  /** Folder with state.json and log/. */
  readonly folder: string;
  readonly durability: Durability;
  readonly flags: ProtocolFlags;
  readonly electionTicks: number;
  readonly heartbeatTicks: number;
  /** A wrong rule it is to run on purpose (docs/mutants.md); absent: the right ones. */
  readonly mutant?: string;
  readonly tickMs: number;
  readonly seed: number;
  /** ws://127.0.0.1:PORT of the lab's control listener. */
  readonly controlUrl: string;
  /** ws://127.0.0.1:PORT of the network process. */
  readonly networkUrl: string;
  /** `process.hrtime.bigint()` at which the run's time was 0, as a decimal string. */
  readonly originNs: string;
}

/** Given to the network process in the environment (`RAFT_LAB_NETWORK`). */
export interface NetworkSpec {
  readonly runId: string;
  readonly secret: string;
  readonly servers: readonly ServerId[];
  readonly controlUrl: string;
  readonly originNs: string;
  /** Which start of the network process this is, 1 for the first: its events count from 1 in each. */
  readonly life: number;
  /** Every message takes at least this long: part of the pace, not a fault. */
  readonly hopDelayMs: number;
  /** Tick length and election timeout of the servers: the network uses them to notice that it was kept from its work. */
  readonly tickMs: number;
  readonly electionTicks: number;
  /** Seed for the random draws of links (loss, jitter). */
  readonly seed: number;
  /** Port to listen on: given to a network process that replaces a dead one, because servers dial a fixed address. */
  readonly port?: number;
}

/** An event on its way to the recorder, which adds `seq`. Core and program events share this shape. */
export interface EventBody {
  readonly timeUs: number;
  readonly nseq: number;
  readonly life: number;
  readonly event: string;
  readonly [field: string]: Json;
}

/** Counters a server reports about once a second: not part of the trace. */
export interface Telemetry {
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** CPU time used in this life, microseconds. */
  readonly cpuUs: number;
  readonly uptimeMs: number;
  readonly ticks: number;
  /** Ticks that were skipped, not replayed. */
  readonly missedTicks: number;
  /** Worst lateness of a tick since the last report, milliseconds. */
  readonly tickLagMs: number;
  readonly electionElapsed: number;
  readonly electionTimeout: number;
  /** Milliseconds the last write took, and the number of writes in this life. */
  readonly lastWriteMs: number;
  readonly writes: number;
}

/** GetState of the course tests, and what the Memory tab shows. */
export interface ServerStateView {
  readonly role: RoleName;
  readonly term: Term;
  readonly votedFor: ServerId | null;
  readonly leaderId: ServerId | null;
  readonly isLeader: boolean;
  readonly commitIndex: LogIndex;
  readonly lastApplied: LogIndex;
  readonly lastIndex: LogIndex;
  readonly lastTerm: Term;
  readonly durableIndex: LogIndex;
  readonly chain: Chain;
  readonly sessions: number;
  readonly keys: number;
}

/** One page of a server's store. Pages that name the same `lastApplied` belong to one state of the store. */
export interface StoreView {
  readonly lastApplied: LogIndex;
  /** Number of keys in the whole store. */
  readonly total: number;
  /** In key order (by UTF-16 code unit): at most `limit` items behind `after`, fewer when they are large. */
  readonly items: readonly { readonly key: string; readonly value: string }[];
  /** More keys follow this one, which is the page's last: ask again with it as `after`. null: the store ends here. */
  readonly next: string | null;
}

/** Program → lab. */
export type ControlUp =
  /** First frame. The upgrade's headers already named run, program and life. */
  | {
      readonly type: 'hello';
      readonly program: 'server' | 'network';
      readonly pid: number;
      readonly life: number;
      readonly version: number;
    }
  /** Files are loaded and the port is open. */
  | { readonly type: 'ready'; readonly port: number }
  | {
      readonly type: 'events';
      readonly events: readonly EventBody[];
      /** Message events left out since the last frame (8 MiB unsent). */
      readonly coalesced: number;
      /** A server's next act is a write, and its next frame comes when that has ended. */
      readonly writes?: true;
    }
  | { readonly type: 'telemetry'; readonly telemetry: Telemetry }
  | { readonly type: 'answer'; readonly id: number; readonly ok: true; readonly value: Json }
  | { readonly type: 'answer'; readonly id: number; readonly ok: false; readonly reason: string };

/** Lab → server. */
export type ServerRequest =
  /** Ticks begin. */
  | { readonly type: 'go' }
  | { readonly type: 'pace'; readonly tickMs: number }
  /** Start(command): the answer is `{ index, term, isLeader, leaderId }` at once, before it commits. */
  | { readonly type: 'start'; readonly command: Json }
  | { readonly type: 'state' }
  /** The next write of a log is cut in half and followed by SIGKILL: a crash inside a write, on order. */
  | { readonly type: 'die-in-write' }
  /** A page of the store: at most `limit` keys behind `after`; without `after` from the first key on. */
  | { readonly type: 'store'; readonly limit: number; readonly after?: string };

/** Lab → network. */
export type NetworkRequest =
  /** The port on which a server listens in this life; null when it is gone. */
  | { readonly type: 'route'; readonly server: ServerId; readonly life: number; readonly port: number | null }
  | {
      readonly type: 'policies';
      readonly links: readonly { readonly from: Endpoint; readonly to: Endpoint; readonly policy: LinkPolicy }[];
    }
  /** Breaks the connections that carry these directions, now; one that is cut or held passes no reset either. */
  | { readonly type: 'reset'; readonly links: readonly { readonly from: Endpoint; readonly to: Endpoint }[] }
  | { readonly type: 'pace'; readonly hopDelayMs: number; readonly tickMs: number }
  /** How many requests of servers were delivered to each server since its present life began: `{ S1: n, … }`. */
  | { readonly type: 'counts' };

/** A question or an order of the lab; the answer names its `id`. */
export type ControlDown<Request> = { readonly type: 'request'; readonly id: number; readonly request: Request };

/** Exit codes of our programs; a server that is shown as *failed* exited with one of them. */
export const EXIT = {
  ok: 0,
  badSpec: 64,
  /** An error that no code caught; not 1, with which Node itself ends a program. stderr's last line is the sentence. */
  crashed: 70,
  /** A state file is damaged, stale, swapped, missing or emptied. stderr's last line is the sentence. */
  storageDamaged: 74,
  /** The machine refused: disk full or not writable, I/O error, no more open files. */
  storageFailed: 75,
  /** The control channel closed: the lab is gone or released the program. */
  controlClosed: 0,
  /** A second signal ended the program at once, before it had stopped in order. */
  interrupted: 130,
} as const;
