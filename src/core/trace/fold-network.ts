/**
 * What the network saw, folded into the links: counters and policies. By far the most events are messages, so
 * this is the path that must stay short: many messages are tallied first and put into the links at once.
 */
import { blankLink } from './empty-view.ts';
import type { NetworkTraceEvent } from './event-kinds.ts';
import type { TraceEvent } from './events.ts';
import type { ClusterView, LinkView } from './view.ts';

/** An event about one message on a link. */
export type MessageTraceEvent = Extract<
  TraceEvent,
  { readonly event: 'MessageSent' | 'MessageDelivered' | 'MessageDropped' }
>;

/** Messages that are counted, but not in the view yet. */
export interface MessageTally {
  add(event: MessageTraceEvent): void;
  /** The view with all of them in its counts and its links; the tally is empty afterwards. */
  putInto(view: ClusterView): ClusterView;
}

/** True for the events that a tally takes. */
export function isLinkMessage(event: TraceEvent): event is MessageTraceEvent {
  return event.event === 'MessageSent' || event.event === 'MessageDelivered' || event.event === 'MessageDropped';
}

/** The view with this message or policy counted. */
export function foldNetwork(view: ClusterView, event: NetworkTraceEvent): ClusterView {
  if (event.event === 'LinkPolicyChanged') {
    const link = { ...(view.links[event.link] ?? blankLink(event.link)), policy: event.policy };
    return { ...view, links: { ...view.links, [event.link]: link } };
  }
  if (event.event === 'LinkReset' || event.event === 'TicksLate') return view;
  const tally = createMessageTally();
  tally.add(event);
  return tally.putInto(view);
}

/** An empty tally. A view of many links is copied once for all that it holds, not once a message. */
export function createMessageTally(): MessageTally {
  const counted = new Map<MessageTraceEvent['link'], { sent: number; delivered: number; dropped: number }>();
  return {
    add: (event) => {
      let of = counted.get(event.link);
      if (of === undefined) {
        of = { sent: 0, delivered: 0, dropped: 0 };
        counted.set(event.link, of);
      }
      if (event.event === 'MessageSent') of.sent += 1;
      else if (event.event === 'MessageDelivered') of.delivered += 1;
      else of.dropped += 1;
    },
    putInto: (view) => {
      if (counted.size === 0) return view;
      const links: Record<string, LinkView> = { ...view.links };
      let { messages, dropped } = view.counts;
      for (const [id, more] of counted) {
        const link = links[id] ?? blankLink(id);
        messages += more.sent;
        dropped += more.dropped;
        links[id] = {
          ...link,
          sent: link.sent + more.sent,
          delivered: link.delivered + more.delivered,
          dropped: link.dropped + more.dropped,
        };
      }
      counted.clear();
      return { ...view, links, counts: { ...view.counts, messages, dropped } };
    },
  };
}
