/**
 * One connection through the network: the socket a sender opened and the socket opened for it to the receiver.
 * Between servers it carries one direction; between a client and a server both, and the receiver's close as well.
 */
import { WebSocket } from 'ws';
import { isProblem } from '../core/wire/index.ts';
import type { Clock } from './clock.ts';
import { frameRefused } from './events.ts';
import { type Direction, readFrame, toBuffer } from './frames.ts';
import type { Carrier, Link } from './link.ts';
import type { Reporter } from './reporter.ts';

/** Least time between two attempts to reach a server on the same port. */
const REDIAL_US = 50_000;

/** A server's listener as it was announced, and how to reach it. */
export interface Route {
  readonly life: number;
  /** Opens a connection that carries the sender's own hello. */
  dial(direction: Direction): WebSocket;
}

export interface Bridge {
  readonly direction: Direction;
  /** Connects to the receiver unless that is done, under way, forbidden by a cut, or impossible. */
  connect(): void;
  /** The receiver is somewhere else now, or gone: what led to its old place is ended. */
  routeChanged(): void;
  /** Both sockets end now (the network process stops). */
  end(): void;
}

export interface BridgeOptions {
  readonly direction: Direction;
  readonly inbound: WebSocket;
  readonly forward: Link;
  /** The other direction, for a client's connection; null between servers. */
  readonly back: Link | null;
  readonly route: () => Route | null;
  readonly nowUs: Clock;
  readonly reporter: Reporter;
  /** Both sides are closed. */
  readonly onDone: (bridge: Bridge) => void;
}

export function createBridge(options: BridgeOptions): Bridge {
  const { direction, inbound, forward, back, route, nowUs, reporter, onDone } = options;
  let outbound: WebSocket | null = null;
  let triedUs = Number.NEGATIVE_INFINITY;
  /** The receiver's end of a client's connection is lost for good: the client opens another. */
  let lost = false;
  /** The sender's close has been passed on. */
  let finished = false;
  let inboundClosed = false;

  const toReceiver: Carrier = {
    state() {
      if (outbound === null && nowUs() - triedUs >= REDIAL_US) bridge.connect();
      if (outbound?.readyState === WebSocket.CONNECTING) return 'connecting';
      return outbound?.readyState === WebSocket.OPEN ? 'open' : 'gone';
    },
    send: (frame) => outbound?.send(frame, { binary: false }),
    close() {
      finished = true;
      outbound?.close();
      settle();
    },
    unsentBytes: () => outbound?.bufferedAmount ?? 0,
  };
  const toSender: Carrier = {
    state: () => (inbound.readyState === WebSocket.OPEN ? 'open' : 'gone'),
    send: (frame) => inbound.send(frame, { binary: false }),
    close: () => inbound.close(),
    unsentBytes: () => inbound.bufferedAmount,
  };

  const bridge: Bridge = {
    direction,
    connect() {
      if (outbound !== null || lost || finished || forward.policy().mode === 'cut') return;
      triedUs = nowUs();
      const to = route();
      if (to === null) loseReceiver();
      else open(to);
    },
    routeChanged() {
      const old = outbound;
      // Between servers the sender does not notice. A client's connection ends when its socket says so.
      if (back === null) outbound = null;
      old?.terminate();
      if (back === null) bridge.connect();
      forward.resume();
      settle();
    },
    end() {
      inbound.terminate();
      outbound?.terminate();
    },
  };

  function open(to: Route): void {
    const socket = to.dial(direction);
    outbound = socket;
    socket.on('open', () => forward.resume());
    // A refused or broken connection is what happens to servers here; `close` follows and says all there is to say.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (outbound !== socket) return;
      outbound = null;
      loseReceiver();
      forward.resume();
      settle();
    });
    const reverse = { from: direction.to, to: direction.from, life: to.life };
    socket.on('message', (data, isBinary) => arrive(toBuffer(data), isBinary, reverse, back, toSender));
  }

  function loseReceiver(): void {
    if (back === null || lost) return;
    lost = true;
    back.acceptClose(toSender);
  }

  function arrive(frame: Buffer, isBinary: boolean, from: Direction, link: Link | null, carrier: Carrier): void {
    const message =
      link === null ? { problem: 'a frame against the direction of its link' } : readFrame(frame, isBinary, from);
    if (!isProblem(message)) link?.accept(message, carrier);
    else reporter.report(frameRefused(`${from.from}>${from.to}`, frame.length, message.problem));
  }

  function settle(): void {
    if (inboundClosed && outbound === null && (finished || lost)) onDone(bridge);
  }

  inbound.on('message', (data, isBinary) => arrive(toBuffer(data), isBinary, direction, forward, toReceiver));
  inbound.on('error', (error) => {
    // A WebSocket protocol error (too large, not UTF-8): its bytes never became a frame. Broken pipes are just closes.
    if ('code' in error && String(error.code).startsWith('WS_ERR')) {
      reporter.report(frameRefused(forward.id, 0, error.message));
    }
  });
  inbound.on('close', () => {
    inboundClosed = true;
    forward.acceptClose(toReceiver);
    settle();
  });
  return bridge;
}
