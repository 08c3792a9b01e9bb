/**
 * The sending half of the links: one connection for each other server, dialled at the network, which passes it on or
 * cuts it. Nothing is kept for a receiver that cannot be reached or does not read: Raft says it again.
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

/** Unsent bytes beyond which messages are dropped: the receiver is frozen, or the link is slower than the leader. */
export const MAX_UNSENT_BYTES = 4 * 1024 * 1024;
const FIRST_REDIAL_MS = 20;
const LONGEST_REDIAL_MS = 500;

/** All outgoing links of this server. */
export interface Links {
  /** Sends the messages now; those for one server leave as one write. */
  send(messages: readonly Message[]): void;
  close(): void;
}

/** Dials every other server at the network, and again whenever a connection breaks. */
export function createLinks(spec: ServerSpec, stamps: Stamps): Links {
  const links = new Map(
    spec.servers.filter((server) => server !== spec.server).map((server) => [server, createLink(spec, server)]),
  );
  return {
    send(messages) {
      for (const message of messages) {
        const link = links.get(message.to);
        // Only a message that goes out gets a number.
        if (link?.isOpen() === true) link.send(encodeRaftMessage(message, stamps.next()));
      }
      // The turn may wait for its disk next, and these are to travel meanwhile (§10.2.1).
      writeHeld();
    },
    close() {
      for (const link of links.values()) link.close();
    },
  };
}

interface Link {
  /** Connected, and not too far behind. */
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
      // Masking protects old proxies on the open internet; on loopback zeros do, and cost no pass over the bytes.
      generateMask: (mask) => mask.fill(0),
    });
    send = senderForDialled(dialled);
    dialled.on('open', () => {
      failures = 0;
    });
    // Refused and broken connections are everyday here; `close` follows and is what counts.
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
