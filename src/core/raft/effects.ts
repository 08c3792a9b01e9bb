/**
 * The order in which a Ready is carried out. The server program and the simulator execute exactly this list, so the
 * order that the simulations test is the order that the product uses.
 */
import type { RaftEvent } from './events.ts';
import type { Effect, Ready } from './ready.ts';

/**
 * Returns a Ready as a list of effects, in order:
 *
 * 1. emit every event up to the last `EntriesProposed`. The trace must contain an entry before the entry is sent. None
 *    of these events claims that something is on disk before it is: they belong to a leader, or to an election won with
 *    a vote that was already on disk, and no server becomes leader during a write.
 * 2. send: a leader's AppendEntries travel while its own disk works (§10.2.1).
 * 3. persist: the only write.
 * 4. emit the remaining events. They may report "voted" or "appended", which is true only after the write.
 * 5. send the messages that must wait for the write: votes, acknowledgements, vote requests (rule E1).
 * 6. apply, then reply: commands that were applied are answered before `leadership-lost` makes the others unknown.
 *
 * When there is nothing to write, all events come first, because each is already true.
 */
export function effects(ready: Ready): readonly Effect[] {
  const list: Effect[] = [];
  const early = ready.persist === null ? ready.events.length : endOfProposals(ready.events);
  if (early > 0) {
    list.push({ type: 'emit', events: ready.events.slice(0, early) });
  }
  if (ready.send.length > 0) {
    list.push({ type: 'send', messages: ready.send });
  }
  if (ready.persist !== null) {
    list.push({ type: 'persist', persist: ready.persist });
  }
  if (early < ready.events.length) {
    list.push({ type: 'emit', events: ready.events.slice(early) });
  }
  if (ready.sendAfterPersist.length > 0) {
    list.push({ type: 'send', messages: ready.sendAfterPersist });
  }
  if (ready.apply.length > 0) {
    list.push({ type: 'apply', entries: ready.apply });
  }
  if (ready.replies.length > 0) {
    list.push({ type: 'reply', replies: ready.replies });
  }
  return list;
}

/** Returns the number of events up to and including the last `EntriesProposed`. */
function endOfProposals(events: readonly RaftEvent[]): number {
  return events.findLastIndex((event) => event.event === 'EntriesProposed') + 1;
}
