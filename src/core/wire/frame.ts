/**
 * The frame of every message between servers and between clients and servers: header JSON, newline, body JSON.
 * The network process reads the header only and forwards the bytes untouched. See docs/wire-protocol.md.
 */
import type { Endpoint, LogIndex, Rpc, Term } from '../vocabulary/index.ts';

/** Version of the frames; both ends must agree. */
export const WIRE_VERSION = 1;

/** The first line of a frame: all that the network reads. */
export interface FrameHeader {
  readonly v: typeof WIRE_VERSION;
  /** Unique within a run: `<from>.<life>.<counter>`. */
  readonly id: string;
  readonly kind: 'request' | 'reply';
  readonly rpc: Rpc;
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** Which start of the sender this is (1, 2, …). */
  readonly life: number;
  /** null from a client, which has no term. */
  readonly term: Term | null;
  /** The sender's monotonic clock, microseconds since the run began (one clock for all processes here). */
  readonly sentUs: number;
  /** Id of the request a client reply answers. Raft replies pair by content and leave it out. */
  readonly replyTo?: string;
  readonly voteGranted?: boolean;
  readonly success?: boolean;
  readonly matchIndex?: LogIndex;
  readonly prevLogIndex?: LogIndex;
  /** Range of the entries carried; absent for a heartbeat. */
  readonly first?: LogIndex;
  readonly last?: LogIndex;
  readonly leaderCommit?: LogIndex;
}

/** Paths a WebSocket upgrade may name. `/links` on the network and on servers, `/clients` likewise, `/control` on the lab. */
export const PATHS = { links: '/links', clients: '/clients', control: '/control' } as const;

/**
 * The caller's identity in the headers of the WebSocket upgrade, beside `authorization: Bearer <run secret>`.
 * An upgrade that carries an `Origin` header is refused: browsers always send one, our programs never.
 */
export const HELLO_HEADERS = {
  run: 'x-raft-lab-run',
  version: 'x-raft-lab-version',
  from: 'x-raft-lab-from',
  to: 'x-raft-lab-to',
  life: 'x-raft-lab-life',
} as const;

/** Largest frame a server, the network or a client accepts, in bytes. */
export const MAX_FRAME_BYTES = 8 * 1024 * 1024;
