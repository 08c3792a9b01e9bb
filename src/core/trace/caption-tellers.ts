/**
 * Functions that choose the caption of an event: its code and its parameters. core/catalogue/captions.ts lists the captions;
 * resources/words has their sentences.
 */
import {
  type CaptionContent,
  EVENT_NAMES,
  type EVENTS,
  type EventCaption,
  type EventName,
  eventRow,
} from '../catalogue/index.ts';
import { describeCommand, describeResult, type ServerId, type WireEntry } from '../vocabulary/index.ts';
import { arrowsListed, isTwoWay } from './arrows.ts';
import type { TraceEvent } from './events.ts';
import { entryKey } from './fold-entries.ts';
import { termAt } from './log-runs.ts';
import { aliveCount, holdersOf, holdsCommitted, leftoverOf, majorityOf, reachOf, serverCount } from './predicates.ts';
import { returnOf, secondsOf } from './story-chains.ts';
import type { ClusterView } from './view.ts';
import { isWaiting } from './watch.ts';

/** Maximum number of entries of one commit that are searched, newest first, for a command to name. */
const MAX_LOOKED_AT = 64;

/** Returns the caption of a fact that follows from several events; null when this event shows no such fact. */
export function watchSaid(before: ClusterView, next: ClusterView, event: TraceEvent): CaptionContent | null {
  if (!isWaiting(before) && !isWaiting(next)) return null;
  return stuckSaid(before, next) ?? caughtUpSaid(before, next, event) ?? leftoverSaid(before, next);
}

function stuckSaid(before: ClusterView, next: ClusterView): CaptionContent | null {
  const { stuck } = next.watch;
  if (stuck?.said && !before.watch.stuck?.said) {
    const { server, index } = stuck;
    const params = { server, index, have: holdersOf(next, stuck), needed: majorityOf(next) };
    return { code: 'minority-cannot-commit', params: { ...params, what: commandAt(next, stuck) } };
  }
  return null;
}

/** Reports a server that has caught up. A server that became the leader, or whose log is empty, is not reported. */
function caughtUpSaid(before: ClusterView, next: ClusterView, { timeUs }: TraceEvent): CaptionContent | null {
  if (before.watch.catchingUp === next.watch.catchingUp) return null;
  const back = Object.keys(before.watch.catchingUp)
    .filter((id) => next.watch.catchingUp[id] === undefined && id !== next.leader?.server)
    .map((id) => next.servers[id])
    .find((server) => server?.status === 'up' && server.lastIndex > 0);
  if (back === undefined) return null;
  const since = returnOf(before.story, back.id)?.timeUs ?? timeUs;
  const { id: server, lastIndex, leaderId } = back;
  const params = { server, many: 1, lastIndex, leader: leaderId ?? '', seconds: secondsOf(timeUs - since) };
  return { code: 'caught-up', params };
}

/** Reports a returning server that holds all committed entries and, behind them, entries that a deposed leader left there. */
function leftoverSaid(before: ClusterView, next: ClusterView): CaptionContent | null {
  const keeps = (view: ClusterView, id: ServerId): boolean => holdsCommitted(view, id) && leftoverOf(view, id) !== null;
  const id = Object.keys(next.watch.catchingUp).find((one) => keeps(next, one) && !keeps(before, one));
  const left = id === undefined ? null : leftoverOf(next, id);
  if (id === undefined || left === null) return null;
  return { code: 'entries-left-over', params: { server: id, ...left } };
}

/** Returns the caption of this event itself; null when it has none. */
export function eventSaid(before: ClusterView, next: ClusterView, event: TraceEvent): CaptionContent | null {
  // Half of all events are the network's reports about messages. None of its events has a caption.
  if (event.source === 'network') return null;
  const tell = TELLER_OF.get(event.event);
  return tell === undefined ? null : tell({ before, next, event });
}

/** The caption in the row of an event, filled from the event's fields. */
function repeated(caption: EventCaption, event: TraceEvent): CaptionContent {
  const fields: Readonly<Record<string, unknown>> = { server: event.source, ...event };
  const params = Object.fromEntries(Object.keys(caption.params).map((name) => [name, fields[name]]));
  return { code: caption.code, params } as CaptionContent;
}

interface Telling<Event> {
  readonly before: ClusterView;
  readonly next: ClusterView;
  readonly event: Event;
}
/** Events whose row names their caption; a teller would silently replace it. */
type Captioned = {
  [Name in EventName]: (typeof EVENTS)[Name] extends { readonly caption: unknown } ? Name : never;
}[EventName];
type Tellers = {
  readonly [Name in Exclude<EventName, Captioned>]?: (
    told: Telling<Extract<TraceEvent, { readonly event: Name }>>,
  ) => CaptionContent | null;
};

/** The teller of each event whose caption does not just repeat it. Frequent events (heartbeats, timers) have none. */
const TELLERS: Tellers = {
  RunStarted: ({ event }) => ({ code: 'servers-starting', params: { count: event.settings.servers.length } }),
  ServerSpawned: ({ before, next, event }) => {
    const others = Object.values(before.servers).some((one) => one.id !== event.server && one.status === 'up');
    if (others) return { code: 'server-starting', params: { server: event.server, many: 1 } };
    const count = Object.values(next.servers).filter((server) => server.status === 'starting').length;
    return { code: 'servers-starting', params: { count } };
  },
  ServerReady: ({ next, event }) => {
    const isLast = Object.values(next.servers).every((server) => server.status !== 'starting');
    if (isLast && next.leader === null) return { code: 'waiting-for-election', params: {} };
    return event.ofLife > 1 ? { code: 'server-ready', params: { server: event.server, many: 1 } } : null;
  },
  ServerExited: ({ event }) => exitSaid(event),
  StateRestored: ({ event }) => {
    if (event.life === 1) return null;
    const { source, term, votedFor, lastIndex } = event;
    return { code: 'restored', params: { server: source, term, votedFor: votedFor ?? '', lastIndex } };
  },
  PreVoteStarted: ({ before, next, event }) => standSaid({ before, next, event, code: 'pre-vote-started' }),
  ElectionStarted: ({ before, next, event }) => standSaid({ before, next, event, code: 'election-started' }),
  VoteDenied: ({ event }) => {
    if (event.reason !== 'E3-log-behind' && event.reason !== 'P5-leader-lease') return null;
    const { source, candidate, term, reason } = event;
    return { code: 'vote-denied', params: { server: source, many: 1, candidate, term, reason } };
  },
  LeaderElected: ({ next, event }) => {
    const { source, term, voters } = event;
    const counts = { votes: voters.length, needed: majorityOf(next), servers: serverCount(next) };
    return { code: 'leader-elected', params: { server: source, term, ...counts, voters: listed(voters) } };
  },
  SteppedDown: ({ event }) => {
    if (event.role !== 'leader') return null;
    const { source, term, reason } = event;
    return { code: 'stepped-down', params: { server: source, term, reason } };
  },
  EntriesTruncated: ({ next, event }) => {
    const { source, from, last, leaderTerm, conflictTerm } = event;
    const what = from === last ? commandAt(next, { index: last, term: conflictTerm }) : '';
    return { code: 'truncated', params: { server: source, many: 1, from, last, leaderTerm, conflictTerm, what } };
  },
  CommitAdvanced: ({ before, next, event }) => (event.reason === 'quorum' ? commitSaid(before, next, event) : null),
  NotCommitted: ({ event }) => {
    const { source, index, entryTerm, term } = event;
    return { code: 'not-committed-old-term', params: { server: source, index, entryTerm, term } };
  },
  CommandDone: ({ before, event }) => {
    const what = before.watch.commands[event.operation] ?? '';
    const result = describeResult(event.result);
    return { code: 'command-done', params: { what, index: event.index, result, times: 1 } };
  },
  CommandUnknown: ({ before, event }) => {
    return { code: 'command-unknown', params: { what: before.watch.commands[event.operation] ?? '', times: 1 } };
  },
  CommandRefused: ({ before, event }) => {
    const what = before.watch.commands[event.operation] ?? '';
    return { code: 'command-refused', params: { what, reason: event.reason, times: 1 } };
  },
  StartAnswered: ({ before, event }) => {
    // A scenario asks every server until it finds the leader, so these refusals are expected.
    if (before.scenario !== null && before.scenario.ended === null) return null;
    const { server, outcome, index, term, leaderId } = event;
    if (outcome === 'accepted')
      return { code: 'start-accepted', params: { server, index: index ?? 0, term: term ?? 0, times: 1 } };
    if (outcome !== 'not-leader') return null;
    return { code: 'start-not-leader', params: { server, leader: leaderId ?? '', times: 1 } };
  },
  FaultBegan: ({ event }) => {
    if (event.kind === 'cut') {
      return { code: 'cut', params: { servers: listed(event.servers), count: event.servers.length } };
    }
    if (event.kind === 'unreliable') return { code: 'unreliable', params: {} };
    if (event.kind === 'clients') return { code: 'clients-cut', params: { servers: listed(event.servers) } };
    if (event.kind === 'partition') {
      const groups = (event.groups ?? []).map(listed).join(' | ');
      return { code: 'partitioned', params: { groups } };
    }
    const { mode } = event.policy ?? { mode: 'shape' };
    const params = { links: arrowsListed(event.links) };
    if (mode === 'cut') return { code: isTwoWay(event.links) ? 'links-cut-both' : 'links-cut', params };
    return { code: mode === 'hold' ? 'links-held' : 'links-faulty', params };
  },
  FaultEnded: ({ before, event }) => {
    const fault = before.faults.find((one) => one.id === event.fault);
    if (fault === undefined) return null;
    if (fault.kind === 'unreliable') return { code: 'reliable', params: {} };
    if (fault.kind === 'partition') return { code: 'joined', params: {} };
    if (fault.kind === 'clients') return { code: 'clients-back', params: { servers: listed(fault.servers) } };
    return {
      code: 'healed',
      params: { servers: fault.kind === 'cut' ? listed(fault.servers) : arrowsListed(fault.links) },
    };
  },
  KeepAliveChanged: ({ event }) => ({ code: event.on ? 'keep-alive-on' : 'keep-alive-off', params: {} }),
  KeepAliveGaveUp: ({ event }) => {
    const { server, exits, withinMs } = event;
    return { code: 'keep-alive-gave-up', params: { server, exits, seconds: withinMs / 1000 } };
  },
  NemesisEnded: ({ before, event }) => ({
    code: event.recovered ? 'nemesis-recovered' : 'nemesis-not-recovered',
    params: { acts: before.nemesis?.acts ?? 0, seconds: Math.round(event.afterMs / 100) / 10 },
  }),
  NetworkExited: ({ event }) => networkExitSaid(event),
};

type Teller = (told: Telling<TraceEvent>) => CaptionContent | null;

/** The teller of each event with a caption. One lookup decides that most events have none. */
const TELLER_OF: ReadonlyMap<string, Teller> = new Map([
  ...EVENT_NAMES.flatMap((name): readonly [string, Teller][] => {
    const caption = eventRow(name)?.caption;
    return caption === undefined ? [] : [[name, ({ event }) => repeated(caption, event)]];
  }),
  ...(Object.entries(TELLERS) as [string, Teller][]),
]);

type Exited = Extract<TraceEvent, { readonly event: 'ServerExited' }>;

/** A network process that ended by itself left a message; a killed one could not. */
function networkExitSaid({
  cause,
  signal,
  code,
  message = '',
}: Extract<TraceEvent, { readonly event: 'NetworkExited' }>): CaptionContent | null {
  if (cause === 'ordered') return null;
  if (signal !== null || message === '') return { code: 'network-died', params: {} };
  return { code: 'network-failed', params: { code: code ?? '', message } };
}

function exitSaid({ server, signal, pid, code, cause, message }: Exited): CaptionContent {
  if (signal === null && code !== 0) return { code: 'server-failed', params: { server, code: code ?? '', message } };
  if (cause === 'not-ordered' && signal !== null) return { code: 'server-died', params: { server, signal, pid } };
  if (signal === 'SIGKILL') return { code: 'server-killed', params: { server, signal, pid } };
  return { code: 'server-stopped', params: { server } };
}

type Standing = Extract<TraceEvent, { readonly event: 'PreVoteStarted' | 'ElectionStarted' }>;

/** A server stands for election. Without a majority, only its first attempt is reported, or `no-leader` if too few are up. */
function standSaid(
  told: Telling<Standing> & { readonly code: 'pre-vote-started' | 'election-started' },
): CaptionContent | null {
  const { before, next, event, code } = told;
  const { source: server } = event;
  const needed = majorityOf(next);
  if (reachOf(next, server) < needed) {
    const alive = aliveCount(next);
    if (next.leader === null && alive < needed) return { code: 'no-leader', params: { alive, needed } };
    const stood = before.servers[event.source]?.role;
    if (stood === 'candidate' || stood === 'pre-candidate') return null;
  }
  const split = splitTerm(before, event);
  if (split !== null) return { code: 'split-vote', params: { term: split, server, many: 1, next: event.term } };
  const silentMs = Math.round(event.silentTicks * next.tickMs);
  return { code, params: { server, many: 1, term: event.term, silentMs } };
}

/**
 * The term in which this candidate and another one split the vote; null when there was no rival. A server reports its next term before
 * it reports that it stands, so its view may have that term already.
 */
function splitTerm(before: ClusterView, event: Standing): number | null {
  const mine = before.servers[event.source];
  if (mine?.role !== 'candidate') return null;
  const term = event.term - 1;
  const rival = Object.values(before.servers).some(
    (other) => other.id !== mine.id && other.role === 'candidate' && other.term === term,
  );
  return rival ? term : null;
}

type Committed = Extract<TraceEvent, { readonly event: 'CommitAdvanced' }>;

/** A new leader counts entries again that an earlier one has committed; these are not reported twice. */
function commitSaid(before: ClusterView, next: ClusterView, event: Committed): CaptionContent | null {
  const times = event.to - Math.max(event.from, before.commitIndex);
  if (times <= 0) return null;
  const log = next.servers[event.source]?.log ?? [];
  let entry: WireEntry | null = null;
  for (let index = event.to; index > Math.max(event.from, event.to - MAX_LOOKED_AT); index -= 1) {
    const found = next.entries[entryKey(index, termAt(log, index) ?? 0)]?.entry;
    entry ??= found ?? null;
    if (found?.type === 'command') {
      entry = found;
      break;
    }
  }
  if (entry === null) return null;
  const what = entry.type === 'command' ? describeCommand(entry.command) : '';
  const count = Math.max(holdersOf(next, entry), majorityOf(next));
  return { code: 'committed', params: { index: entry.index, count, servers: serverCount(next), what, times } };
}

/** Text of the command in this entry; empty for another entry, and for one whose content is not known. */
function commandAt(view: ClusterView, { index, term }: { readonly index: number; readonly term: number }): string {
  const entry = view.entries[entryKey(index, term)]?.entry;
  return entry?.type === 'command' ? describeCommand(entry.command) : '';
}

function listed(ids: readonly string[]): string {
  return ids.join(', ');
}
