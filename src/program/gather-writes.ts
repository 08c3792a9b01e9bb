/**
 * Gathers the frames that one turn of the event loop sends on a connection into one write. Without this, `ws` makes a
 * system call for every frame, which took half of the network program's time under load. Used by servers, network and
 * clients. Frames of a connection keep their order, and leave in the turn in which they were sent.
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** Sends one frame as text. */
export type SendFrame = (frame: string | Buffer) => void;

const AS_TEXT = { binary: false } as const;

/** Connections with frames of this turn that are not written yet. */
let held: Duplex[] = [];

/**
 * Returns the sender for a connection that another program opened.
 *
 * @param stream  the stream on which its upgrade request came
 */
export function senderFor(socket: WebSocket, stream: Duplex): SendFrame {
  return (frame) => {
    hold(stream);
    socket.send(frame, AS_TEXT);
  };
}

/** Returns the sender for a connection that this program opens. Call it before the connection opens. */
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

/** Writes all gathered frames now. Call it before slow work in the same turn, such as waiting for the disk. */
export function writeHeld(): void {
  const streams = held;
  held = [];
  for (const stream of streams) stream.uncork();
}

function hold(stream: Duplex): void {
  // A corked stream is in `held` already: ws itself corks only while it writes a single frame.
  if (stream.writableCorked > 0) return;
  if (held.length === 0) process.nextTick(writeHeld);
  held.push(stream);
  stream.cork();
}
