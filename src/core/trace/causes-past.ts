/**
 * The past: the events before another event, indexed for the questions of causes.ts. It finds the newest event of a name, the
 * network's reports about a message, and the message that made a server take a step. Flow: events → `pastOf` → causes.ts.
 */
import { endsOf, type Rpc } from '../vocabulary/index.ts';
import type { Named, TraceEvent } from './events.ts';
import { compareEvents, type EventKey, keyAfter } from './order.ts';

type Sent = Named<'MessageSent'>;

/** Events, to be searched from any event backwards. */
export interface Past {
  /** Newest event of these names before `event` that fits; null when no event fits. */
  newest<Name extends TraceEvent['event']>(
    event: EventKey,
    names: readonly Name[],
    fits: (one: Named<Name>) => boolean,
  ): Named<Name> | null;
  /** Visits the events of these names before `event`, newest first, until `visit` returns false. */
  each<Name extends TraceEvent['event']>(
    event: EventKey,
    names: readonly Name[],
    visit: (one: Named<Name>) => boolean,
  ): void;
  /** The network's report that this message was sent or delivered; null when the past does not hold it. */
  sent(id: string): Sent | null;
  delivered(id: string): Named<'MessageDelivered'> | null;
  /** The events with these positions in the file. */
  withSeq(seqs: ReadonlySet<number>): readonly TraceEvent[];
}

/**
 * Indexes these events.
 *
 * @param events  in any order; a search from one event ignores those after it
 */
export function pastOf(events: readonly TraceEvent[]): Past {
  const byName = new Map<string, TraceEvent[]>();
  const sent = new Map<string, Sent>();
  const delivered = new Map<string, Named<'MessageDelivered'>>();
  for (const event of [...events].sort(compareEvents)) {
    const list = byName.get(event.event);
    if (list === undefined) byName.set(event.event, [event]);
    else list.push(event);
    if (event.event === 'MessageSent') sent.set(event.id, event);
    if (event.event === 'MessageDelivered') delivered.set(event.id, event);
  }
  const each: Past['each'] = (event, names, visit) => {
    const lists = names.map((name) => byName.get(name) ?? []);
    const ends = lists.map((list) => countBefore(list, event));
    for (;;) {
      const at = newestOf(lists, ends);
      if (at < 0) return;
      ends[at] = (ends[at] as number) - 1;
      if (!visit(lists[at]?.[ends[at] as number] as never)) return;
    }
  };
  return {
    each,
    newest: (event, names, fits) => {
      let found: Named<(typeof names)[number]> | null = null;
      each(event, names, (one) => {
        if (fits(one)) found = one;
        return found === null;
      });
      return found;
    },
    sent: (id) => sent.get(id) ?? null,
    delivered: (id) => delivered.get(id) ?? null,
    withSeq: (seqs) => events.filter(({ seq }) => seqs.has(seq)),
  };
}

/** Position of the list with the newest event before its end; -1 when no list has one. */
function newestOf(lists: readonly (readonly TraceEvent[])[], ends: readonly number[]): number {
  let best = -1;
  let newest: TraceEvent | undefined;
  for (const [at, list] of lists.entries()) {
    const one = list[(ends[at] as number) - 1];
    if (one === undefined || (newest !== undefined && compareEvents(one, newest) < 0)) continue;
    [best, newest] = [at, one];
  }
  return best;
}

/** Number of events of an ordered list that come before this one. */
function countBefore(list: readonly TraceEvent[], event: EventKey): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareEvents(list[middle] as TraceEvent, event) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The newest event of these names that the same life of the same server reported before `event`; null when no event fits. */
export function byServer<Name extends TraceEvent['event']>(
  past: Past,
  event: TraceEvent,
  names: readonly Name[],
  fits: (one: Named<Name>) => boolean = () => true,
): Named<Name> | null {
  return past.newest(event, names, (one) => one.source === event.source && one.life === event.life && fits(one));
}

/** The properties of a message that is sought. An absent property fits every message. */
export interface MessageSought {
  readonly from?: string;
  readonly rpc?: Rpc;
  readonly kind?: 'request' | 'reply';
  readonly fits?: (sent: Sent) => boolean;
}

/** Maximum number of batches of messages that are searched. A step follows within a few turns from the message it answers. */
const BATCHES = 64;

/**
 * The newest fitting message that the server read before `event`, as its delivery; as its sending when the delivery is not in
 * the past. A simulated run has no `MessagesReceived`, so its deliveries are searched instead.
 */
export function messageInto(past: Past, event: TraceEvent, sought: MessageSought): TraceEvent | null {
  let found: TraceEvent | null = null;
  let batches = 0;
  const look = (id: string): void => {
    const sent = past.sent(id);
    if (found === null && sent !== null && isSought(sent, sought)) found = past.delivered(id) ?? sent;
  };
  past.each(event, ['MessagesReceived'], (batch) => {
    if (batch.source !== event.source || batch.life !== event.life) return true;
    batches += 1;
    for (const id of [...batch.ids].reverse()) look(id);
    return found === null && batches < BATCHES;
  });
  return batches > 0 ? found : newestDelivery(past, event, sought);
}

/** A simulated server takes its step at the moment of the delivery, so the order of arrival decides within that moment. */
function newestDelivery(past: Past, event: TraceEvent, sought: MessageSought): TraceEvent | null {
  let left = BATCHES;
  return past.newest(keyAfter(event.timeUs), ['MessageDelivered'], (one) => {
    if (left === 0 || endsOf(one.link).to !== event.source) return false;
    if (one.timeUs === event.timeUs && one.seq > event.seq) return false;
    left -= 1;
    const sent = past.sent(one.id);
    return sent !== null && isSought(sent, sought);
  });
}

function isSought(sent: Sent, { from, rpc, kind, fits }: MessageSought): boolean {
  if (from !== undefined && endsOf(sent.link).from !== from) return false;
  if ((rpc !== undefined && sent.rpc !== rpc) || (kind !== undefined && sent.kind !== kind)) return false;
  return fits === undefined || fits(sent);
}

/** The event for which the sender sent this message. A heartbeat follows from the election of its leader. */
export function sentBy(past: Past, event: Sent): readonly (TraceEvent | null)[] {
  const { from } = endsOf(event.link);
  const own = <Name extends TraceEvent['event']>(names: readonly Name[], fits: (one: Named<Name>) => boolean) =>
    past.newest(event, names, (one) => one.source === from && fits(one));
  if (event.kind === 'request') {
    if (event.rpc === 'PreVote') return [own(['PreVoteStarted'], () => true)];
    if (event.rpc === 'RequestVote') return [own(['ElectionStarted'], ({ term }) => term === event.term)];
    if (event.rpc === 'Command') return [own(['CommandSent'], () => true)];
    if (event.rpc === 'OpenSession') return [];
    const { first } = event;
    const elected = () => own(['LeaderElected'], ({ term }) => term === event.term);
    if (first === undefined) return [elected()];
    return [own(['EntriesProposed'], (one) => one.first <= first && one.last >= first) ?? elected()];
  }
  if (event.rpc === 'AppendEntries') {
    return event.success === false
      ? [own(['AppendRejected'], () => true)]
      : [own(['EntriesAppended', 'LeaderRecognised'], ({ term }) => term === event.term)];
  }
  if (event.rpc === 'Command') return [own(['EntriesApplied', 'ProposalRejected'], () => true)];
  if (event.rpc === 'OpenSession') return [own(['EntriesApplied', 'ProposalRejected'], () => true)];
  return [own([event.voteGranted === true ? 'VoteGranted' : 'VoteDenied'], () => true)];
}
