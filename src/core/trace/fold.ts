/**
 * `fold(view, event)` turns a trace into a view of the cluster. The lab folds live runs and recordings; screens never fold. The
 * fold is pure. Parts of the view that an event does not change stay the same objects.
 */
import { eventSaid, watchSaid } from './caption-tellers.ts';
import {
  isClientEvent,
  isLabEvent,
  isLinkMessage,
  isNetworkEvent,
  isServerEvent,
  type MessageTraceEvent,
  tellerOf,
} from './event-kinds.ts';
import type { TraceEvent } from './events.ts';
import { foldClient } from './fold-client.ts';
import { beginDraft, type EntriesDraft, foldCluster, withLeader } from './fold-entries.ts';
import { foldLab } from './fold-lab.ts';
import { createMessageTally, foldNetwork } from './fold-network.ts';
import { foldServer } from './fold-server.ts';
import { isLookDue, withHealth } from './health.ts';
import { told } from './story.ts';
import { remember } from './story-causes.ts';
import { withTried } from './try-this.ts';
import type { ClusterView } from './view.ts';
import { isWaiting, watched } from './watch.ts';

/**
 * The view after one more event. Events of one source must come in that source's order. Any order across sources gives the same
 * facts about each server. An event with an unknown name is counted and changes nothing else.
 *
 * @source docs/trace-format.md, "A line"
 */
export function fold(view: ClusterView, event: TraceEvent): ClusterView {
  const next = concluded(view, foldFacts(view, event, beginDraft()), event);
  return counted(next, { timeUs: Math.max(view.timeUs, event.timeUs), seq: event.seq, count: 1 });
}

/** Folds a batch of events, added one at a time, into one view. */
export interface Folding {
  /** @throws when the event does not fit the view; the batch is unusable after that */
  add(event: TraceEvent): void;
  /** Returns the view with all added events, and ends the batch. */
  end(): ClusterView;
}

/**
 * Gives the same view as folding the events one by one, but copies links, entries and counts only once. This is safe because the
 * facts derived from an event depend neither on counters nor on earlier contents of entries.
 */
export function foldMany(view: ClusterView, events: readonly TraceEvent[]): ClusterView {
  const folding = beginFolding(view);
  for (const event of events) folding.add(event);
  return folding.end();
}

/** Begins a batch to which events are added one at a time. */
export function beginFolding(view: ClusterView): Folding {
  const tally = createMessageTally();
  const draft = beginDraft();
  let next = view;
  let last: TraceEvent | null = null;
  let timeUs = view.timeUs;
  let count = 0;
  return {
    add: (event) => {
      const isLook = isLookDue(next, event);
      if (isLinkMessage(event)) {
        tally.add(event);
        if (isLook) next = tally.putInto(next);
        if (isLook || isWaiting(next)) next = concluded(next, next, event);
      } else {
        // Only a check for silence and these events read or change links and message counts outside the tally.
        const teller = tellerOf(event);
        if (isLook || teller === 'lab' || teller === 'network') next = tally.putInto(next);
        next = concluded(next, foldFacts(next, event, draft), event);
      }
      last = event;
      timeUs = Math.max(timeUs, event.timeUs);
      count += 1;
    },
    end: () => (last === null ? view : counted(tally.putInto(next), { timeUs, seq: last.seq, count })),
  };
}

/** The view with these messages in its counts and links. No facts are derived from them. */
export function withMessages(view: ClusterView, messages: readonly MessageTraceEvent[]): ClusterView {
  const tally = createMessageTally();
  for (const message of messages) tally.add(message);
  return counted(tally.putInto(view), { timeUs: view.timeUs, seq: view.seq, count: messages.length });
}

/** Facts derived from the others: the leader, the commands in progress, the story. */
function concluded(view: ClusterView, facts: ClusterView, event: TraceEvent): ClusterView {
  const led = withLeader(view, facts, event.timeUs);
  const own = eventSaid(view, led, event);
  const next = withTried(view, withHealth(watched(view, led, event, own === null), event), event);
  const content = own ?? watchSaid(view, next, event);
  const remembered = remember(view.remembered, event);
  if (content === null) return remembered === next.remembered ? next : { ...next, remembered };
  return { ...next, remembered, story: told(view, content, event, own !== null) };
}

/** The view with its time, its seq and its event count brought up to date. */
function counted(
  view: ClusterView,
  { timeUs, seq, count }: { readonly timeUs: number; readonly seq: number; readonly count: number },
): ClusterView {
  return { ...view, timeUs, seq, counts: { ...view.counts, events: view.counts.events + count } };
}

function foldFacts(view: ClusterView, event: TraceEvent, draft: EntriesDraft): ClusterView {
  // The most frequent kind comes first: a batch counts messages elsewhere.
  if (isServerEvent(event)) {
    const server = foldServer(view, event);
    const isSame = server === view.servers[event.source];
    const next = isSame ? view : { ...view, servers: { ...view.servers, [event.source]: server } };
    return foldCluster(next, event, draft);
  }
  if (isClientEvent(event)) return foldClient(view, event);
  if (isNetworkEvent(event)) return foldNetwork(view, event);
  return isLabEvent(event) ? foldLab(view, event) : view;
}
