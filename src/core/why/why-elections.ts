/**
 * Reasons of campaigns, timers and terms: how long a server heard nothing and from whom it heard last, and the message that carried
 * a higher term. Source: rules E4 to E9 and P1 of src/core/raft/SPEC.md.
 */
import { causesOf } from '../trace/causes.ts';
import { byServer, type Past } from '../trace/causes-past.ts';
import type { Named, TraceEvent } from '../trace/events.ts';
import { aliveCount } from '../trace/predicates.ts';
import { endsOf, linkOf, type ServerId } from '../vocabulary/index.ts';
import {
  type Asked,
  arrivalBehind,
  byReason,
  fact,
  listed,
  type Reason,
  reasonOnly,
  sentFact,
  sizes,
  type Tellers,
  ticksUs,
  timeouts,
} from './asking.ts';

type Standing = Named<'PreVoteStarted' | 'ElectionStarted'>;
type Reset = Named<'ElectionTimerReset'>;

/** Tellers of campaigns, timers and terms. */
export const ELECTION_TELLERS = {
  PreVoteStarted: (asked) => stood(asked),
  ElectionStarted: byReason<'ElectionStarted'>({
    'election-timeout': (asked) => stood(asked),
    'pre-vote-won': (asked) => preVoteWon(asked),
  }),
  TermAdvanced: byReason<'TermAdvanced'>({
    'election-started': ({ event, past }) => ({
      code: 'term-for-election',
      params: { server: event.source, from: event.from, term: event.term },
      evidence: [byServer(past, event, ['ElectionTimerReset'])],
    }),
    'E5-higher-term': (asked) => {
      const arrival = arrivalBehind(asked);
      if (arrival === null) return reasonOnly(asked, asked.event.reason);
      const { event } = asked;
      const message = { sender: arrival.from, rpc: arrival.sent.rpc, kind: arrival.sent.kind };
      return {
        code: 'term-adopted',
        params: { server: event.source, from: event.from, term: event.term, ...message },
        evidence: [sentFact(arrival)],
      };
    },
  }),
  ElectionTimerReset: byReason<'ElectionTimerReset'>({
    started: (asked) => timerReset(asked, 'timer-started'),
    restarted: (asked) => timerReset(asked, 'timer-started'),
    'heard-from-leader': (asked) => {
      const leader = arrivalBehind(asked)?.from ?? asked.before.servers[asked.event.source]?.leaderId;
      return leader == null
        ? reasonOnly(asked, asked.event.reason)
        : timerReset(asked, 'timer-heard-leader', { leader });
    },
    'vote-granted': (asked) => {
      const { event, past } = asked;
      const vote = byServer(past, event, ['VoteGranted'], (one) => !one.preVote);
      if (vote === null) return reasonOnly(asked, event.reason);
      return timerReset(asked, 'timer-vote-granted', { candidate: vote.candidate });
    },
    'election-started': (asked) => timerReset(asked, 'timer-election'),
    'stepped-down': (asked) => timerReset(asked, 'timer-stepped-down'),
  }),
} as const satisfies Partial<Tellers>;

function timerReset(
  { event, past, before }: Asked<Reset>,
  code: Reason['code'],
  more: Readonly<Record<string, string>> = {},
): Reason {
  const params = { server: event.source, timeoutUs: ticksUs(before, event.timeoutTicks), ...timeouts(before), ...more };
  return { code, params, evidence: causesOf(event, past) };
}

/** The reason of a split vote: nobody won the term of the campaign that ended. */
export function splitVote(asked: Asked<Standing>, term: number): Reason {
  const { event, past, before } = asked;
  const campaigns: Named<'ElectionStarted'>[] = [];
  past.each(event, ['ElectionStarted'], (one) => {
    if (one.term === term) campaigns.push(one);
    return one.term >= term;
  });
  const stood = Object.values(before.servers).filter((one) => one.role === 'candidate' && one.term === term);
  const candidates = listed([...new Set([...campaigns.map(({ source }) => source), ...stood.map(({ id }) => id)])]);
  const granted: TraceEvent[] = [];
  past.each(event, ['VoteGranted'], (one) => {
    if (one.term === term && !one.preVote) granted.push(one);
    return one.term >= term;
  });
  return { code: 'split-vote', params: { term, candidates }, evidence: [...campaigns.reverse(), ...granted.reverse()] };
}

/** The reason of an election that nobody can win: too few servers are up. */
export function noLeaderPossible({ event, past, before }: Asked): Reason {
  const gone = Object.values(before.servers).filter(({ status }) => status !== 'up');
  const evidence = gone.map(({ id }) =>
    past.newest(event, ['ServerExited', 'ServerFrozen'], (one) => one.server === id),
  );
  return { code: 'no-leader-possible', params: { ...sizes(before), alive: aliveCount(before) }, evidence };
}

function preVoteWon({ event, past, before }: Asked<Named<'ElectionStarted'>>): Reason {
  const votes: Named<'VoteCounted'>[] = [];
  past.each(event, ['VoteCounted', 'PreVoteStarted'], (one) => {
    if (one.source !== event.source) return true;
    if (one.event === 'VoteCounted' && one.preVote && one.granted) votes.push(one);
    return one.event === 'VoteCounted';
  });
  const voters = [...new Set(votes.map(({ voter }) => voter))];
  const params = { server: event.source, voters: listed(voters), votes: voters.length, ...sizes(before) };
  return { code: 'stood-pre-vote-won', params, evidence: [...votes].reverse() };
}

/** The reason of a campaign: the silence after the last restart of the timer, and what that restart was for. */
function stood(asked: Asked<Standing>): Reason {
  const { event, past, before } = asked;
  const reset = byServer(past, event, ['ElectionTimerReset']);
  if (reset === null) return reasonOnly(asked, 'election-timeout');
  const lengths = {
    silentUs: ticksUs(before, event.silentTicks),
    timeoutUs: ticksUs(before, reset.timeoutTicks),
    heardAtUs: reset.timeUs,
  };
  const params = { server: event.source, ...lengths };
  const drawn = fact('timer-drawn', event.source, { timeoutUs: lengths.timeoutUs, ...timeouts(before) }, reset);
  switch (reset.reason) {
    case 'heard-from-leader': {
      const heard = arrivalBehind({ ...asked, event: reset });
      const leader = heard?.from ?? before.servers[event.source]?.leaderId ?? null;
      if (leader === null) return reasonOnly(asked, 'election-timeout');
      const silence = silenceOf(asked, leader, reset);
      const evidence = [heard === null ? null : sentFact(heard), drawn, ...silence];
      return { code: 'stood-heard-leader', params: { ...params, leader, heardTerm: reset.term }, evidence };
    }
    case 'vote-granted': {
      const vote = byServer(past, reset, ['VoteGranted'], (one) => !one.preVote);
      if (vote === null) return reasonOnly(asked, 'election-timeout');
      const silence = silenceOf(asked, vote.candidate, reset);
      return {
        code: 'stood-after-vote',
        params: { ...params, candidate: vote.candidate },
        evidence: [vote, drawn, ...silence],
      };
    }
    case 'election-started':
      return {
        code: 'stood-again',
        params,
        evidence: [byServer(past, reset, ['ElectionStarted', 'PreVoteStarted']), drawn],
      };
    case 'stepped-down':
      return { code: 'stood-after-stepping-down', params, evidence: [byServer(past, reset, ['SteppedDown']), drawn] };
    default:
      return { code: 'stood-after-start', params, evidence: [byServer(past, reset, ['StateRestored']), drawn] };
  }
}

/** Recorded events that explain why a server heard no more of a leader: its death or freeze, or its lost messages. */
function silenceOf({ event, past }: Asked, leader: ServerId, since: TraceEvent): readonly (TraceEvent | null)[] {
  const end = past.newest(event, ['ServerExited', 'ServerFrozen'], (one) => one.server === leader);
  const link = linkOf(leader, event.source);
  const lost = past.newest(
    event,
    ['MessageDropped'],
    (one) => endsOf(one.link).from === leader && one.link === link && one.timeUs >= since.timeUs,
  );
  return [end !== null && isLater(end, since, past) ? end : null, lost];
}

/** True when a process that ended or froze did so after `since`, or shortly before it and never came back. */
function isLater(end: Named<'ServerExited' | 'ServerFrozen'>, since: TraceEvent, past: Past): boolean {
  if (end.timeUs >= since.timeUs) return true;
  const back = past.newest(since, ['ServerSpawned', 'ServerResumed'], (one) => one.server === end.server);
  return back === null || back.timeUs < end.timeUs;
}
