/**
 * Reasons of clients' commands: attempts, redirects, and outcomes. For an unknown outcome the evidence says what the logs show of
 * the command. Source: rules R4 to R6 of src/core/raft/SPEC.md.
 */

import { causesOf } from '../trace/causes.ts';
import { byServer } from '../trace/causes-past.ts';
import type { Named } from '../trace/events.ts';
import { entryKey } from '../trace/fold-entries.ts';
import { termAt } from '../trace/log-runs.ts';
import { type Asked, byReason, fact, follows, listed, type Reason, type Tellers, type WhyEvidence } from './asking.ts';
import { ordered } from './ordered.ts';

/** Tellers of clients, and of `Start()`. */
export const CLIENT_TELLERS = {
  SessionOpened: ({ event, past }) => ({
    code: 'session-opened',
    params: { session: event.session },
    evidence: causesOf(event, past),
  }),
  CommandInvoked: ({ event }) => ({ code: 'client-asked', params: { client: event.client } }),
  CommandSent: ({ event, past }) => {
    const params = { client: event.source, server: event.to, attempt: event.attempt };
    return { code: event.attempt > 1 ? 'command-sent-again' : 'command-sent', params, evidence: causesOf(event, past) };
  },
  CommandRedirected: ({ event, past }) => {
    const evidence = causesOf(event, past);
    if (event.to === null) return { code: 'redirected-nowhere', params: { server: event.from }, evidence };
    return { code: 'redirected', params: { server: event.from, leader: event.to }, evidence };
  },
  CommandDone: ({ event, past }) => {
    const { server, index, term } = event;
    return { code: 'command-done', params: { server, index, term }, evidence: causesOf(event, past) };
  },
  CommandUnknown: byReason<'CommandUnknown'>({
    'timed-out': (asked) => unknown(asked, 'unknown-timed-out'),
    closed: (asked) => unknown(asked, 'unknown-closed'),
  }),
  CommandRefused: byReason<'CommandRefused'>({
    'unknown-session': (asked) => refused(asked, 'refused-unknown-session'),
    superseded: (asked) => refused(asked, 'refused-superseded'),
    'bad-request': (asked) => refused(asked, 'refused-bad-request'),
  }),
  ProposalRejected: byReason<'ProposalRejected'>({
    'not-leader': (asked) => {
      const { source: server, term, leaderId: leader } = asked.event;
      const known = byServer(asked.past, asked.event, ['LeaderRecognised', 'SteppedDown']);
      const evidence = [known, ...causesOf(asked.event, asked.past)];
      if (leader === null) return { code: 'proposal-no-leader', params: { server, term }, evidence };
      return { code: 'proposal-not-leader', params: { server, term, leader }, evidence };
    },
    busy: ({ event, past }) => ({
      code: 'proposal-busy',
      params: { server: event.source, term: event.term },
      evidence: causesOf(event, past),
    }),
  }),
  StartOrdered: (asked) => ordered(asked, [asked.event.server]),
  StartAnswered: (asked) => started(asked),
} as const satisfies Partial<Tellers>;

function started(asked: Asked<Named<'StartAnswered'>>): Reason {
  const { server, outcome, index, term, leaderId } = asked.event;
  const evidence = causesOf(asked.event, asked.past);
  const ownTerm = term ?? asked.before.servers[server]?.term ?? 0;
  switch (outcome) {
    case 'accepted':
      return { code: 'start-accepted', params: { server, term: ownTerm, index: index ?? 0 }, evidence };
    case 'not-leader':
      return leaderId === null
        ? { code: 'proposal-no-leader', params: { server, term: ownTerm }, evidence }
        : { code: 'proposal-not-leader', params: { server, term: ownTerm, leader: leaderId }, evidence };
    case 'busy':
      return { code: 'proposal-busy', params: { server, term: ownTerm }, evidence };
    case 'no-answer':
      return { code: 'start-no-answer', params: { server }, evidence };
    case 'refused':
      return { code: 'start-refused', params: { server }, evidence };
    default:
      return follows(asked);
  }
}

function refused({ event, past }: Asked<Named<'CommandRefused'>>, code: Reason['code']): Reason {
  return { code, evidence: causesOf(event, past) };
}

function unknown(asked: Asked<Named<'CommandUnknown'>>, code: Reason['code']): Reason {
  const { event, past } = asked;
  return { code, params: { attempts: event.attempts }, evidence: [fateOf(asked), ...causesOf(event, past)] };
}

/** The command in the logs at the moment at which its client gave up. */
function fateOf({ event, past, before }: Asked<Named<'CommandUnknown'>>): WhyEvidence | null {
  const invoked = past.newest(event, ['CommandInvoked'], (one) => one.operation === event.operation);
  if (invoked === null) return null;
  const { client, session, sequence } = invoked;
  const proposal = past.newest(event, ['EntriesProposed'], (one) =>
    one.entries.some((entry) => entry.type === 'command' && entry.session === session && entry.sequence === sequence),
  );
  const entry = proposal?.entries.find(
    (one) => one.type === 'command' && one.session === session && one.sequence === sequence,
  );
  if (proposal === null || entry === undefined) return fact('entry-nowhere', client);
  const { index, term } = entry;
  const isCommitted = (before.entries[entryKey(index, term)]?.committedUs ?? null) !== null;
  if (isCommitted) return fact('entry-committed', proposal.source, { index, term }, proposal);
  const logs = Object.values(before.servers).filter((server) => termAt(server.log, index) === term);
  if (logs.length === 0) return fact('entry-gone', proposal.source, { index, term }, proposal);
  return fact('entry-open', proposal.source, { index, term, holders: listed(logs.map(({ id }) => id)) }, proposal);
}
