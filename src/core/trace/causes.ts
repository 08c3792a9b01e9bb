/**
 * `causesOf`: the direct causes of an event, such as the message that it answers, the votes that made a leader, or the signal that
 * ended a process. One table has a row for each kind of event. A row searches the past and never guesses: a cause that is not
 * recorded is left out. Flow: events → `pastOf` → here → story, *why?* and the space-time diagram.
 */
import { endsOf, type Rpc, type ServerId, type WireEntry } from '../vocabulary/index.ts';
import { byServer, messageInto, type Past, sentBy } from './causes-past.ts';
import type { Named, TraceEvent } from './events.ts';
import { keyAfter } from './order.ts';

type Found = TraceEvent | null | readonly TraceEvent[];
type Causes = { readonly [Name in TraceEvent['event']]?: (event: Named<Name>, past: Past) => readonly Found[] };

/**
 * The direct causes of this event, oldest first, each once.
 *
 * @param past  the events before it; a wider past finds more causes and never other ones
 */
export function causesOf(event: TraceEvent, past: Past): readonly TraceEvent[] {
  const find = CAUSES[event.event] as ((event: TraceEvent, past: Past) => readonly Found[]) | undefined;
  if (find === undefined) return [];
  const found = find(event, past).flatMap((one) => one ?? []);
  return [...new Set(found)].sort((a, b) => a.timeUs - b.timeUs || a.seq - b.seq);
}

/** Maximum number of proposed entries whose clients are searched. A turn under full load proposes hundreds. */
const ENTRIES = 8;

/** Name of the event that begins a campaign of this kind. */
const standing = (preVote: boolean) => (preVote ? ('PreVoteStarted' as const) : ('ElectionStarted' as const));

/** The term that a campaign asks for. A pre-vote asks for the term after the current one (rule P1). */
const askedTerm = ({ term, preVote }: { readonly term: number; readonly preVote: boolean }) => term + (preVote ? 1 : 0);

const CAUSES: Causes = {
  // A server's life.
  ServerSpawned: (event, past) => [
    past.newest(event, ['ServerExited'], (one) => one.server === event.server && one.ofLife < event.ofLife),
  ],
  ServerReady: (event, past) => [past.newest(keyAfter(event.timeUs), ['ServerSpawned'], sameLife(event))],
  TicksBegan: (event, past) => [past.newest(event, ['ServerReady'], lifeOf(event))],
  StateRestored: (event, past) => [
    spawnOf(event, past),
    past.newest(event, ['DiskObserved'], (one) => one.server === event.source && one.ofLife < event.life),
  ],
  TornTailCut: (event, past) => [spawnOf(event, past)],
  ServerFrozen: (event, past) => [
    past.newest(event, ['SignalOrdered'], (one) => sameLife(event)(one) && one.signal === 'SIGSTOP'),
  ],
  ServerResumed: (event, past) => [
    past.newest(event, ['SignalOrdered'], (one) => sameLife(event)(one) && one.signal === 'SIGCONT'),
  ],
  ServerExited: (event, past) => [
    past.newest(event, ['SignalOrdered'], (one) => sameLife(event)(one) && one.signal === (event.signal ?? 'SIGTERM')),
  ],
  DiskObserved: (event, past) => [past.newest(event, ['ServerExited'], sameLife(event))],

  // Elections.
  ElectionTimerReset: (event, past) => {
    if (event.reason === 'heard-from-leader')
      return [messageInto(past, event, { rpc: 'AppendEntries', kind: 'request' })];
    if (event.reason === 'vote-granted') return [byServer(past, event, ['VoteGranted'], (one) => !one.preVote)];
    if (event.reason === 'election-started') return [byServer(past, event, ['ElectionStarted', 'PreVoteStarted'])];
    if (event.reason === 'stepped-down') return [byServer(past, event, ['SteppedDown'])];
    return [byServer(past, event, ['StateRestored']) ?? spawnOf(event, past)];
  },
  PreVoteStarted: (event, past) => [byServer(past, event, ['ElectionTimerReset'])],
  ElectionStarted: (event, past) => [
    event.reason === 'pre-vote-won'
      ? byServer(past, event, ['VoteCounted'], (one) => one.preVote && one.granted)
      : byServer(past, event, ['ElectionTimerReset']),
  ],
  TermAdvanced: (event, past) => [
    event.reason === 'election-started'
      ? byServer(past, event, ['ElectionTimerReset'])
      : messageInto(past, event, { fits: (sent) => sent.term === event.term }),
  ],
  VoteGranted: (event, past) => [voteRequest(event, past)],
  VoteDenied: (event, past) => [voteRequest(event, past)],
  VoteCounted: (event, past) => [
    event.voter === event.source
      ? byServer(past, event, [standing(event.preVote)], (one) => one.term === askedTerm(event))
      : messageInto(past, event, {
          from: event.voter,
          rpc: event.preVote ? 'PreVote' : 'RequestVote',
          kind: 'reply',
          fits: (sent) => sent.voteGranted === event.granted,
        }),
  ],
  LeaderElected: (event, past) =>
    event.voters.map((voter) =>
      byServer(
        past,
        event,
        ['VoteCounted'],
        (one) => one.voter === voter && one.granted && !one.preVote && one.term === event.term,
      ),
    ),
  SteppedDown: (event, past) => {
    if (event.reason === 'E5-higher-term')
      return [messageInto(past, event, { fits: (sent) => (sent.term ?? 0) > event.term })];
    if (event.reason === 'leader-of-this-term')
      return [
        messageInto(past, event, { rpc: 'AppendEntries', kind: 'request', fits: (sent) => sent.term === event.term }),
      ];
    if (event.reason === 'vote-granted')
      return [
        messageInto(past, event, { rpc: 'RequestVote', kind: 'request', fits: (sent) => sent.term === event.term }),
      ];
    return [byServer(past, event, ['ProgressChanged', 'LeaderElected'])];
  },
  LeaderRecognised: (event, past) => [
    messageInto(past, event, {
      from: event.leaderId,
      rpc: 'AppendEntries',
      kind: 'request',
      fits: (sent) => sent.term === event.term,
    }),
  ],
  ProposalRejected: (event, past) => [deliveryTo(event, past, 'Command') ?? deliveryTo(event, past, 'OpenSession')],
  LeadershipLost: (event, past) => [byServer(past, event, ['SteppedDown'])],

  // The log.
  EntriesProposed: (event, past) => {
    if (event.entries.every(({ type }) => type === 'noop')) return [byServer(past, event, ['LeaderElected'])];
    return event.entries.slice(0, ENTRIES).map((entry) => askedBy(entry, event, past));
  },
  EntriesAppended: (event, past) => [
    past.newest(
      event,
      ['EntriesProposed'],
      (one) =>
        one.source === event.source && one.term === event.term && one.first <= event.last && one.last >= event.first,
    ) ?? appendRequest(event, past, ({ first, last }) => (first ?? 1) <= event.last && (last ?? 0) >= event.first),
  ],
  EntriesTruncated: (event, past) => [
    appendRequest(event, past, ({ first, last }) => (first ?? 1) <= event.last && (last ?? 0) >= event.from),
  ],
  AppendRejected: (event, past) => [
    messageInto(past, event, {
      from: event.leaderId,
      rpc: 'AppendEntries',
      kind: 'request',
      fits: (sent) => sent.prevLogIndex === event.prevLogIndex,
    }),
  ],
  ProgressChanged: (event, past) => [
    messageInto(past, event, { from: event.peer, rpc: 'AppendEntries', kind: 'reply' }),
  ],
  CommitAdvanced: (event, past) =>
    event.reason === 'leader-commit'
      ? [appendRequest(event, past, ({ leaderCommit }) => (leaderCommit ?? 0) >= event.to)]
      : storedBehind(event, past, event.to),
  NotCommitted: (event, past) => storedBehind(event, past, event.index),
  EntriesApplied: (event, past) => [byServer(past, event, ['CommitAdvanced'], (one) => one.to >= event.first)],

  // Messages.
  MessageSent: (event, past) => sentBy(past, event),
  MessageDelivered: (event, past) => [past.sent(event.id)],
  MessageDropped: (event, past) => [
    event.id === '' ? null : past.sent(event.id),
    event.reason === 'cut' ? past.newest(event, ['LinkPolicyChanged'], (one) => one.link === event.link) : null,
    event.reason === 'receiver-gone'
      ? past.newest(event, ['ServerExited'], (one) => endsOf(event.link).to === one.server)
      : null,
  ],
  MessagesReceived: (event, past) => event.ids.map((id) => past.delivered(id) ?? past.sent(id)),
  LinkPolicyChanged: (event, past) => [past.newest(event, ['FaultOrdered', 'FaultEnded'], () => true)],

  // Clients.
  SessionOpened: (event, past) => [
    past.newest(event, ['EntriesApplied'], (one) => one.first <= event.session && one.last >= event.session),
  ],
  CommandSent: (event, past) => [
    past.newest(event, ['CommandRedirected', 'CommandInvoked'], (one) => one.operation === event.operation),
  ],
  CommandRedirected: (event, past) => [sentAttempt(event, past)],
  CommandDone: (event, past) => [
    past.newest(
      event,
      ['EntriesApplied'],
      (one) => one.source === event.server && one.first <= event.index && one.last >= event.index,
    ),
  ],
  CommandUnknown: (event, past) => [sentAttempt(event, past)],
  CommandRefused: (event, past) => [sentAttempt(event, past)],

  // The lab's actions.
  FaultBegan: (event, past) => [past.newest(event, ['FaultOrdered'], (one) => one.fault === event.fault)],
  FaultEnded: (event, past) => [past.newest(event, ['FaultBegan'], (one) => one.fault === event.fault)],
  StartAnswered: (event, past) => [past.newest(event, ['StartOrdered'], (one) => one.server === event.server)],
  NemesisActed: (event, past) => [past.newest(event, ['NemesisPlanned'], (one) => one.act === event.act)],
  NemesisUndone: (event, past) => [past.newest(event, ['NemesisActed'], (one) => one.act === event.act)],
};

interface OfLife {
  readonly server: ServerId;
  readonly ofLife: number;
}

function sameLife(event: OfLife): (one: OfLife) => boolean {
  return ({ server, ofLife }) => server === event.server && ofLife === event.ofLife;
}

/** Selects the lab's events about the life of the server that reported `event`. */
function lifeOf(event: TraceEvent): (one: OfLife) => boolean {
  return ({ server, ofLife }) => server === event.source && ofLife === event.life;
}

/** The spawn of the life that reported `event`. Life and server identify it, so it may have the same time. */
function spawnOf(event: TraceEvent, past: Past): Found {
  return past.newest(keyAfter(event.timeUs), ['ServerSpawned'], lifeOf(event));
}

function voteRequest(event: Named<'VoteGranted'> | Named<'VoteDenied'>, past: Past): Found {
  return messageInto(past, event, {
    from: event.candidate,
    rpc: event.preVote ? 'PreVote' : 'RequestVote',
    kind: 'request',
  });
}

function appendRequest(event: TraceEvent, past: Past, fits: (sent: Named<'MessageSent'>) => boolean): Found {
  return messageInto(past, event, { rpc: 'AppendEntries', kind: 'request', fits });
}

/** Proof that servers store an index: the leader's own append, and the newest progress of each follower that holds the index. */
function storedBehind(
  event: Named<'CommitAdvanced'> | Named<'NotCommitted'>,
  past: Past,
  index: number,
): readonly Found[] {
  const peers = new Map<ServerId, TraceEvent>();
  past.each(event, ['ProgressChanged'], (one) => {
    const isOfThisTerm = one.source === event.source && one.term === event.term;
    if (isOfThisTerm && one.matchIndex >= index && !peers.has(one.peer)) peers.set(one.peer, one);
    return isOfThisTerm || one.source !== event.source;
  });
  const own =
    byServer(past, event, ['EntriesAppended'], (one) => one.last >= index) ??
    byServer(past, event, ['StateRestored'], (one) => one.lastIndex >= index);
  return [own, ...peers.values()];
}

/** The attempt that brought this entry to its leader: a client's, or a `Start()` of the lab. */
function askedBy(entry: WireEntry, event: Named<'EntriesProposed'>, past: Past): Found {
  if (entry.type === 'noop') return null;
  if (entry.type === 'session') return deliveryTo(event, past, 'OpenSession');
  if (entry.session === null) return past.newest(event, ['StartOrdered'], (one) => one.server === event.source);
  const invoked = past.newest(
    event,
    ['CommandInvoked'],
    (one) => one.session === entry.session && one.sequence === entry.sequence,
  );
  if (invoked === null) return deliveryTo(event, past, 'Command');
  const sent = ({ operation, to }: Named<'CommandSent'>) => operation === invoked.operation && to === event.source;
  return past.newest(event, ['CommandSent'], sent) ?? invoked;
}

function deliveryTo(event: TraceEvent, past: Past, rpc: Rpc): Found {
  return past.newest(
    event,
    ['MessageDelivered'],
    (one) => one.rpc === rpc && one.kind === 'request' && endsOf(one.link).to === event.source,
  );
}

function sentAttempt(
  event: Named<'CommandRedirected'> | Named<'CommandUnknown'> | Named<'CommandRefused'>,
  past: Past,
): Found {
  return past.newest(event, ['CommandSent'], (one) => one.operation === event.operation);
}
