/**
 * One directed link: takes whole messages, decides the fate of each under the link's policy, and delivers it when it is
 * due. A link outlives the connections on both its sides; a `Carrier` stands for the connection that it delivers to.
 */
import { endsOf } from '../core/vocabulary/index.ts';
import type { FrameHeader, LinkId, LinkPolicy } from '../core/wire/index.ts';
import { type Chance, createChance, isClientId } from '../core/wire/index.ts';
import type { Clock } from '../program/clock.ts';
import {
  messageDelivered,
  messageDropped,
  messageSent,
  type NetworkEventBody,
  type NetworkReporter,
} from './events.ts';
import { createLinkQueue } from './link-queue.ts';
import { type Arrival, fatesOf, passDueUs } from './policy.ts';
import type { Schedule, Sleeper } from './schedule.ts';

/** The receiving end of one connection through the network. */
export interface Carrier {
  /**
   * State of the connection; reading it may start an attempt to connect. While `connecting`, due messages wait for
   * `Link.resume`.
   */
  state(): 'open' | 'connecting' | 'gone';
  /** Sends the bytes of one frame unchanged. Only called in state `open`. */
  send(frame: Buffer): void;
  /** Closes the connection to the receiver, after the sender closed its own. */
  close(): void;
  /** Returns the number of bytes sent that have not left the process. */
  unsentBytes(): number;
}

/** A message with its header read. */
export interface LinkMessage {
  readonly header: FrameHeader;
  readonly frame: Buffer;
}

/** The speed of all links of a run. */
export type LinkSpeed = Pick<Arrival, 'hopDelayUs' | 'jitterUs' | 'lossPercent'>;

/** Dependencies of a link. */
export interface LinkOptions {
  readonly id: LinkId;
  readonly nowUs: Clock;
  /** Seed of the run; the link's random draws depend on it and on the link's id. */
  readonly seed: number;
  readonly speed: () => LinkSpeed;
  readonly schedule: Schedule;
  readonly reporter: NetworkReporter;
}

/** A queued message, or a queued close (`message` is null). */
interface Item {
  readonly dueUs: number;
  readonly size: number;
  readonly message: LinkMessage | null;
  readonly carrier: Carrier;
}

/** One link, which lives as long as the network process and outlives its connections. */
export class Link implements Sleeper {
  readonly #options: LinkOptions;
  readonly #queue = createLinkQueue<Item>();
  #policy: LinkPolicy = { mode: 'pass' };
  readonly #chance: Chance;
  readonly #isOfClient: boolean;
  /** Due time of the latest message that must not be overtaken. */
  #lastDueUs = 0;
  /** Due time of the latest queued item of any kind; a close is queued behind it. */
  #latestUs = 0;
  #heldCloses: Carrier[] = [];

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#chance = createChance(options.seed, options.id);
    const { from, to } = endsOf(options.id);
    this.#isOfClient = isClientId(from) || isClientId(to);
  }

  get id(): LinkId {
    return this.#options.id;
  }

  get policy(): LinkPolicy {
    return this.#policy;
  }

  /**
   * Applies a policy at once. A cut drops queued messages and holds closes. Any other policy passes held closes on,
   * behind
   * the messages that a `hold` keeps waiting.
   */
  setPolicy(policy: LinkPolicy): void {
    this.#policy = policy;
    if (policy.mode === 'cut') {
      for (const { message, carrier } of this.#queue.takeAll()) {
        if (message === null) this.#heldCloses.push(carrier);
        else this.#report(messageDropped(message.header, this.id, 'cut'));
      }
      return;
    }
    const closes = this.#heldCloses;
    this.#heldCloses = [];
    for (const carrier of closes) {
      if (policy.mode === 'hold') this.acceptClose(carrier);
      else carrier.close();
    }
    this.resume();
  }

  /** Takes a complete message from the sender. */
  accept(message: LinkMessage, carrier: Carrier): void {
    const { header, frame } = message;
    const arrivedUs = this.#options.nowUs();
    const lastDueUs = this.#queue.length() > 0 ? this.#lastDueUs : 0;
    const speed = this.#options.speed();
    // A client's message is never lost by the run's timing: losses are about the messages of Raft.
    const lossPercent = this.#isOfClient ? 0 : speed.lossPercent;
    const arrival = { kind: header.kind, arrivedUs, ...speed, lossPercent, lastDueUs };
    const all = fatesOf(this.#policy, arrival, this.#chance);
    const dueUs = all[0]?.type === 'deliver' ? all[0].dueUs : passDueUs(arrival);
    // All processes share one clock, so a message cannot be sent after it arrived.
    const sentUs = Math.min(header.sentUs, arrivedUs);
    this.#report(messageSent(header, this.id, { dueUs, bytes: frame.length, copies: all.length }), sentUs);
    for (const fate of all) {
      if (fate.type === 'drop') this.#report(messageDropped(header, this.id, fate.reason));
      else if (!this.#queue.hasRoom(frame.length, carrier.unsentBytes())) {
        this.#report(messageDropped(header, this.id, 'queue-full'));
      } else {
        if (fate.inOrder) this.#lastDueUs = Math.max(this.#lastDueUs, fate.dueUs);
        this.#enqueue({ dueUs: fate.dueUs, size: frame.length, message, carrier });
      }
    }
    this.#run(arrivedUs);
  }

  /** Takes a close from the sender: queues it behind the messages, or holds it while the link is cut. */
  acceptClose(carrier: Carrier): void {
    if (this.#policy.mode === 'cut') {
      this.#heldCloses.push(carrier);
      return;
    }
    const { nowUs, speed } = this.#options;
    const now = nowUs();
    const behind = this.#queue.length() > 0 ? this.#latestUs : 0;
    this.#enqueue({ dueUs: Math.max(behind, now + speed().hopDelayUs), size: 0, message: null, carrier });
    this.#run(now);
  }

  /** Drops the messages and closes of a connection that was broken on purpose. */
  reset(carrier: Carrier): void {
    for (const { message } of this.#queue.takeWhere((item) => item.carrier === carrier)) {
      if (message !== null) this.#report(messageDropped(message.header, this.id, 'reset'));
    }
    this.#heldCloses = this.#heldCloses.filter((held) => held !== carrier);
  }

  /** Continues after a connecting carrier became open or gone. */
  resume(): void {
    this.#run(this.#options.nowUs());
  }

  /**
   * Hands over all due messages.
   *
   * @returns the next due time; null when nothing waits, the link is on hold, or the carrier is still connecting
   */
  wake(nowUs: number): number | null {
    if (this.#policy.mode === 'hold') return null;
    const queue = this.#queue;
    for (let item = queue.head(); item !== undefined; item = queue.head()) {
      if (item.dueUs > nowUs) return item.dueUs;
      const { message, carrier } = item;
      const state = message === null ? 'open' : carrier.state();
      if (state === 'connecting') return null;
      queue.shift();
      if (message === null) carrier.close();
      else if (state === 'gone') this.#report(messageDropped(message.header, this.id, 'receiver-gone'));
      else {
        carrier.send(message.frame);
        this.#report(messageDelivered(message.header, this.id));
      }
    }
    return null;
  }

  #enqueue(item: Item): void {
    this.#latestUs = this.#queue.length() > 0 ? Math.max(this.#latestUs, item.dueUs) : item.dueUs;
    this.#queue.add(item);
  }

  #run(nowUs: number): void {
    const dueUs = this.wake(nowUs);
    if (dueUs !== null) this.#options.schedule.wakeAt(this, dueUs);
  }

  #report(event: NetworkEventBody, timeUs?: number): void {
    this.#options.reporter.report(event, timeUs);
  }
}
