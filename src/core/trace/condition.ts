/**
 * The condition of the cluster as a list of facts, the consequence first and then its reasons. The header shows it as one
 * sentence: a broken promise, nothing can be committed, nobody leads, a sick server, or a leader, in this order. Each code is a
 * key of resources/words (`sentence.<code>`). Facts that matter less stand later, since a narrow page leaves out the last ones.
 */
import type { ServerId, Term } from '../vocabulary/index.ts';
import { committability, leadersLeftBehind, type Obstacle, type SilentServer, silentServer } from './committability.ts';
import { aliveCount, serverCount } from './predicates.ts';
import type { ClusterView } from './view.ts';

/** A fact about the cluster. The other fields fill its sentence; `sinceUs` is the time since which it holds. */
export type Fact =
  | { readonly code: 'ended' | 'all-down' | 'broken' | 'nothing-commits' | 'nobody-stands' }
  | { readonly code: 'starting' | 'committed'; readonly count: number }
  /** No server leads; `nobody-yet` before the first election of the run. */
  | { readonly code: 'nobody' | 'nobody-yet' | 'network-late'; readonly sinceUs: number }
  | { readonly code: 'leads' | 'thinks-it-leads' | 'stands'; readonly server: ServerId; readonly term: Term }
  | { readonly code: 'several-stand'; readonly count: number; readonly term: Term }
  | { readonly code: 'late'; readonly server: ServerId; readonly sinceUs: number }
  | { readonly code: 'up'; readonly up: number; readonly all: number }
  | SilentServer
  | Exclude<Obstacle, { readonly code: 'newer-term' }>;

/** The condition of a cluster. */
export interface Condition {
  readonly kind: 'ended' | 'starting' | 'all-down' | 'broken' | 'nothing-commits' | 'nobody-leads' | 'sick' | 'leads';
  /** The first fact is the consequence, the others are reasons and counts. */
  readonly facts: readonly [Fact, ...Fact[]];
}

/** The condition of this cluster. */
export function conditionOf(view: ClusterView): Condition {
  const servers = Object.values(view.servers);
  // Checked before the number of servers: the end of a run stops every server, which must not look like a fault.
  if (view.ended !== null) return { kind: 'ended', facts: [{ code: 'ended' }] };
  const count = servers.filter(({ status }) => status === 'starting').length;
  if (count === servers.length || (count > 0 && view.watch.electedTerm === 0)) {
    return { kind: 'starting', facts: [{ code: 'starting', count }] };
  }
  const health = healthOf(view);
  return view.violations.length === 0 ? health : { kind: 'broken', facts: [{ code: 'broken' }, ...health.facts] };
}

/** The condition of a cluster that has started, apart from broken promises. */
function healthOf(view: ClusterView): Condition {
  if (Object.values(view.servers).every(({ status }) => status === 'down' || status === 'failed')) {
    return { kind: 'all-down', facts: [{ code: 'all-down' }] };
  }
  const { obstacle } = committability(view);
  if (obstacle !== null)
    return { kind: 'nothing-commits', facts: [{ code: 'nothing-commits' }, ...stuck(view, obstacle)] };
  const counts: readonly Fact[] = [{ code: 'committed', count: view.commitIndex }, ...believers(view)];
  const up: Fact = { code: 'up', up: aliveCount(view), all: serverCount(view) };
  const leads = leaderFact(view);
  if (leads.code !== 'leads') {
    return { kind: 'nobody-leads', facts: [leads, ...standing(view), ...counts, up] };
  }
  const [silent, ...others] = silences(view);
  if (silent !== undefined) return { kind: 'sick', facts: [silent, leads, ...others, ...counts, up] };
  return { kind: 'leads', facts: [leads, ...counts, up, ...lateness(view)] };
}

/** The reasons why nothing can be committed. */
function stuck(view: ClusterView, obstacle: Obstacle): readonly Fact[] {
  const up: Fact = { code: 'up', up: aliveCount(view), all: serverCount(view) };
  switch (obstacle.code) {
    case 'newer-term':
      return [...standing(view), ...believers(view), up];
    case 'leader-frozen':
      return [obstacle, ...candidates(view), ...believers(view), up];
    case 'too-few-up':
      return [obstacle, leaderFact(view), ...believers(view)];
    default:
      return [obstacle, leaderFact(view), ...believers(view), up];
  }
}

function leaderFact(view: ClusterView): Fact {
  if (view.leader !== null) return { code: 'leads', server: view.leader.server, term: view.leader.term };
  const sinceUs = view.leaderlessSinceUs ?? 0;
  return { code: view.watch.electedTerm > 0 ? 'nobody' : 'nobody-yet', sinceUs };
}

/** Leaders that a newer term has left behind. */
function believers(view: ClusterView): readonly Fact[] {
  return leadersLeftBehind(view).map(({ id, term }) => ({ code: 'thinks-it-leads', server: id, term }));
}

function standing(view: ClusterView): readonly Fact[] {
  const facts = candidates(view);
  return facts.length === 0 ? [{ code: 'nobody-stands' }] : facts;
}

/** The candidates of the newest term after that of the last leader: one by its name, several by their number. */
function candidates(view: ClusterView): readonly Fact[] {
  const all = Object.values(view.servers).filter(
    ({ status, role, term }) => status === 'up' && role === 'candidate' && term > view.watch.electedTerm,
  );
  const term = Math.max(...all.map((server) => server.term));
  const newest = all.filter((server) => server.term === term);
  const [first] = newest;
  if (first === undefined) return [];
  if (newest.length > 1) return [{ code: 'several-stand', count: newest.length, term }];
  return [{ code: 'stands', server: first.id, term }];
}

function silences(view: ClusterView): readonly SilentServer[] {
  return Object.values(view.servers).flatMap((server) => silentServer(server) ?? []);
}

/** Processes that stood still a moment ago and run again. */
function lateness(view: ClusterView): readonly Fact[] {
  const servers = Object.values(view.servers).flatMap(({ id, status, health }): Fact[] =>
    status === 'up' && health.state === 'late' ? [{ code: 'late', server: id, sinceUs: health.sinceUs }] : [],
  );
  const { state, sinceUs } = view.network.health;
  return state === 'late' ? [{ code: 'network-late', sinceUs }, ...servers] : servers;
}
