/**
 * fold(view, event): how a trace becomes a picture. The lab folds, live and past alike; screens never do. Pure,
 * and cheap: what an event does not touch is the same object afterwards.
 */
import { captioned } from './captions.ts';
import { isClientEvent, isLabEvent, isNetworkEvent, isServerEvent } from './event-kinds.ts';
import type { TraceEvent } from './events.ts';
import { foldClient } from './fold-client.ts';
import { beginDraft, type EntriesDraft, foldCluster, withLeader } from './fold-entries.ts';
import { foldLab } from './fold-lab.ts';
import { countMessage, createLinkTally, foldNetwork, isLinkMessage } from './fold-network.ts';
import { foldServer } from './fold-server.ts';
import { tried } from './try-this.ts';
import type { ClusterView } from './view.ts';
import { watched } from './watch.ts';

/**
 * The view after one more event. Events of one source must come in that source's order; across sources any order
 * gives the same facts about each server. An event of an unknown name is counted and changes nothing else.
 *
 * @source architecture.md, "The trace"
 */
export function fold(view: ClusterView, event: TraceEvent): ClusterView {
  return concluded(view, foldFacts(view, event, beginDraft()), event);
}

/**
 * The same as folding these events one after the other, made cheap for many: links and entries are copied once, not
 * with every event. What is concluded from an event reads neither a link's counters nor the entries before it.
 */
export function foldMany(view: ClusterView, events: readonly TraceEvent[]): ClusterView {
  const tally = createLinkTally();
  const draft = beginDraft();
  let next = view;
  for (const event of events) {
    if (isLinkMessage(event)) {
      tally.add(event);
      next = concluded(next, countMessage(next, event), event);
      continue;
    }
    // Only these touch links otherwise, and a new run begins with new ones.
    if (isLabEvent(event) || isNetworkEvent(event)) next = tally.putInto(next);
    next = concluded(next, foldFacts(next, event, draft), event);
  }
  return tally.putInto(next);
}

/** What follows from the facts: who leads, what is under way, what a person should read. */
function concluded(view: ClusterView, facts: ClusterView, event: TraceEvent): ClusterView {
  const told = withLeader(view, facts, event.timeUs);
  const next = watched(view, told, event);
  return {
    ...next,
    timeUs: Math.max(view.timeUs, event.timeUs),
    seq: event.seq,
    counts: { ...next.counts, events: view.counts.events + 1 },
    tryThis: tried(view, next, event),
    caption: captioned(view, next, event),
  };
}

function foldFacts(view: ClusterView, event: TraceEvent, draft: EntriesDraft): ClusterView {
  if (isNetworkEvent(event)) return foldNetwork(view, event);
  if (isServerEvent(event)) {
    const server = foldServer(view, event);
    const isSame = server === view.servers[event.source];
    const next = isSame ? view : { ...view, servers: { ...view.servers, [event.source]: server } };
    return foldCluster(next, event, draft);
  }
  if (isClientEvent(event)) return foldClient(view, event);
  return isLabEvent(event) ? foldLab(view, event) : view;
}
