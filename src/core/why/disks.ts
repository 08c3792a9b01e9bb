/**
 * The disks that hold an entry and those that lack it, each with the reason why. The answers to "not committed", to a truncation
 * and to a commit show them.
 */
import type { Past } from '../trace/causes-past.ts';
import type { Named, TraceEvent } from '../trace/events.ts';
import { termAt } from '../trace/log-runs.ts';
import type { ClusterView, ServerView } from '../trace/view.ts';
import { carries, type LogIndex, linkOf, type ServerId, type Term } from '../vocabulary/index.ts';
import { endOf, fact, type WhyEvidence } from './asking.ts';

/** An entry, by its place. */
export interface Place {
  readonly index: LogIndex;
  readonly term: Term;
}

/** Ids of the servers that hold this entry on their disk, as far as the trace shows it. */
export function holdersOn(view: ClusterView, { index, term }: Place): readonly ServerId[] {
  const holds = (server: ServerView): boolean => server.durableIndex >= index && termAt(server.log, index) === term;
  return Object.values(view.servers)
    .filter(holds)
    .map(({ id }) => id);
}

/** Ids of the servers that hold this entry on their disk or held it before, as far as the past shows it. */
export function everHeld(view: ClusterView, past: Past, at: TraceEvent, { index, term }: Place): readonly ServerId[] {
  const ids = new Set(holdersOn(view, { index, term }));
  past.each(at, ['EntriesAppended'], (one) => {
    if (one.runs.some((run) => run.term === term && run.first <= index && index <= run.last)) ids.add(one.source);
    return true;
  });
  return [...ids];
}

/** One line for each server: it holds the entry, or why it lacks it. @param leader  the server that sends the entry to the others */
export function diskFacts(
  view: ClusterView,
  past: Past,
  at: TraceEvent,
  { leader, ...place }: Place & { readonly leader: ServerId },
): readonly WhyEvidence[] {
  const holders = new Set(holdersOn(view, place));
  const servers = Object.values(view.servers);
  const held = servers
    .filter(({ id }) => holders.has(id))
    .map(({ id }) => fact('has-on-disk', id, { ...place }, appendOf(past, at, id, place)));
  const lacking = servers
    .filter(({ id }) => !holders.has(id))
    .map((server) => lackOf(view, past, at, { server, leader, ...place }));
  return [...held, ...lacking];
}

function appendOf(past: Past, at: TraceEvent, id: ServerId, { index, term }: Place): Named<'EntriesAppended'> | null {
  const covers = (one: Named<'EntriesAppended'>): boolean =>
    one.source === id && one.runs.some((run) => run.term === term && run.first <= index && index <= run.last);
  return past.newest(at, ['EntriesAppended'], covers);
}

function lackOf(
  view: ClusterView,
  past: Past,
  at: TraceEvent,
  { server, leader, index, term }: Place & { readonly server: ServerView; readonly leader: ServerId },
): WhyEvidence {
  const { id } = server;
  if (server.status === 'down' || server.status === 'failed') {
    const exit = past.newest(at, ['ServerExited'], (one) => one.server === id);
    return fact('lacks-down', id, { sinceAtUs: server.exit?.atUs ?? 0 }, exit);
  }
  if (server.status === 'starting') return fact('lacks-starting', id);
  if (server.status === 'frozen') {
    const frozen = past.newest(at, ['ServerFrozen'], (one) => one.server === id);
    return fact('lacks-frozen', id, { sinceAtUs: server.frozenUs ?? 0 }, frozen);
  }
  if (isCutFrom(view, leader, id)) {
    const began = past.newest(at, ['FaultBegan'], ({ links = [] }) => links.includes(linkOf(leader, id)));
    return fact('lacks-cut', id, { server: leader }, began);
  }
  if (server.health.state === 'disk-silent') return fact('lacks-silent', id, { sinceAtUs: server.health.sinceUs });
  const otherTerm = termAt(server.log, index);
  if (otherTerm !== null && otherTerm !== term) return fact('lacks-other', id, { otherTerm });
  const own = endOf(server.log);
  return fact('lacks-behind', id, { ownIndex: own.index, ownTerm: own.term });
}

/** True when requests or replies between these servers cannot pass. */
function isCutFrom(view: ClusterView, a: ServerId, b: ServerId): boolean {
  return [linkOf(a, b), linkOf(b, a)].some((link) => !carries(view.links[link]?.policy ?? { mode: 'pass' }));
}
