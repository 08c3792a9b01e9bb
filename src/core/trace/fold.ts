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
import { createMessageTally, foldNetwork, isLinkMessage, type MessageTraceEvent } from './fold-network.ts';
import { foldServer } from './fold-server.ts';
import { isLookDue, withHealth } from './health.ts';
import { tried } from './try-this.ts';
import type { ClusterView } from './view.ts';
import { watched } from './watch.ts';

/**
 * The view after one more event. Events of one source must come in that source's order; across sources any order
 * gives the same facts about each server. An event of an unknown name is counted and changes nothing else.
 *
 * @source docs/trace-format.md, "A line"
 */
export function fold(view: ClusterView, event: TraceEvent): ClusterView {
  const next = concluded(view, foldFacts(view, event, beginDraft()), event);
  return counted(next, { timeUs: Math.max(view.timeUs, event.timeUs), seq: event.seq, count: 1 });
}

/** Events that are folded into one view, a few at a time. */
export interface Folding {
  /** @throws when the event does not fit; nothing may be added or asked for after that */
  add(event: TraceEvent): void;
  /** The view with everything added so far. Nothing may be added after that. */
  end(): ClusterView;
}

/**
 * The same as folding these events one after the other, made cheap for many: links, entries and counts are copied once,
 * not with every event. What is concluded from an event reads neither a counter nor the entries before it.
 */
export function foldMany(view: ClusterView, events: readonly TraceEvent[]): ClusterView {
  const folding = beginFolding(view);
  for (const event of events) folding.add(event);
  return folding.end();
}

/** The same for who adds events one at a time. */
export function beginFolding(view: ClusterView): Folding {
  const tally = createMessageTally();
  const draft = beginDraft();
  let next = view;
  let last: TraceEvent | null = null;
  let timeUs = view.timeUs;
  let count = 0;
  return {
    add: (event) => {
      if (isLinkMessage(event)) {
        tally.add(event);
        if (isLookDue(next, event)) next = tally.putInto(next);
        next = concluded(next, next, event);
      } else {
        // Only these touch links and counted messages otherwise, and a new run begins with new ones.
        if (isLabEvent(event) || isNetworkEvent(event) || isLookDue(next, event)) next = tally.putInto(next);
        next = concluded(next, foldFacts(next, event, draft), event);
      }
      last = event;
      timeUs = Math.max(timeUs, event.timeUs);
      count += 1;
    },
    end: () => (last === null ? view : counted(tally.putInto(next), { timeUs, seq: last.seq, count })),
  };
}

/** The view with these messages in its counts and its links, and nothing concluded from them. */
export function withMessages(view: ClusterView, messages: readonly MessageTraceEvent[]): ClusterView {
  const tally = createMessageTally();
  for (const message of messages) tally.add(message);
  return counted(tally.putInto(view), { timeUs: view.timeUs, seq: view.seq, count: messages.length });
}

/** Facts derived from the others: the leader, the commands in progress, the captions. */
function concluded(view: ClusterView, facts: ClusterView, event: TraceEvent): ClusterView {
  const next = withHealth(watched(view, withLeader(view, facts, event.timeUs), event), event);
  const tryThis = tried(view, next, event);
  const caption = captioned(view, next, event);
  return tryThis === next.tryThis && caption === next.caption ? next : { ...next, tryThis, caption };
}

/** The view with how far the trace has come. */
function counted(
  view: ClusterView,
  { timeUs, seq, count }: { readonly timeUs: number; readonly seq: number; readonly count: number },
): ClusterView {
  return { ...view, timeUs, seq, counts: { ...view.counts, events: view.counts.events + count } };
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
