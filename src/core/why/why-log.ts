/**
 * Reasons of log entries: written, stored, dropped, rejected, counted, committed, applied. A truncation shows the two entries that
 * contradict each other; a commit shows the disks. Source: rules L1 to L9, E1 and E8 of src/core/raft/SPEC.md.
 */
import { causesOf } from '../trace/causes.ts';
import { byServer } from '../trace/causes-past.ts';
import type { Named, TraceEvent } from '../trace/events.ts';
import { entryKey } from '../trace/fold-entries.ts';
import { termAt } from '../trace/log-runs.ts';
import { leftoverOf } from '../trace/predicates.ts';
import type { ServerId } from '../vocabulary/index.ts';
import {
  type Asked,
  arrivalBehind,
  byReason,
  contentText,
  endOf,
  fact,
  follows,
  listed,
  type Reason,
  reasonOnly,
  sentFact,
  sizes,
  type Tellers,
  type WhyEvidence,
} from './asking.ts';
import { diskFacts, everHeld, holdersOn, type Place } from './disks.ts';

/** Tellers of the log and of commits. */
export const LOG_TELLERS = {
  EntriesProposed: (asked) => proposed(asked),
  EntriesAppended: (asked) => {
    const { event, past, before } = asked;
    const { source: server, term, first, last } = event;
    const range = { server, term, first, last };
    const own = causesOf(event, past).find((one) => one.event === 'EntriesProposed');
    if (own !== undefined) return { code: 'appended-own', params: range, evidence: [own] };
    const arrival = arrivalBehind(asked);
    const leader = arrival?.from ?? before.servers[server]?.leaderId ?? null;
    if (leader === null) return follows(asked);
    const evidence = [arrival === null ? null : sentFact(arrival)];
    return { code: 'appended-from-leader', params: { ...range, leader }, evidence };
  },
  EntriesTruncated: byReason<'EntriesTruncated'>({ 'L2-conflict': (asked) => truncated(asked) }),
  AppendRejected: byReason<'AppendRejected'>({
    'stale-term': (asked) => rejected(asked, 'append-rejected-stale-term'),
    'L6-log-too-short': (asked) => rejected(asked, 'append-rejected-too-short'),
    'L6-term-differs': (asked) => rejected(asked, 'append-rejected-term-differs'),
    malformed: (asked) => rejected(asked, 'append-rejected-malformed'),
    'L2-committed-conflict': (asked) => rejected(asked, 'append-rejected-committed'),
  }),
  ProgressChanged: (asked) => {
    const { event, before } = asked;
    const { source: server, peer, matchIndex, nextIndex, state } = event;
    const known = before.servers[server]?.progress[peer];
    const isBack = state === 'probe' && matchIndex <= (known?.matchIndex ?? 0);
    const arrival = arrivalBehind(asked);
    const evidence = [arrival === null ? null : sentFact(arrival)];
    return {
      code: isBack ? 'progress-back' : 'progress-matched',
      params: { server, peer, matchIndex, nextIndex },
      evidence,
    };
  },
  CommitAdvanced: byReason<'CommitAdvanced'>({
    quorum: (asked) => counted(asked),
    'leader-commit': (asked) => {
      const { event, past, before } = asked;
      const arrival = arrivalBehind(asked);
      const leader = arrival?.from ?? before.servers[event.source]?.leaderId ?? null;
      if (leader === null) return reasonOnly(asked, event.reason);
      const leaderCommit = arrival?.sent.leaderCommit ?? event.to;
      const first = past.newest(event, ['CommitAdvanced'], (one) => one.reason === 'quorum' && one.to >= event.to);
      return {
        code: 'committed-told',
        params: { server: event.source, leader, leaderCommit, index: event.to },
        evidence: [arrival === null ? null : sentFact(arrival), first],
      };
    },
  }),
  NotCommitted: byReason<'NotCommitted'>({
    'L1-old-term': (asked) => {
      const { event, past, before } = asked;
      const { source: server, term, index, entryTerm } = event;
      const place = { index, term: entryTerm };
      const holders = holdersOn(before, place);
      const params = {
        server,
        term,
        index,
        entryTerm,
        holders: listed(holders),
        count: holders.length,
        ...sizes(before),
      };
      const risks = Object.values(before.servers).flatMap((one): readonly WhyEvidence[] => {
        const { index: ownIndex, term: ownTerm } = endOf(one.log);
        return ownTerm > entryTerm && !holders.includes(one.id)
          ? [fact('could-overwrite', one.id, { ownIndex, ownTerm })]
          : [];
      });
      const disks = diskFacts(before, past, event, { ...place, leader: server });
      return { code: 'not-committed-old-term', params, evidence: [...disks, ...risks] };
    },
  }),
  EntriesApplied: ({ event, past }) => ({
    code: 'applied',
    params: { server: event.source, index: event.last },
    evidence: [byServer(past, event, ['CommitAdvanced'], (one) => one.to >= event.first)],
  }),
} as const satisfies Partial<Tellers>;

function proposed(asked: Asked<Named<'EntriesProposed'>>): Reason {
  const { event, past } = asked;
  const { source: server, term, entries } = event;
  const causes = causesOf(event, past);
  const [first] = entries;
  if (first === undefined) return follows(asked);
  if (first.type === 'noop') return { code: 'proposed-noop', params: { server, term }, evidence: causes };
  if (first.type === 'session') return { code: 'proposed-session', params: { server }, evidence: causes };
  const what = contentText(first);
  if (first.session === null) return { code: 'proposed-start', params: { server, term, what }, evidence: causes };
  const invoked = past.newest(
    event,
    ['CommandInvoked'],
    (one) => one.session === first.session && one.sequence === first.sequence,
  );
  if (invoked === null) return follows(asked);
  return { code: 'proposed-command', params: { server, term, what, client: invoked.client }, evidence: causes };
}

/** The two entries that contradict each other, and why the follower's might go: no majority had it, or no leader counted it. */
function truncated(asked: Asked<Named<'EntriesTruncated'>>): Reason {
  const { event, past, before } = asked;
  const { source: server, term, from: index, conflictTerm, leaderTerm } = event;
  const arrival = arrivalBehind(asked);
  const leader = arrival?.from ?? before.servers[server]?.leaderId ?? null;
  if (leader === null) return reasonOnly(asked, event.reason);
  const dropped: Place = { index, term: conflictTerm };
  const holders = everHeld(before, past, event, dropped);
  const { servers, needed } = sizes(before);
  const isCommitted = (before.entries[entryKey(index, conflictTerm)]?.committedUs ?? null) !== null;
  const params = {
    server,
    leader,
    term,
    index,
    conflictTerm,
    leaderTerm,
    holders: listed(holders),
    count: holders.length,
    servers,
  };
  const code = isCommitted
    ? 'truncated-committed'
    : holders.length >= needed
      ? 'truncated-majority'
      : 'truncated-minority';
  const evidence = [
    entryFact(asked, dropped, server),
    entryFact(asked, { index, term: leaderTerm }, leader),
    arrival === null ? null : sentFact(arrival),
    ...holders.map((id) =>
      past.newest(
        event,
        ['EntriesAppended'],
        (one) =>
          one.source === id &&
          one.runs.some((run) => run.term === conflictTerm && run.first <= index && index <= run.last),
      ),
    ),
  ];
  return { code, params, evidence };
}

/** An entry and the leader that wrote it first. @param holder  a server that holds it, when its proposal is not known */
function entryFact({ event, past, before }: Asked, { index, term }: Place, holder: ServerId): WhyEvidence | null {
  const known = before.entries[entryKey(index, term)];
  const proposal = past.newest(
    event,
    ['EntriesProposed'],
    (one) => one.term === term && one.first <= index && index <= one.last,
  );
  const entry = known?.entry ?? proposal?.entries.find((one) => one.index === index);
  if (entry === undefined) return null;
  const writer = known?.proposedBy ?? proposal?.source ?? holder;
  return fact('held-entry', writer, { index, term, what: contentText(entry) }, proposal);
}

function rejected(asked: Asked<Named<'AppendRejected'>>, code: Reason['code']): Reason {
  const { event, before } = asked;
  const { source: server, term, leaderId: leader, prevLogIndex, conflictIndex, conflictTerm } = event;
  const own = endOf(before.servers[server]?.log);
  const arrival = arrivalBehind(asked);
  const params = {
    ...{ server, term, leader, prevLogIndex, conflictIndex, conflictTerm },
    ...{ ownIndex: own.index, ownTerm: own.term },
  };
  return { code, params, evidence: [arrival === null ? null : sentFact(arrival)] };
}

/** A leader counts: its own disk, and each follower whose acknowledgement reaches the index. */
function counted({ event, past, before }: Asked<Named<'CommitAdvanced'>>): Reason {
  const { source: server, term, to: index } = event;
  const leader = before.servers[server];
  const followers = Object.entries(leader?.progress ?? {}).filter(([, one]) => one.matchIndex >= index);
  const own = (leader?.durableIndex ?? 0) >= index ? [server] : [];
  const holders = [...own, ...followers.map(([id]) => id)];
  const params = { server, term, index, holders: listed(holders), count: holders.length, ...sizes(before) };
  return { code: 'committed-quorum', params, evidence: causesOf(event, past) };
}

/** The reason why a server in the minority cannot commit a command: which disks hold it, and why the others do not. */
export function minority({ event, past, before }: Asked, server: ServerId, index: number): Reason {
  const term = termAt(before.servers[server]?.log ?? [], index) ?? 0;
  const holders = holdersOn(before, { index, term });
  const params = { server, index, term, holders: listed(holders), count: holders.length, ...sizes(before) };
  const disks = diskFacts(before, past, event, { index, term, leader: server });
  return { code: 'minority-cannot-commit', params, evidence: disks };
}

/** The reason why a server counts as caught up. Often the event itself is its evidence: the write of the last entry that it lacked. */
export function caughtUp({ event, past, before }: Asked, server: ServerId): Reason {
  const leader = before.leader?.server ?? '';
  const isWrite = event.event === 'EntriesAppended' && event.source === server;
  const evidence = [isWrite ? event : byServerId(past, event, server)];
  return { code: 'caught-up', params: { server, leader, commitIndex: before.commitIndex }, evidence };
}

/** The reason why entries of a deposed leader are still in a log. */
export function leftOver({ event, past, before }: Asked, server: ServerId): Reason {
  const range = leftoverOf(before, server) ?? { from: 0, last: 0 };
  const term = termAt(before.servers[server]?.log ?? [], range.last) ?? 0;
  const evidence = [entryFact({ event, past, before }, { index: range.last, term }, server)];
  const leader = before.leader ?? { server: '', term: 0 };
  return {
    code: 'entries-left-over',
    params: { server, ...range, leader: leader.server, term: leader.term },
    evidence,
  };
}

function byServerId(past: Asked['past'], at: TraceEvent, server: ServerId): TraceEvent | null {
  return past.newest(at, ['EntriesAppended'], (one) => one.source === server);
}
