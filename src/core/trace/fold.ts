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
import { createMessageTally, foldNetwork, isLinkMessage } from './fold-network.ts';
import { foldServer } from './fold-server.ts';
import { isLookDue, withHealth } from './health.ts';
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
  return counted(view, concluded(view, foldFacts(view, event, beginDraft()), event), [event]);
}

/**
 * The same as folding these events one after the other, made cheap for many: links, entries and counts are copied once,
 * not with every event. What is concluded from an event reads neither a counter nor the entries before it.
 */
export function foldMany(view: ClusterView, events: readonly TraceEvent[]): ClusterView {
  const tally = createMessageTally();
  const draft = beginDraft();
  let next = view;
  for (const event of events) {
    if (isLinkMessage(event)) {
      tally.add(event);
      if (isLookDue(next, event)) next = tally.putInto(next);
      next = concluded(next, next, event);
      continue;
    }
    // Only these touch links and counted messages otherwise, and a new run begins with new ones.
    if (isLabEvent(event) || isNetworkEvent(event) || isLookDue(next, event)) next = tally.putInto(next);
    next = concluded(next, foldFacts(next, event, draft), event);
  }
  return counted(view, tally.putInto(next), events);
}

/** What follows from the facts: who leads, what is under way, what a person should read. */
function concluded(view: ClusterView, facts: ClusterView, event: TraceEvent): ClusterView {
  const next = withHealth(watched(view, withLeader(view, facts, event.timeUs), event), event);
  const tryThis = tried(view, next, event);
  const caption = captioned(view, next, event);
  return tryThis === next.tryThis && caption === next.caption ? next : { ...next, tryThis, caption };
}

/** `next`, which these events made of `view`, with how far the trace has come. */
function counted(view: ClusterView, next: ClusterView, events: readonly TraceEvent[]): ClusterView {
  const last = events.at(-1);
  if (last === undefined) return view;
  const timeUs = events.reduce((latest, event) => Math.max(latest, event.timeUs), view.timeUs);
  return { ...next, timeUs, seq: last.seq, counts: { ...next.counts, events: view.counts.events + events.length } };
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
