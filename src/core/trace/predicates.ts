/**
 * Questions about a view that captions, *Try this* and screens share: how many make a majority, whom a server
 * reaches, whether it has caught up. Derived, never stored.
 */
import { carries, endsOf, type LinkId, type LogIndex, type ServerId } from '../vocabulary/index.ts';
import { agreeUpTo, termAt } from './log-runs.ts';
import type { ClusterView } from './view.ts';

/** Number of members, dead ones included. */
export function serverCount(view: ClusterView): number {
  return view.settings?.servers.length ?? Object.keys(view.servers).length;
}

/** How many servers make a majority of all members. */
export function majorityOf(view: ClusterView): number {
  return Math.floor(serverCount(view) / 2) + 1;
}

/** How many servers are up. */
export function aliveCount(view: ClusterView): number {
  return Object.values(view.servers).filter((server) => server.status === 'up').length;
}

/** How many running servers this one can talk with in both directions, itself included. */
export function reachOf(view: ClusterView, id: ServerId): number {
  const isOpen = (link: LinkId): boolean => carries(view.links[link]?.policy ?? { mode: 'pass' });
  const others = Object.values(view.servers).filter(
    (other) => other.id !== id && other.status === 'up' && isOpen(`${id}>${other.id}`) && isOpen(`${other.id}>${id}`),
  );
  return others.length + 1;
}

/**
 * The leader of the highest term that is up and reaches a majority: whom a command for *the leader* is meant for. A
 * leader that was cut off may lead the highest term anybody was elected in, and yet nothing it takes can be committed.
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

/** Entries at the end of this server's log that contradict the leader's or lie beyond it; null when the log has no such entries. */
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

/** How many messages the network has delivered to this server, over all its links. */
export function deliveredTo(view: ClusterView, id: ServerId): number {
  let sum = 0;
  for (const link of Object.values(view.links)) if (endsOf(link.id).to === id) sum += link.delivered;
  return sum;
}

/** How many messages lie unread in the sockets of a frozen server; what no longer fits is dropped by its links. */
export function unreadOf(view: ClusterView, id: ServerId): number {
  const server = view.servers[id];
  return server?.status === 'frozen' ? deliveredTo(view, id) - server.deliveredBefore : 0;
}

/** True when somebody leads, every server is up, and everybody has what is committed. */
export function isRecovered(view: ClusterView): boolean {
  const servers = Object.keys(view.servers);
  return view.leader !== null && servers.every((id) => holdsCommitted(view, id));
}

/** How many servers hold the entry of this index and term on their own disk, as far as the trace tells. */
export function holdersOf(view: ClusterView, entry: { readonly index: number; readonly term: number }): number {
  return Object.values(view.servers).filter(
    (server) => server.durableIndex >= entry.index && termAt(server.log, entry.index) === entry.term,
  ).length;
}
