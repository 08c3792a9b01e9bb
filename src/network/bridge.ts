/**
 * One connection through the network: the socket that a sender opened, and the socket to the receiver that was opened
 * for it. Between servers it carries frames in one direction. Between a client and a server it carries frames in both,
 * and the receiver's close as well.
 */
import { WebSocket } from 'ws';
import { carries, isProblem } from '../core/wire/index.ts';
import type { Clock } from '../program/clock.ts';
import { type SendFrame, senderForDialled } from '../program/gather-writes.ts';
import { frameRefused, type NetworkReporter } from './events.ts';
import { type Direction, readFrame, toBuffer } from './frames.ts';
import type { Carrier, Link } from './link.ts';

/** Minimum time between two attempts to reach a server on the same port, microseconds. */
const REDIAL_US = 50_000;

/** A server's announced listener, and how to reach it. */
export interface Route {
  readonly life: number;
  /** Opens a connection that carries the sender's own hello. */
  dial(direction: Direction): WebSocket;
}

/** The sender's connection, the links its frames take, and the route to the receiver. */
export interface BridgeOptions {
  readonly direction: Direction;
  readonly inbound: WebSocket;
  /** Sends a frame to the sender, over `inbound`. */
  readonly sendBack: SendFrame;
  readonly forward: Link;
  /** The link in the other direction, for a client's connection; null between servers. */
  readonly back: Link | null;
  readonly route: () => Route | null;
  readonly nowUs: Clock;
  readonly reporter: NetworkReporter;
  /** Called when both sides are closed. */
  readonly onDone: (bridge: Bridge) => void;
}

/** Joins a sender's socket to its receiver's; is done when both are closed and no close is held by a cut. */
export class Bridge {
  readonly #options: BridgeOptions;
  #outbound: WebSocket | null = null;
  #sendOut: SendFrame = () => undefined;
  #triedUs = Number.NEGATIVE_INFINITY;
  /** True once a client's connection has lost its receiver for good; the client opens another connection. */
  #isLost = false;
  /** The sender's close has been passed on. */
  #isFinished = false;
  #isInboundClosed = false;

  readonly #toReceiver: Carrier = {
    state: () => this.#outboundState(),
    send: (frame) => this.#sendOut(frame),
    close: () => this.#finish(),
    unsentBytes: () => this.#outbound?.bufferedAmount ?? 0,
  };
  readonly #toSender: Carrier = {
    state: () => (this.#options.inbound.readyState === WebSocket.OPEN ? 'open' : 'gone'),
    send: (frame) => this.#options.sendBack(frame),
    close: () => this.#options.inbound.close(),
    unsentBytes: () => this.#options.inbound.bufferedAmount,
  };

  constructor(options: BridgeOptions) {
    this.#options = options;
    const { direction, inbound, forward, reporter } = options;
    inbound.on('message', (data, isBinary) =>
      this.#arrive(toBuffer(data), isBinary, { direction, link: forward, carrier: this.#toReceiver }),
    );
    inbound.on('error', (error) => {
      // A WebSocket protocol error (too large, not UTF-8) is an invalid frame; other errors are broken connections.
      if ('code' in error && String(error.code).startsWith('WS_ERR')) {
        reporter.report(frameRefused(forward.id, 0, error.message));
      }
    });
    inbound.on('close', () => {
      this.#isInboundClosed = true;
      // After a reset no close is passed on.
      if (!this.#isFinished) forward.acceptClose(this.#toReceiver);
      this.#settle();
    });
  }

  get direction(): Direction {
    return this.#options.direction;
  }

  /** Connects to the receiver, unless it is connected or connecting, a cut or a hold forbids it, or it has no port. */
  connect(): void {
    const { forward, route, nowUs } = this.#options;
    if (this.#outbound !== null || this.#isLost || this.#isFinished || !carries(forward.policy)) return;
    this.#triedUs = nowUs();
    const to = route();
    if (to === null) this.#loseReceiver();
    else this.#open(to);
  }

  /** Drops the connection to the receiver's old port, after the receiver moved or ended. */
  routeChanged(): void {
    const { back, forward } = this.#options;
    const old = this.#outbound;
    // Between servers the sender stays connected; a client's connection ends with the outbound socket's `close`.
    if (back === null) this.#outbound = null;
    old?.terminate();
    if (back === null) this.connect();
    forward.resume();
    this.#settle();
  }

  /** Breaks both sockets, as a network that loses the connection does. The sender dials again. */
  reset(): void {
    const { back, forward, inbound } = this.#options;
    this.#isFinished = true;
    forward.reset(this.#toReceiver);
    back?.reset(this.#toSender);
    inbound.terminate();
    this.#outbound?.terminate();
  }

  /** Ends both sockets, because the network process stops. */
  dispose(): void {
    this.#options.inbound.terminate();
    this.#outbound?.terminate();
  }

  #outboundState(): 'open' | 'connecting' | 'gone' {
    if (this.#outbound === null && this.#options.nowUs() - this.#triedUs >= REDIAL_US) this.connect();
    if (this.#outbound?.readyState === WebSocket.CONNECTING) return 'connecting';
    return this.#outbound?.readyState === WebSocket.OPEN ? 'open' : 'gone';
  }

  #open(to: Route): void {
    const { direction, forward, back } = this.#options;
    const socket = to.dial(direction);
    this.#outbound = socket;
    this.#sendOut = senderForDialled(socket);
    socket.on('open', () => forward.resume());
    // Refused and broken connections are normal here, and the `close` handler covers them.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#outbound !== socket) return;
      this.#outbound = null;
      this.#loseReceiver();
      forward.resume();
      this.#settle();
    });
    const reverse = { from: direction.to, to: direction.from, life: to.life };
    socket.on('message', (data, isBinary) =>
      this.#arrive(toBuffer(data), isBinary, { direction: reverse, link: back, carrier: this.#toSender }),
    );
  }

  #loseReceiver(): void {
    const { back } = this.#options;
    if (back === null || this.#isLost) return;
    this.#isLost = true;
    back.acceptClose(this.#toSender);
  }

  #finish(): void {
    this.#isFinished = true;
    this.#outbound?.close();
    this.#settle();
  }

  /**
   * Handles a frame from one side.
   *
   * @param way  the frame's direction, link and carrier; `link` is null against the direction of a server's link
   */
  #arrive(frame: Buffer, isBinary: boolean, way: { direction: Direction; link: Link | null; carrier: Carrier }): void {
    const { direction, link, carrier } = way;
    const message =
      link === null ? { problem: 'a frame against the direction of its link' } : readFrame(frame, isBinary, direction);
    if (!isProblem(message)) link?.accept(message, carrier);
    else
      this.#options.reporter.report(frameRefused(`${direction.from}>${direction.to}`, frame.length, message.problem));
  }

  #settle(): void {
    const isOver = this.#isFinished || this.#isLost;
    if (this.#isInboundClosed && this.#outbound === null && isOver) this.#options.onDone(this);
  }
}
