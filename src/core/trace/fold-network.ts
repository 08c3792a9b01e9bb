/**
 * What the network saw, folded into the links: counters and policies. By far the most events are messages, so
 * this is the path that must stay short.
 */
import { blankLink } from './empty-view.ts';
import { type NetworkTraceEvent, unreachable } from './event-kinds.ts';
import type { ClusterView, LinkView } from './view.ts';

/** The view with this message or policy counted. */
export function foldNetwork(view: ClusterView, event: NetworkTraceEvent): ClusterView {
  const link = changed(view.links[event.link] ?? blankLink(event.link), event);
  return { ...view, links: { ...view.links, [event.link]: link }, counts: counted(view, event) };
}

function changed(link: LinkView, event: NetworkTraceEvent): LinkView {
  switch (event.event) {
    case 'MessageSent':
      return { ...link, sent: link.sent + 1 };
    case 'MessageDelivered':
      return { ...link, delivered: link.delivered + 1 };
    case 'MessageDropped':
      return { ...link, dropped: link.dropped + 1 };
    case 'LinkPolicyChanged':
      return { ...link, policy: event.policy };
    default:
      return unreachable(event);
  }
}

function counted(view: ClusterView, event: NetworkTraceEvent): ClusterView['counts'] {
  if (event.event === 'MessageSent') return { ...view.counts, messages: view.counts.messages + 1 };
  if (event.event === 'MessageDropped') return { ...view.counts, dropped: view.counts.dropped + 1 };
  return view.counts;
}
