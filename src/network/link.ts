/**
 * One directed link: takes whole messages, decides the fate of each under the link's policy, and delivers it when it is
 * due. A link outlives the connections on both its sides; a `Carrier` holds the connection it delivers to.
 */
import type { FrameHeader, LinkId, LinkPolicy } from '../core/wire/index.ts';
import { type Chance, createChance } from '../core/wire/index.ts';
import type { Clock } from '../program/clock.ts';
import {
  messageDelivered,
  messageDropped,
  messageSent,
  type NetworkEventBody,
  type NetworkReporter,
} from './events.ts';
import { createLinkQueue } from './link-queue.ts';
import { fatesOf, passDueUs } from './policy.ts';
import type { Schedule, Sleeper } from './schedule.ts';

/** The receiving end of one connection through the network. */
export interface Carrier {
  /** `connecting`: what is due waits for `Link.resume`. May begin a new attempt to connect. */
  state(): 'open' | 'connecting' | 'gone';
  /** The bytes of one frame, untouched. Only called when open. */
  send(frame: Buffer): void;
  /** The sender closed its end: close towards the receiver. */
  close(): void;
  /** Bytes sent that have not left the process. */
  unsentBytes(): number;
}

/** A message with its header read. */
export interface LinkMessage {
  readonly header: FrameHeader;
  readonly frame: Buffer;
}

/** Dependencies of a link. */
export interface LinkOptions {
  readonly id: LinkId;
  readonly nowUs: Clock;
  /** Seed of the run; the link's draws depend on it and on the link's name. */
  readonly seed: number;
  readonly hopDelayUs: () => number;
  readonly schedule: Schedule;
  readonly reporter: NetworkReporter;
}

/** A message, or (`message` null) a close. */
interface Item {
  readonly dueUs: number;
  readonly size: number;
  readonly message: LinkMessage | null;
  readonly carrier: Carrier;
}

/** One link, which exists as long as the network process, independent of its connections. */
export class Link implements Sleeper {
  readonly #options: LinkOptions;
  readonly #queue = createLinkQueue<Item>();
  #policy: LinkPolicy = { mode: 'pass' };
  readonly #chance: Chance;
  /** When the latest message that must not be overtaken is due. */
  #lastDueUs = 0;
  /** When the latest of all is due: a close goes behind them. */
  #latestUs = 0;
  #heldCloses: Carrier[] = [];

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#chance = createChance(options.seed, options.id);
  }

  get id(): LinkId {
    return this.#options.id;
  }

  get policy(): LinkPolicy {
    return this.#policy;
  }

  /** Applies at once: a cut drops what is queued and holds closes; what was held, closes too, goes on when it ends. */
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

  /** A whole message arrived from the sender. */
  accept(message: LinkMessage, carrier: Carrier): void {
    const { header, frame } = message;
    const arrivedUs = this.#options.nowUs();
    const lastDueUs = this.#queue.length() > 0 ? this.#lastDueUs : 0;
    const arrival = { kind: header.kind, arrivedUs, hopDelayUs: this.#options.hopDelayUs(), lastDueUs };
    const all = fatesOf(this.#policy, arrival, this.#chance);
    const dueUs = all[0]?.type === 'deliver' ? all[0].dueUs : passDueUs(arrival);
    // One clock for all processes: a message cannot have been sent after it arrived.
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

  /** The sender's end closed: passed on behind what is queued, held while the link is cut. */
  acceptClose(carrier: Carrier): void {
    if (this.#policy.mode === 'cut') {
      this.#heldCloses.push(carrier);
      return;
    }
    const { nowUs, hopDelayUs } = this.#options;
    const now = nowUs();
    const behind = this.#queue.length() > 0 ? this.#latestUs : 0;
    this.#enqueue({ dueUs: Math.max(behind, now + hopDelayUs()), size: 0, message: null, carrier });
    this.#run(now);
  }

  /** The carrier's connection is broken on purpose: what waits for it is lost, a close needs no passing on. */
  reset(carrier: Carrier): void {
    for (const { message } of this.#queue.takeWhere((item) => item.carrier === carrier)) {
      if (message !== null) this.#report(messageDropped(message.header, this.id, 'reset'));
    }
    this.#heldCloses = this.#heldCloses.filter((held) => held !== carrier);
  }

  /** A carrier that was connecting is open or gone now. */
  resume(): void {
    this.#run(this.#options.nowUs());
  }

  /** Hands over what is due. @returns when the next is due, null when nothing waits or the carrier must connect first */
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
