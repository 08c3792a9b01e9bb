/**
 * Folds the network's reports into the links: counters and policies. Most events are about messages, so this path must be fast:
 * a tally counts many messages and updates the links once. A view holds a bounded number of links. Links of further clients are
 * counted together, as `clients>S1` and `S1>clients`.
 */
import { ALL_CLIENTS, endsOf, type LinkId, linkOf } from '../vocabulary/index.ts';
import { blankLink } from './empty-view.ts';
import type { MessageTraceEvent, NetworkTraceEvent } from './event-kinds.ts';
import type { ClusterView, LinkView } from './view.ts';

/** Maximum number of client links that a view counts one by one: 64 clients with three servers, in both directions. */
export const MAX_CLIENT_LINKS = 384;

/** Messages that are counted, but not in the view yet. */
export interface MessageTally {
  add(event: MessageTraceEvent): void;
  /** Returns the view with all counted messages in its counts and links, and empties the tally. */
  putInto(view: ClusterView): ClusterView;
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

/**
 * Returns an empty tally for one batch. The tally copies the links of the view once and then changes this copy in place, since
 * no other code holds it before the batch ends. Every batch needs a new tally.
 */
export function createMessageTally(): MessageTally {
  const counted = new Map<LinkId, { sent: number; delivered: number; dropped: number }>();
  let copy: Record<string, LinkView> = {};
  let clientLinks = 0;

  /** The link that counts messages of this one. */
  const nameOf = (id: LinkId, servers: ClusterView['servers']): LinkId => {
    if (copy[id] !== undefined || isBetweenServers(id, servers)) return id;
    if (clientLinks >= MAX_CLIENT_LINKS) return togetherOf(id, servers);
    clientLinks += 1;
    return id;
  };

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
      if (copy !== view.links) {
        copy = { ...view.links };
        clientLinks = Object.keys(copy).filter((id) => !isBetweenServers(id, view.servers)).length;
      }
      let { messages, dropped } = view.counts;
      for (const [link, more] of counted) {
        const id = nameOf(link, view.servers);
        const known = copy[id] ?? blankLink(id);
        messages += more.sent;
        dropped += more.dropped;
        copy[id] = {
          ...known,
          sent: known.sent + more.sent,
          delivered: known.delivered + more.delivered,
          dropped: known.dropped + more.dropped,
        };
      }
      counted.clear();
      return { ...view, links: copy, counts: { ...view.counts, messages, dropped } };
    },
  };
}

function isBetweenServers(id: string, servers: ClusterView['servers']): boolean {
  const { from, to } = endsOf(id);
  return servers[from] !== undefined && servers[to] !== undefined;
}

/** The link that counts all further clients to or from the same server. */
function togetherOf(id: LinkId, servers: ClusterView['servers']): LinkId {
  const { from, to } = endsOf(id);
  return servers[to] !== undefined ? linkOf(ALL_CLIENTS, to) : linkOf(from, ALL_CLIENTS);
}
