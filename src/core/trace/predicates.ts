/**
 * Questions about a view that the story, *Try this* and screens share: the size of a majority, the servers that a server
 * reaches, whether a server has caught up. The answers are derived from the view and never stored.
 */
import { carries, endsOf, type LinkId, type LogIndex, type ServerId } from '../vocabulary/index.ts';
import { agreeUpTo, termAt } from './log-runs.ts';
import type { ClusterView } from './view.ts';

/** Number of members, dead ones included. */
export function serverCount(view: ClusterView): number {
  return view.settings?.servers.length ?? Object.keys(view.servers).length;
}

/** Number of servers that make a majority of all members. */
export function majorityOf(view: ClusterView): number {
  return Math.floor(serverCount(view) / 2) + 1;
}

/** Number of servers that are up. */
export function aliveCount(view: ClusterView): number {
  return Object.values(view.servers).filter((server) => server.status === 'up').length;
}

/** The running servers with which this one can exchange messages in both directions, itself first. */
export function reachedFrom(view: ClusterView, id: ServerId): readonly ServerId[] {
  const isOpen = (link: LinkId): boolean => carries(view.links[link]?.policy ?? { mode: 'pass' });
  const others = Object.values(view.servers).filter(
    (other) => other.id !== id && other.status === 'up' && isOpen(`${id}>${other.id}`) && isOpen(`${other.id}>${id}`),
  );
  return [id, ...others.map((other) => other.id)];
}

/** Number of running servers with which this one can exchange messages in both directions, including itself. */
export function reachOf(view: ClusterView, id: ServerId): number {
  return reachedFrom(view, id).length;
}

/**
 * The leader to which a command for *the leader* goes: of all leaders that are up and reach a majority, the one with the highest
 * term. A leader that is cut off may have a higher term, but it cannot commit anything.
 */
export function leaderOfMajority(view: ClusterView): ServerId | null {
  const needed = majorityOf(view);
  const leading = Object.values(view.servers)
    .filter(({ id, status, role }) => status === 'up' && role === 'leader' && reachOf(view, id) >= needed)
    .sort((a, b) => b.term - a.term);
  return leading[0]?.id ?? null;
}

/**
 * True when this server follows (or is) the leader and holds, on its own disk, everything that is committed.
 * The same term at commitIndex means the same log up to there (Log Matching, §3.5).
 */
export function holdsCommitted(view: ClusterView, id: ServerId): boolean {
  const server = view.servers[id];
  const leader = view.leader === null ? undefined : view.servers[view.leader.server];
  if (server?.status !== 'up' || leader === undefined) return false;
  if (server.id !== leader.id && server.leaderId !== leader.id) return false;
  if (server.term !== leader.term || server.durableIndex < view.commitIndex) return false;
  return termAt(server.log, view.commitIndex) === termAt(leader.log, view.commitIndex);
}

/**
 * True when this server holds everything that is committed and nothing that the leader does not hold: its log is the
 * leader's or the beginning of it. Entries that a deposed leader left behind stay until the new leader's next entry.
 */
export function isCaughtUp(view: ClusterView, id: ServerId): boolean {
  return holdsCommitted(view, id) && leftoverOf(view, id) === null;
}

/** Range of entries at the end of this server's log that the leader's log does not hold; null when the leader holds all. */
export function leftoverOf(
  view: ClusterView,
  id: ServerId,
): { readonly from: LogIndex; readonly last: LogIndex } | null {
  const server = view.servers[id];
  const leader = view.leader === null ? undefined : view.servers[view.leader.server];
  if (server === undefined || leader === undefined) return null;
  const { lastIndex: last } = server;
  if (last === 0 || termAt(leader.log, last) === termAt(server.log, last)) return null;
  return { from: agreeUpTo(server.log, leader.log) + 1, last };
}

/** Number of messages that the network has delivered to this server, over all its links. */
export function deliveredTo(view: ClusterView, id: ServerId): number {
  let sum = 0;
  for (const link of Object.values(view.links)) if (endsOf(link.id).to === id) sum += link.delivered;
  return sum;
}

/** Number of messages delivered to a frozen server that it has not read; 0 for a server that is not frozen. */
export function unreadOf(view: ClusterView, id: ServerId): number {
  const server = view.servers[id];
  return server?.status === 'frozen' ? deliveredTo(view, id) - server.deliveredBefore : 0;
}

/** True when the cluster has a leader, every server is up, and every server holds all committed entries. */
export function isRecovered(view: ClusterView): boolean {
  const servers = Object.keys(view.servers);
  return view.leader !== null && servers.every((id) => holdsCommitted(view, id));
}

/** Number of servers that hold the entry of this index and term on their disk, as far as the trace shows it. */
export function holdersOf(view: ClusterView, entry: { readonly index: number; readonly term: number }): number {
  return Object.values(view.servers).filter(
    (server) => server.durableIndex >= entry.index && termAt(server.log, entry.index) === entry.term,
  ).length;
}
