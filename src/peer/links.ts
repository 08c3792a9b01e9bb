/**
 * The sending half of the links: one connection for each other server. It is dialled at the network process, which
 * forwards or cuts it. Messages to a receiver that cannot be reached or does not read are dropped, because Raft repeats
 * them.
 */
import { WebSocket } from 'ws';
import type { Message } from '../core/raft/messages.ts';
import {
  encodeRaftMessage,
  helloHeaders,
  MAX_FRAME_BYTES,
  PATHS,
  type ServerId,
  type ServerSpec,
} from '../core/wire/index.ts';
import { type SendFrame, senderForDialled, writeHeld } from '../program/gather-writes.ts';
import type { Stamps } from './stamps.ts';

/**
 * Number of unsent bytes beyond which messages are dropped, because the receiver is frozen or the link is slower than
 * the leader.
 */
export const MAX_UNSENT_BYTES = 4 * 1024 * 1024;
const FIRST_REDIAL_MS = 20;
const LONGEST_REDIAL_MS = 500;

/** All outgoing links of this server. */
export interface Links {
  /** Sends the messages now; all messages to one server leave in one write. */
  send(messages: readonly Message[]): void;
  close(): void;
}

/** Dials every other server through the network process, and redials broken connections. */
export function createLinks(spec: ServerSpec, stamps: Stamps): Links {
  const links = new Map(
    spec.servers.filter((server) => server !== spec.server).map((server) => [server, createLink(spec, server)]),
  );
  return {
    send(messages) {
      for (const message of messages) {
        const link = links.get(message.to);
        // A dropped message gets no number.
        if (link?.isOpen() === true) link.send(encodeRaftMessage(message, stamps.next()));
      }
      // The turn may wait for its disk next, and these messages must travel meanwhile (§10.2.1).
      writeHeld();
    },
    close() {
      for (const link of links.values()) link.close();
    },
  };
}

interface Link {
  /** Whether the link is connected with at most MAX_UNSENT_BYTES unsent. */
  isOpen(): boolean;
  send(frame: string): void;
  close(): void;
}

function createLink({ runId, secret, server, life, networkUrl }: ServerSpec, to: ServerId): Link {
  let isClosed = false;
  let failures = 0;
  let send: SendFrame = () => undefined;
  let socket = dial();
  let redial: NodeJS.Timeout | null = null;

  function dial(): WebSocket {
    const dialled = new WebSocket(`${networkUrl}${PATHS.links}`, {
      headers: helloHeaders({ runId, secret, from: server, to, life }),
      perMessageDeflate: false,
      maxPayload: MAX_FRAME_BYTES,
      // Masking guards old proxies on the open internet. On loopback a mask of zeros saves a pass over the bytes.
      generateMask: (mask) => mask.fill(0),
    });
    send = senderForDialled(dialled);
    dialled.on('open', () => {
      failures = 0;
    });
    // Refused and broken connections are normal here, and the `close` handler covers them.
    dialled.on('error', () => undefined);
    dialled.on('close', () => {
      if (isClosed) return;
      const ms = Math.min(LONGEST_REDIAL_MS, FIRST_REDIAL_MS * 2 ** failures);
      failures += 1;
      redial = setTimeout(() => {
        socket = dial();
      }, ms);
    });
    return dialled;
  }

  return {
    isOpen: () => socket.readyState === WebSocket.OPEN && socket.bufferedAmount <= MAX_UNSENT_BYTES,
    send: (frame) => send(frame),
    close() {
      isClosed = true;
      if (redial !== null) clearTimeout(redial);
      socket.terminate();
    },
  };
}
