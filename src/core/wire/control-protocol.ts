/**
 * The control channel: one WebSocket from each program (server, network) to the lab, with one message of plain JSON in
 * each frame. It does not pass through the network process. When it closes, the program exits. See
 * docs/wire-protocol.md.
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
  Timing,
} from '../vocabulary/index.ts';

/** How durable a server's writes are: `fsync` survives a power cut, `os-cache` survives only kill -9. */
export type Durability = 'fsync' | 'os-cache';

/** The timing of a server in ticks; a longest election timeout that is absent is 2T. */
export type ServerTiming = Pick<Timing, 'electionTicks' | 'electionMaxTicks' | 'heartbeatTicks'>;

/** The speed of all links, and what the network process needs to notice that it fell behind. */
export interface LinkTiming {
  /** Mean delay of a message on every link, in milliseconds. It is part of the run's timing, not a fault. */
  readonly hopDelayMs: number;
  /** The delay is drawn from `hopDelayMs` ± `jitterMs`; 0 when absent. */
  readonly jitterMs?: number;
  /** Share of the messages between servers that is lost, in percent; 0 when absent. */
  readonly lossPercent?: number;
  /** Tick length and election timeout of the servers. */
  readonly tickMs: number;
  readonly electionTicks: number;
}

/**
 * A server's configuration, passed as JSON in the environment (`RAFT_LAB_SERVER`). It is never passed in argv, because
 * it contains the run's secret.
 */
export interface ServerSpec extends ServerTiming {
  readonly runId: string;
  readonly secret: string;
  readonly server: ServerId;
  readonly servers: readonly ServerId[];
  /** Number of this start, 1 for the first. */
  readonly life: number;
  /** True when this server has reported `ready` before. Its files must then exist; an empty folder is an error. */
  readonly mustExist: boolean;
  /** Folder with state.json and log/. */
  readonly folder: string;
  readonly durability: Durability;
  readonly flags: ProtocolFlags;
  /** Id of the wrong rule that the server must use (docs/mutants.md); absent for the correct rules. */
  readonly mutant?: string;
  readonly tickMs: number;
  readonly seed: number;
  /** ws://127.0.0.1:PORT of the lab's control listener. */
  readonly controlUrl: string;
  /** ws://127.0.0.1:PORT of the network process. */
  readonly networkUrl: string;
  /** Value of `process.hrtime.bigint()` at the start of the run's time, as a decimal string. */
  readonly originNs: string;
}

/** The network process's configuration, passed in the environment (`RAFT_LAB_NETWORK`). */
export interface NetworkSpec extends LinkTiming {
  readonly runId: string;
  readonly secret: string;
  readonly servers: readonly ServerId[];
  readonly controlUrl: string;
  readonly originNs: string;
  /** Number of this start of the network process, 1 for the first. Each start counts its events from 1. */
  readonly life: number;
  /** Seed for the random draws of links (loss, jitter). */
  readonly seed: number;
  /** Port to listen on. A network process that replaces a dead one gets it, because servers dial a fixed address. */
  readonly port?: number;
}

/** An event on its way to the recorder, which adds `seq`. Events of the core and of programs have this shape. */
export interface EventBody {
  readonly timeUs: number;
  readonly nseq: number;
  readonly life: number;
  readonly event: string;
  readonly [field: string]: Json;
}

/** Counters that a server reports about once a second. They are not part of the trace. */
export interface Telemetry {
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** CPU time used in this life, microseconds. */
  readonly cpuUs: number;
  readonly uptimeMs: number;
  readonly ticks: number;
  /** Number of ticks that were skipped instead of being replayed. */
  readonly missedTicks: number;
  /** Greatest delay of a tick since the last report, in milliseconds. */
  readonly tickLagMs: number;
  readonly electionElapsed: number;
  readonly electionTimeout: number;
  /** Duration of the last write in milliseconds, and the number of writes in this life. */
  readonly lastWriteMs: number;
  readonly writes: number;
}

/** The state of a server, for GetState of the course tests and for the Memory tab. */
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

/** One page of a server's store. Pages with equal `lastApplied` belong to the same state of the store. */
export interface StoreView {
  readonly lastApplied: LogIndex;
  /** Number of keys in the whole store. */
  readonly total: number;
  /** Items in key order (by UTF-16 code unit): at most `limit` items after `after`, fewer when they are large. */
  readonly items: readonly { readonly key: string; readonly value: string }[];
  /**
   * The last key of this page when more keys follow; request the next page with it as `after`. null at the end of the
   * store.
   */
  readonly next: string | null;
}

/** Messages from a program to the lab. */
export type ControlUp =
  /** The first frame. The headers of the upgrade already contained run, program and life. */
  | {
      readonly type: 'hello';
      readonly program: 'server' | 'network';
      readonly pid: number;
      readonly life: number;
      readonly version: number;
    }
  /** The program has loaded its files and opened its port. */
  | { readonly type: 'ready'; readonly port: number }
  | {
      readonly type: 'events';
      readonly events: readonly EventBody[];
      /** Number of message events left out since the last frame, because 8 MiB were unsent. */
      readonly coalesced: number;
      /** Present when the server is about to write. Its next frame comes after that write. */
      readonly writes?: true;
    }
  | { readonly type: 'telemetry'; readonly telemetry: Telemetry }
  | { readonly type: 'answer'; readonly id: number; readonly ok: true; readonly value: Json }
  | { readonly type: 'answer'; readonly id: number; readonly ok: false; readonly reason: string };

/** Requests from the lab to a server. */
export type ServerRequest =
  /** Starts the ticks. */
  | { readonly type: 'go' }
  | { readonly type: 'pace'; readonly tickMs: number }
  /** Sets the timing from the next timer on; a timer that runs keeps its length. */
  | (ServerTiming & { readonly type: 'timing' })
  /** Start(command): the answer is `{ index, term, isLeader, leaderId }`, sent at once, before the command commits. */
  | { readonly type: 'start'; readonly command: Json }
  | { readonly type: 'state' }
  /** Makes the server write only half of its next log write and then kills it with SIGKILL: a crash within a write. */
  | { readonly type: 'die-in-write' }
  /**
   * Requests a page of the store: at most `limit` keys after `after`, or from the first key on when `after` is absent.
   */
  | { readonly type: 'store'; readonly limit: number; readonly after?: string };

/** Requests from the lab to the network process. */
export type NetworkRequest =
  /** Sets the port of a server in this life; null when the server is down. */
  | { readonly type: 'route'; readonly server: ServerId; readonly life: number; readonly port: number | null }
  | {
      readonly type: 'policies';
      readonly links: readonly { readonly from: Endpoint; readonly to: Endpoint; readonly policy: LinkPolicy }[];
    }
  /**
   * Breaks the connections that carry these directions now. A link that is cut or held does not pass the reset either.
   */
  | { readonly type: 'reset'; readonly links: readonly { readonly from: Endpoint; readonly to: Endpoint }[] }
  /** Sets the speed of all links, for messages that arrive from now on. An absent election timeout stays. */
  | (Omit<LinkTiming, 'electionTicks'> & { readonly type: 'pace'; readonly electionTicks?: number })
  /** Requests the number of server requests delivered to each server in its present life: `{ S1: n, … }`. */
  | { readonly type: 'counts' };

/** A request of the lab; the answer carries the same `id`. */
export type ControlDown<Request> = { readonly type: 'request'; readonly id: number; readonly request: Request };

/** Exit codes of the programs. A server shown as *failed* exited with one of them. */
export const EXIT = {
  ok: 0,
  badSpec: 64,
  /** An uncaught error. The code is not 1, which Node itself uses. The last line of stderr describes the error. */
  crashed: 70,
  /** A state file is damaged, stale, swapped, missing or empty. The last line of stderr describes the problem. */
  storageDamaged: 74,
  /** The operating system refused: disk full or not writable, I/O error, too many open files. */
  storageFailed: 75,
  /** The control channel closed, because the lab ended or released the program. */
  controlClosed: 0,
  /** A second signal ended the program at once, before it could stop in order. */
  interrupted: 130,
} as const;
