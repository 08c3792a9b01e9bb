/**
 * The one order in which a Ready is carried out. The server program and the simulator execute exactly this list,
 * so the order that is proved is the order that ships.
 */
import type { RaftEvent } from './events.ts';
import type { Effect, Ready } from './ready.ts';

/**
 * A Ready as a list of things to do, in order:
 *
 * 1. emit every event up to the last `EntriesProposed`. An entry's content must be in the trace before the entry
 *    is on the wire. None of these events claims durability that is not there: they belong to a leader (or to the
 *    election it just won with a vote that was already on disk), and no server becomes leader between two writes.
 * 2. send: a leader's AppendEntries travel while its own disk works (§10.2.1).
 * 3. persist: the one write.
 * 4. emit the rest. They may say "voted", "appended", which is true only from here on.
 * 5. send what the write allows: votes, acknowledgements, vote requests (rule E1).
 * 6. apply, then reply: what was applied is answered before `leadership-lost` makes the rest unknown.
 *
 * Without a write everything is already true, so all events come first.
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

/** How many events there are up to and including the last `EntriesProposed`. */
function endOfProposals(events: readonly RaftEvent[]): number {
  return events.findLastIndex((event) => event.event === 'EntriesProposed') + 1;
}
