/**
 * One directed link: takes whole messages, gives each a fate under the link's policy, and hands it over when it is
 * due. A link outlives the connections on both its sides; what it carries to belongs to a `Carrier`.
 */
import type { FrameHeader, LinkId, LinkPolicy } from '../core/wire/index.ts';
import type { Clock } from './clock.ts';
import { messageDelivered, messageDropped, messageSent } from './events.ts';
import { createLinkQueue } from './link-queue.ts';
import { fatesOf, passDueUs } from './policy.ts';
import type { Reporter } from './reporter.ts';
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

export interface LinkMessage {
  readonly header: FrameHeader;
  readonly frame: Buffer;
}

export interface Link extends Sleeper {
  readonly id: LinkId;
  policy(): LinkPolicy;
  /** Applies at once: a cut drops what is queued and holds closes; a heal lets held closes go. */
  setPolicy(policy: LinkPolicy): void;
  /** A whole message arrived from the sender. */
  accept(message: LinkMessage, carrier: Carrier): void;
  /** The sender's end closed: passed on behind what is queued, held while the link is cut. */
  acceptClose(carrier: Carrier): void;
  /** A carrier that was connecting is open or gone now. */
  resume(): void;
}

export interface LinkOptions {
  readonly id: LinkId;
  readonly nowUs: Clock;
  readonly hopDelayUs: () => number;
  readonly schedule: Schedule;
  readonly reporter: Reporter;
}

/** A message, or (`message` null) a close. */
interface Item {
  readonly dueUs: number;
  readonly size: number;
  readonly message: LinkMessage | null;
  readonly carrier: Carrier;
}

export function createLink({ id, nowUs, hopDelayUs, schedule, reporter }: LinkOptions): Link {
  const queue = createLinkQueue<Item>();
  let policy: LinkPolicy = { mode: 'pass' };
  let lastDueUs = 0;
  let heldCloses: Carrier[] = [];

  const link: Link = {
    id,
    policy: () => policy,
    setPolicy(next) {
      policy = next;
      if (next.mode === 'cut') {
        for (const item of queue.takeAll()) {
          if (item.message === null) heldCloses.push(item.carrier);
          else reporter.report(messageDropped(item.message.header, id, 'cut'));
        }
        return;
      }
      const closes = heldCloses;
      heldCloses = [];
      for (const carrier of closes) carrier.close();
    },
    accept(message, carrier) {
      const arrivedUs = nowUs();
      const arrival = { arrivedUs, hopDelayUs: hopDelayUs(), lastDueUs: queue.length() > 0 ? lastDueUs : 0 };
      const { header, frame } = message;
      const sent = messageSent(header, id, passDueUs(arrival), frame.length);
      // One clock for all processes: a message cannot have been sent after it arrived.
      reporter.report(sent, Math.min(header.sentUs, arrivedUs));
      for (const fate of fatesOf(policy, arrival)) {
        if (fate.type === 'drop') reporter.report(messageDropped(header, id, fate.reason));
        else if (!queue.hasRoom(frame.length, carrier.unsentBytes())) {
          reporter.report(messageDropped(header, id, 'queue-full'));
        } else enqueue({ dueUs: fate.dueUs, size: frame.length, message, carrier });
      }
      run(arrivedUs);
    },
    acceptClose(carrier) {
      if (policy.mode === 'cut') {
        heldCloses.push(carrier);
        return;
      }
      const now = nowUs();
      enqueue({ dueUs: Math.max(lastDueUs, now + hopDelayUs()), size: 0, message: null, carrier });
      run(now);
    },
    resume: () => run(nowUs()),
    wake: deliverDue,
  };

  function enqueue(item: Item): void {
    lastDueUs = Math.max(lastDueUs, item.dueUs);
    queue.add(item);
  }

  function run(now: number): void {
    const dueUs = deliverDue(now);
    if (dueUs !== null) schedule.wakeAt(link, dueUs);
  }

  /** Hands over what is due. @returns when the next is due, null when nothing waits or the carrier must connect first */
  function deliverDue(now: number): number | null {
    for (let item = queue.head(); item !== undefined; item = queue.head()) {
      if (item.dueUs > now) return item.dueUs;
      const state = item.message === null ? 'open' : item.carrier.state();
      if (state === 'connecting') return null;
      queue.shift();
      if (item.message === null) item.carrier.close();
      else if (state === 'gone') reporter.report(messageDropped(item.message.header, id, 'receiver-gone'));
      else {
        item.carrier.send(item.message.frame);
        reporter.report(messageDelivered(item.message.header, id));
      }
    }
    return null;
  }

  return link;
}
