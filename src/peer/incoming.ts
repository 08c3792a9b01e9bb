/**
 * The receiving half of the links: frames of another server become inputs of the core. The handshake identifies the
 * sender. A frame that names another sender, or cannot be read, is dropped and counted.
 */
import type { WebSocket } from 'ws';
import type { Message } from '../core/raft/messages.ts';
import { checkLink, decodeRaftMessage, type Hello, isProblem, readHeader } from '../core/wire/index.ts';

/** The links that lead to this server. */
export interface Incoming {
  accept(hello: Hello, socket: WebSocket): void;
  /** Returns the number of dropped frames, which were malformed or found the inbox full. */
  dropped(): number;
}

/**
 * Creates the receiving half.
 *
 * @param receive  takes a message and returns false when there was no room for it
 */
export function createIncoming(receive: (message: Message, id: string) => boolean): Incoming {
  let dropped = 0;

  function take(text: string, hello: Hello): boolean {
    const read = readHeader(text);
    if (isProblem(read) || checkLink(read.header, hello) !== null) return false;
    const message = decodeRaftMessage(read.header, text.slice(read.bodyAt));
    return !isProblem(message) && receive(message, read.header.id);
  }

  return {
    accept(hello, socket) {
      socket.on('message', (data, isBinary) => {
        if (isBinary || !take(data.toString(), hello)) dropped += 1;
      });
    },
    dropped: () => dropped,
  };
}
