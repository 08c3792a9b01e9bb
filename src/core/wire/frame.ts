/**
 * The frame of every message between servers and between clients and servers: header JSON, newline, body JSON. The
 * network process reads only the header and forwards the bytes unchanged. See docs/wire-protocol.md.
 */
import type { Endpoint, LogIndex, Rpc, Term } from '../vocabulary/index.ts';

/** Version of the frames. Both ends must use the same one. */
export const WIRE_VERSION = 1;

/** The first line of a frame, the only part that the network process reads. */
export interface FrameHeader {
  readonly v: typeof WIRE_VERSION;
  /** Unique within a run: `<from>.<life>.<counter>`. */
  readonly id: string;
  readonly kind: 'request' | 'reply';
  readonly rpc: Rpc;
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** Number of the sender's start (1, 2, …). */
  readonly life: number;
  /** The sender's term; null from a client, which has no term. */
  readonly term: Term | null;
  /**
   * Time by the sender's monotonic clock, in microseconds since the run began. All processes of a run share one clock.
   */
  readonly sentUs: number;
  /**
   * Id of the request that a client reply answers. Raft replies omit it, because their content shows what they answer.
   */
  readonly replyTo?: string;
  readonly voteGranted?: boolean;
  readonly success?: boolean;
  readonly matchIndex?: LogIndex;
  readonly prevLogIndex?: LogIndex;
  /** Indexes of the first and last entry in the message; both absent in a heartbeat. */
  readonly first?: LogIndex;
  readonly last?: LogIndex;
  readonly leaderCommit?: LogIndex;
}

/** Paths of WebSocket upgrades: `/links` and `/clients` on the network and on servers, `/control` on the lab. */
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
