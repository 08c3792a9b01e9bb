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

/** Messages that are counted, but not in the view's links yet. */
export interface LinkTally {
  add(event: MessageTraceEvent): void;
  /** The view with all of them in its links; the tally is empty afterwards. */
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
  const tally = createLinkTally();
  tally.add(event);
  return tally.putInto(countMessage(view, event));
}

/** The view with this message in the counts of the whole cluster; its link is a tally's business. */
export function countMessage(view: ClusterView, event: MessageTraceEvent): ClusterView {
  const { counts } = view;
  if (event.event === 'MessageSent') return { ...view, counts: { ...counts, messages: counts.messages + 1 } };
  if (event.event === 'MessageDropped') return { ...view, counts: { ...counts, dropped: counts.dropped + 1 } };
  return view;
}

/** An empty tally. A view of many links is copied once for all that it holds, not once a message. */
export function createLinkTally(): LinkTally {
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
      for (const [id, more] of counted) {
        const link = links[id] ?? blankLink(id);
        const { sent, delivered, dropped } = link;
        links[id] = {
          ...link,
          sent: sent + more.sent,
          delivered: delivered + more.delivered,
          dropped: dropped + more.dropped,
        };
      }
      counted.clear();
      return { ...view, links };
    },
  };
}
