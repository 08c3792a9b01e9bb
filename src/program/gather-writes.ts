/**
 * Gathers what one turn of the event loop sends on a connection into one write. Every frame of `ws` is a system call of
 * its own otherwise, and under load those calls were half of the network program's time. Used by servers, network and
 * clients. Order on a connection is kept; nothing waits longer than the turn that sent it.
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** Sends one frame as text. */
export type SendFrame = (frame: string | Buffer) => void;

const AS_TEXT = { binary: false } as const;

/** Connections with frames of this turn that are not written yet. */
let held: Duplex[] = [];

/** Frames of a connection that another program opened. @param stream  what its upgrade request came on */
export function senderFor(socket: WebSocket, stream: Duplex): SendFrame {
  return (frame) => {
    hold(stream);
    socket.send(frame, AS_TEXT);
  };
}

/** Frames of a connection that this program opens; the connection must not be open yet. */
export function senderForDialled(socket: WebSocket): SendFrame {
  let stream: Duplex | null = null;
  socket.once('upgrade', (response) => {
    stream = response.socket;
  });
  return (frame) => {
    if (stream !== null) hold(stream);
    socket.send(frame, AS_TEXT);
  };
}

/** Writes everything held, at once: before a turn does something slow, such as waiting for the disk. */
export function writeHeld(): void {
  const streams = held;
  held = [];
  for (const stream of streams) stream.uncork();
}

function hold(stream: Duplex): void {
  // Corked: it is held already. ws corks for a single frame only, and never while a frame is handed to it.
  if (stream.writableCorked > 0) return;
  if (held.length === 0) process.nextTick(writeHeld);
  held.push(stream);
  stream.cork();
}
