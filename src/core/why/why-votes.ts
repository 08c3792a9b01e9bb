/**
 * Reasons of votes, elected leaders and servers that step down: both logs compared, the vote given before, the message that carried
 * a higher term. Source: rules E2 to E5, P1 to P5 and R5 of src/core/raft/SPEC.md.
 */
import { causesOf } from '../trace/causes.ts';
import { byServer } from '../trace/causes-past.ts';
import type { Named, TraceEvent } from '../trace/events.ts';
import { endsOf, type ServerId } from '../vocabulary/index.ts';
import {
  type Arrival,
  type Asked,
  arrivalBehind,
  byReason,
  endOf,
  fact,
  listed,
  type Reason,
  reasonOnly,
  sentFact,
  sizes,
  type Tellers,
  timeouts,
  type WhyEvidence,
} from './asking.ts';

type Answered = Named<'VoteGranted' | 'VoteDenied'>;

/** Tellers of votes, leaders and lost leaderships. */
export const VOTE_TELLERS = {
  VoteGranted: byReason<'VoteGranted'>({
    'E3-log-up-to-date': (asked) => {
      const { event } = asked;
      const { params, evidence } = logsOf(asked);
      return { code: event.preVote ? 'pre-vote-granted' : 'vote-granted', params, evidence };
    },
  }),
  VoteDenied: byReason<'VoteDenied'>({
    'E1-stale-term': (asked) => {
      const { params, evidence } = logsOf(asked);
      const reached = byServer(asked.past, asked.event, ['TermAdvanced', 'StateRestored']);
      return { code: 'vote-denied-stale-term', params, evidence: [...evidence, reached] };
    },
    'E2-already-voted': (asked) => alreadyVoted(asked),
    'E3-log-behind': (asked) => logBehind(asked),
    'P5-leader-lease': (asked) => leaderLives(asked),
    'P1-not-higher-term': (asked) => {
      const { params, evidence } = logsOf(asked);
      const reached = byServer(asked.past, asked.event, ['TermAdvanced', 'StateRestored']);
      return { code: 'vote-denied-term-reached', params, evidence: [...evidence, reached] };
    },
  }),
  VoteCounted: (asked) => {
    const { event, past } = asked;
    const { source: server, voter, granted, granteds, needed } = event;
    const code = voter === server ? 'vote-counted-own' : granted ? 'vote-counted-yes' : 'vote-counted-no';
    const answer = past.newest(
      event,
      ['VoteGranted', 'VoteDenied'],
      (one) => one.source === voter && one.candidate === server && one.preVote === event.preVote,
    );
    const arrival = arrivalBehind(asked);
    const evidence = voter === server ? causesOf(event, past) : [answer, arrival === null ? null : sentFact(arrival)];
    return { code, params: { server, voter, granteds, needed }, evidence };
  },
  LeaderElected: ({ event, past, before }) => {
    const { source: server, term, voters } = event;
    const votes = voters.map((voter) =>
      voter === server
        ? past.newest(event, ['ElectionStarted'], (one) => one.source === server && one.term === term)
        : past.newest(event, ['VoteGranted'], (one) => one.source === voter && one.term === term && !one.preVote),
    );
    const params = { server, term, voters: listed(voters), votes: voters.length, ...sizes(before) };
    return { code: 'elected', params, evidence: votes };
  },
  LeaderRecognised: (asked) => {
    const { event, past } = asked;
    const { source: server, term, leaderId: leader } = event;
    const elected = past.newest(event, ['LeaderElected'], (one) => one.source === leader && one.term === term);
    const arrival = arrivalBehind(asked);
    const evidence = [arrival === null ? null : sentFact(arrival), elected];
    return { code: 'leader-recognised', params: { server, term, leader }, evidence };
  },
  SteppedDown: byReason<'SteppedDown'>({
    'E5-higher-term': (asked) => {
      const arrival = arrivalBehind(asked);
      if (arrival === null) return reasonOnly(asked, asked.event.reason);
      const { source: server, role, term } = asked.event;
      const { from: sender, sent } = arrival;
      const message = { newTerm: sent.term ?? 0, sender, rpc: sent.rpc, kind: sent.kind };
      return {
        code: 'stepped-down-higher-term',
        params: { server, role, term, ...message },
        evidence: [sentFact(arrival), termBehind(asked, arrival)],
      };
    },
    'leader-of-this-term': (asked) => {
      const { event, past, before } = asked;
      const { source: server, role, term } = event;
      const arrival = arrivalBehind(asked);
      const leader =
        arrival?.from ?? Object.values(before.servers).find((one) => one.role === 'leader' && one.term === term)?.id;
      if (leader === undefined) return reasonOnly(asked, event.reason);
      const elected = past.newest(event, ['LeaderElected'], (one) => one.source === leader && one.term === term);
      const evidence = [arrival === null ? null : sentFact(arrival), elected];
      return { code: 'stepped-down-leader-of-term', params: { server, role, term, leader }, evidence };
    },
    'P4-no-quorum-contact': (asked) => {
      const { event, before } = asked;
      const { leastUs: timeoutUs } = timeouts(before);
      const params = { server: event.source, term: event.term, ...sizes(before), timeoutUs };
      return { code: 'stepped-down-no-contact', params, evidence: lastHeard(asked) };
    },
    'vote-granted': (asked) => {
      const arrival = arrivalBehind(asked);
      if (arrival === null) return reasonOnly(asked, asked.event.reason);
      const params = { server: asked.event.source, candidate: arrival.from, term: asked.event.term };
      return { code: 'stepped-down-vote-granted', params, evidence: [sentFact(arrival)] };
    },
  }),
  LeadershipLost: ({ event, past }) => {
    const { source: server, term, uncommittedFrom: from, last } = event;
    const isClean = from > last;
    const params = isClean ? { server, term } : { server, term, from, last };
    const evidence = [byServer(past, event, ['SteppedDown'])];
    return { code: isClean ? 'leadership-lost-clean' : 'leadership-lost', params, evidence };
  },
} as const satisfies Partial<Tellers>;

/** Both logs at the time of a vote: the voter's from the view, the candidate's from its campaign, or else from the view. */
function logsOf(asked: Asked<Answered>) {
  const { event, past, before } = asked;
  const { source: server, candidate, preVote } = event;
  const arrival = arrivalBehind(asked);
  const asks = arrival?.sent.term ?? null;
  const campaign = past.newest(
    event,
    ['ElectionStarted'],
    (one) => one.source === candidate && (asks === null || one.term === asks),
  );
  const own = endOf(before.servers[server]?.log);
  const known = preVote ? null : campaign;
  const other =
    known === null ? endOf(before.servers[candidate]?.log) : { index: known.lastLogIndex, term: known.lastLogTerm };
  const params = {
    ...{ server, candidate, term: event.term },
    ...{ ownIndex: own.index, ownTerm: own.term, otherIndex: other.index, otherTerm: other.term },
  };
  const asking = { term: asks ?? event.term, ownIndex: other.index, ownTerm: other.term };
  const evidence: (WhyEvidence | TraceEvent | null)[] =
    arrival === null ? [known] : [fact('asked-with-log', candidate, asking, known ?? arrival.arrived)];
  return { params, evidence, own, other };
}

function alreadyVoted(asked: Asked<Named<'VoteDenied'>>): Reason {
  const { event, past, before } = asked;
  const votedFor = before.servers[event.source]?.votedFor ?? null;
  if (votedFor === null) return reasonOnly(asked, event.reason);
  const { params, evidence } = logsOf(asked);
  const isOwn = votedFor === event.source;
  const vote = isOwn
    ? byServer(past, event, ['ElectionStarted'], (one) => one.term === event.term)
    : byServer(past, event, ['VoteGranted'], (one) => one.term === event.term && !one.preVote);
  // A vote of an earlier life came back from the disk.
  const given = vote ?? byServer(past, event, ['StateRestored']);
  const code = isOwn ? 'vote-denied-voted-itself' : 'vote-denied-already-voted';
  return { code, params: { ...params, votedFor }, evidence: [given, ...evidence] };
}

function logBehind(asked: Asked<Named<'VoteDenied'>>): Reason {
  const { event, past } = asked;
  const { params, evidence, own, other } = logsOf(asked);
  const newest = byServer(past, event, ['EntriesAppended', 'StateRestored']);
  if (own.term > other.term) return { code: 'vote-denied-older-term', params, evidence: [...evidence, newest] };
  if (own.term === other.term && own.index > other.index)
    return { code: 'vote-denied-shorter-log', params, evidence: [...evidence, newest] };
  // The voter held entries that it had not reported yet, so these logs do not show the reason.
  return reasonOnly(asked, event.reason);
}

function leaderLives(asked: Asked<Named<'VoteDenied'>>): Reason {
  const { event, past, before } = asked;
  const { params, evidence } = logsOf(asked);
  const server = before.servers[event.source];
  if (server?.role === 'leader')
    return { code: 'vote-denied-it-leads', params, evidence: [byServer(past, event, ['LeaderElected']), ...evidence] };
  const heard = byServer(past, event, ['ElectionTimerReset'], (one) => one.reason === 'heard-from-leader');
  const leader = server?.leaderId ?? null;
  if (leader === null || heard === null) return reasonOnly(asked, event.reason);
  const arrival = arrivalBehind({ ...asked, event: heard });
  const { leastUs } = timeouts(before);
  return {
    code: 'vote-denied-heard-leader',
    params: { ...params, leader, heardUs: event.timeUs - heard.timeUs, leastUs },
    evidence: [arrival === null ? heard : sentFact(arrival), ...evidence],
  };
}

/** How the sender of a message came to the higher term that it carried. */
function termBehind({ event, past }: Asked, { from, sent }: Arrival): TraceEvent | null {
  return past.newest(
    event,
    ['ElectionStarted', 'TermAdvanced'],
    (one) => one.source === from && one.term === sent.term,
  );
}

/** The last message of each other server that reached this one, newest first; servers without one at the end. */
function lastHeard({ event, past, before }: Asked): readonly WhyEvidence[] {
  const found = new Map<ServerId, TraceEvent>();
  const others = Object.keys(before.servers).filter((id) => id !== event.source);
  past.each(event, ['MessageDelivered'], (one) => {
    const { from, to } = endsOf(one.link);
    if (to === event.source && others.includes(from) && !found.has(from)) found.set(from, one);
    return found.size < others.length;
  });
  const heard = [...found].map(([id, one]) => fact('heard-last', id, { server: event.source }, one));
  const silent = others.filter((id) => !found.has(id)).map((id) => fact('never-heard', id, { server: event.source }));
  return [...heard, ...silent];
}
