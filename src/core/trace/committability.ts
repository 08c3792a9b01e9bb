/**
 * Whether the cluster can commit an entry now, and what prevents it. The answer is derived from reported facts only: states of
 * processes, links, terms and health. Header, server shapes, *why* and the log share it, so that they agree.
 */
import type { ServerId, Term } from '../vocabulary/index.ts';
import { isSilent, type SilentState } from './health.ts';
import { aliveCount, majorityOf, reachedFrom, serverCount } from './predicates.ts';
import type { ClusterView, ServerView } from './view.ts';

/** The reason why nothing can be committed. `needed` is the size of a majority, `all` the number of members. */
export type Obstacle =
  /** The network process has ended, so no message passes. */
  | { readonly code: 'network-gone'; readonly sinceUs: number }
  | { readonly code: 'too-few-up'; readonly up: number; readonly all: number; readonly needed: number }
  | { readonly code: 'leader-frozen'; readonly server: ServerId; readonly term: Term }
  /** The leader does not react to messages; the code is its health. */
  | SilentServer
  /** A majority of all members is in a newer term, so it refuses this leader (paper, §5.1). */
  | { readonly code: 'newer-term' }
  /** The leader exchanges messages with `reached` servers, itself included. */
  | ({ readonly code: 'leader-cut-off'; readonly server: ServerId; readonly reached: number } & MajorityMissed)
  /** The leader reaches a majority, but only `answering` of these servers react to it, itself included. */
  | ({ readonly code: 'too-few-answer'; readonly answering: number } & MajorityMissed)
  /** No server leads, and none reaches a majority that could elect it. */
  | { readonly code: 'nobody-electable'; readonly needed: number };

interface MajorityMissed {
  readonly all: number;
  readonly needed: number;
}

/** A server that does not react to messages, and since when (microseconds since the run began). */
export interface SilentServer {
  readonly code: SilentState;
  readonly server: ServerId;
  readonly sinceUs: number;
}

/** Whether a cluster can commit. */
export interface Committability {
  /** The newest leader that runs; null when nobody leads. */
  readonly leader: ServerId | null;
  /** Servers whose copies that leader can count, itself first; empty when nobody leads. */
  readonly supporters: readonly ServerId[];
  /** Null when the leader can commit, and when nobody leads but an election can succeed. */
  readonly obstacle: Obstacle | null;
}

/** Whether this cluster can commit, and what prevents it. */
export function committability(view: ClusterView): Committability {
  const leader = view.leader === null ? undefined : view.servers[view.leader.server];
  if (leader === undefined)
    return { leader: null, supporters: [], obstacle: obstacleOfAll(view) ?? notElectable(view) };
  const supporters = supportersOf(view, leader);
  const obstacle = obstacleOfAll(view) ?? obstacleOf(view, leader, supporters.length);
  return { leader: leader.id, supporters, obstacle };
}

/** Standing of a leader: it can commit, it cannot, or a newer term has left it behind, so that it only believes that it leads. */
export type LeaderStanding = 'commits' | 'cannot-commit' | 'left-behind';

/** The standing of a server that leads; null for the others. */
export function leaderStanding(view: ClusterView, id: ServerId): LeaderStanding | null {
  const server = view.servers[id];
  if (server === undefined || server.role !== 'leader') return null;
  if (isLeftBehind(view, server)) return 'left-behind';
  return committability(view).obstacle === null ? 'commits' : 'cannot-commit';
}

/** Servers that believe to lead although a newer term has left them behind, in the order of their ids. */
export function leadersLeftBehind(view: ClusterView): readonly ServerView[] {
  return Object.values(view.servers).filter((server) => server.role === 'leader' && isLeftBehind(view, server));
}

/**
 * A newer leader was elected, or a majority of all members has gone on to a newer term. Either is final: no entry of this leader
 * will be committed any more (paper, §5.1).
 */
function isLeftBehind(view: ClusterView, leader: ServerView): boolean {
  if (leader.term < view.watch.electedTerm) return true;
  const newer = Object.values(view.servers).filter((server) => server.term > leader.term);
  return newer.length >= majorityOf(view);
}

function obstacleOfAll(view: ClusterView): Obstacle | null {
  const { health } = view.network;
  if (isSilent(health.state)) return { code: 'network-gone', sinceUs: health.sinceUs };
  const [up, all, needed] = [aliveCount(view), serverCount(view), majorityOf(view)];
  // A frozen leader is the obstacle when its return would make the majority.
  const isFrozen = view.leader !== null && view.servers[view.leader.server]?.status === 'frozen';
  return up + (isFrozen ? 1 : 0) < needed ? { code: 'too-few-up', up, all, needed } : null;
}

function obstacleOf(view: ClusterView, leader: ServerView, supporters: number): Obstacle | null {
  const { id: server, term } = leader;
  if (leader.status === 'frozen') return { code: 'leader-frozen', server, term };
  if (isLeftBehind(view, leader)) return { code: 'newer-term' };
  const silent = silentServer(leader);
  if (silent !== null) return silent;
  const [all, needed] = [serverCount(view), majorityOf(view)];
  const reached = reachedFrom(view, server).length;
  if (reached < needed) return { code: 'leader-cut-off', server, reached, all, needed };
  return supporters < needed ? { code: 'too-few-answer', answering: supporters, all, needed } : null;
}

/** The silence of a running server; null while it reacts to messages. */
export function silentServer({ id, status, health: { state, sinceUs } }: ServerView): SilentServer | null {
  return status === 'up' && isSilent(state) ? { code: state, server: id, sinceUs } : null;
}

function notElectable(view: ClusterView): Obstacle | null {
  const needed = majorityOf(view);
  const running = Object.values(view.servers).filter(({ status }) => status === 'up');
  const isElectable = running.some(({ id }) => reachedFrom(view, id).length >= needed);
  return isElectable ? null : { code: 'nobody-electable', needed };
}

/** The servers that can store this leader's entries and report it: reached, reacting, and not in a newer term. */
function supportersOf(view: ClusterView, leader: ServerView): readonly ServerId[] {
  return reachedFrom(view, leader.id).filter((id) => {
    const server = view.servers[id];
    return server !== undefined && server.term <= leader.term && silentServer(server) === null;
  });
}
