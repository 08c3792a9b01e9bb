/**
 * The health of servers and of the network process, as the trace shows it. A server is unhealthy when it is silent although
 * messages reach it, when its write does not end, or when its ticks come late. The network is unhealthy when its process is gone.
 * Silence is checked four times a second of run time, so that messages cost nothing. Judges and screen read the same states.
 */
import type { ServerId } from '../vocabulary/index.ts';
import type { Named, TraceEvent } from './events.ts';
import { deliveredTo } from './predicates.ts';
import type { ClusterView, HealthState, HealthView, HeardView } from './view.ts';
import { longestElectionTimeoutUs } from './watch.ts';

/** Interval between two checks for silence (µs). */
const LOOK_EVERY_US = 250_000;
/** Shortest interval between two updates of the time at which a server was last heard (µs). */
const NOTE_EVERY_US = 100_000;
/** Lower bound, at any pace, for a silence that counts and for the time that lateness stays on screen (µs). */
const SHORTEST_US = 1_000_000;

/** The health of a process without a problem. */
export const WELL: HealthView = { state: 'ok', sinceUs: 0 };

/** The states in which a process does not react to messages. A late process still does. */
export type SilentState = Exclude<HealthState, 'ok' | 'late'>;

/** True for the states in which a process does not react to messages. */
export function isSilent(state: HealthState): state is SilentState {
  return state !== 'ok' && state !== 'late';
}

/** True when this event is due to check for silence. The links must then hold every message counted so far. */
export function isLookDue(view: ClusterView, event: TraceEvent): boolean {
  return event.timeUs - view.watch.lookedUs >= LOOK_EVERY_US;
}

/** The view with the health of servers and network brought up to date after this event. */
export function withHealth(view: ClusterView, event: TraceEvent): ClusterView {
  const noted = noteEvent(view, event);
  return isLookDue(noted, event) ? look(noted, event.timeUs) : noted;
}

/** Longest silence of a healthy server that messages reach: twice the longest election timeout, in µs. */
function patienceUs(view: ClusterView): number {
  return Math.max(SHORTEST_US, 2 * longestElectionTimeoutUs(view));
}

type Note = (view: ClusterView, event: never) => ClusterView;

const network = (view: ClusterView, health: HealthView): ClusterView => ({ ...view, network: { health } });
/** The lab's report about a server's process counts as news of that server. */
const ofServer = (view: ClusterView, { server, timeUs }: Extract<TraceEvent, { readonly server: ServerId }>) =>
  heard(view, server, timeUs);
const begun = (view: ClusterView, { timeUs }: TraceEvent): ClusterView => ({
  ...network(view, WELL),
  watch: { ...view.watch, heard: {}, lookedUs: timeUs },
});

/** The notes on single events; every other event of a server only shows that it is heard. */
const NOTES: { readonly [Name in TraceEvent['event']]?: (view: ClusterView, event: Named<Name>) => ClusterView } = {
  RunStarted: begun,
  LabRestarted: begun,
  // A network process that the lab stopped is healthy.
  NetworkExited: (view, { cause, timeUs }) =>
    network(view, cause === 'ordered' ? WELL : { state: 'stalled', sinceUs: timeUs }),
  NetworkSpawned: (view) => network(view, WELL),
  ServerSpawned: ofServer,
  ServerReady: ofServer,
  ServerResumed: ofServer,
  ServerFrozen: ofServer,
  ServerExited: ofServer,
  DiskSilent: (view, { server, timeUs, forMs }) => diskSilent(view, server, timeUs - forMs * 1000),
  TicksLate: late,
};

const NOTE_OF = new Map(Object.entries(NOTES) as [string, Note][]);

function noteEvent(view: ClusterView, event: TraceEvent): ClusterView {
  const note = NOTE_OF.get(event.event);
  if (note !== undefined) return note(view, event as never);
  return view.servers[event.source] === undefined ? view : heard(view, event.source, event.timeUs);
}

function late(view: ClusterView, { source, timeUs: sinceUs }: TraceEvent): ClusterView {
  const health: HealthView = { state: 'late', sinceUs };
  if (source === 'network') return { ...view, network: { health } };
  return view.servers[source] === undefined ? view : withServerHealth(heard(view, source, sinceUs), source, health);
}

/** A write that does not end explains a silence, even one that was noticed earlier. */
function diskSilent(view: ClusterView, id: ServerId, sinceUs: number): ClusterView {
  return view.servers[id]?.status === 'up' ? withServerHealth(view, id, { state: 'disk-silent', sinceUs }) : view;
}

/** A server that reports an event is neither stalled nor waiting for its disk. */
function heard(view: ClusterView, id: ServerId, timeUs: number): ClusterView {
  const before = view.watch.heard[id];
  const wasSilent = isSilent(view.servers[id]?.health.state ?? 'ok');
  const isFresh = before !== undefined && before.delivered === null && timeUs - before.atUs < NOTE_EVERY_US;
  if (isFresh && !wasSilent) return view;
  const next = withHeard(view, id, { atUs: Math.max(timeUs, before?.atUs ?? 0), delivered: null });
  return wasSilent ? withServerHealth(next, id, WELL) : next;
}

function look(view: ClusterView, nowUs: number): ClusterView {
  let next: ClusterView = { ...view, watch: { ...view.watch, lookedUs: nowUs } };
  for (const id of Object.keys(view.servers)) next = lookAt(next, id, nowUs);
  const { health } = next.network;
  const isOver = health.state === 'late' && nowUs - health.sinceUs >= patienceUs(next);
  return isOver ? { ...next, network: { health: WELL } } : next;
}

/** Checks one server. The first check notes its delivered messages; a later message without a reaction proves the silence. */
function lookAt(view: ClusterView, id: ServerId, nowUs: number): ClusterView {
  const server = view.servers[id];
  const last = view.watch.heard[id];
  if (server === undefined || server.status !== 'up') return view;
  if (last === undefined) return heard(view, id, nowUs);
  const quietUs = nowUs - last.atUs;
  if (server.health.state === 'late' && nowUs - server.health.sinceUs >= patienceUs(view)) {
    return withServerHealth(view, id, WELL);
  }
  if (quietUs < LOOK_EVERY_US) return view;
  if (last.delivered === null) return withHeard(view, id, { ...last, delivered: deliveredTo(view, id) });
  if (isSilent(server.health.state) || quietUs < patienceUs(view) || deliveredTo(view, id) === last.delivered)
    return view;
  const state = server.lastIndex > server.durableIndex ? 'disk-silent' : 'stalled';
  return withServerHealth(view, id, { state, sinceUs: last.atUs });
}

function withHeard(view: ClusterView, id: ServerId, heardOf: HeardView): ClusterView {
  return { ...view, watch: { ...view.watch, heard: { ...view.watch.heard, [id]: heardOf } } };
}

function withServerHealth(view: ClusterView, id: ServerId, health: HealthView): ClusterView {
  const server = view.servers[id];
  return server === undefined ? view : { ...view, servers: { ...view.servers, [id]: { ...server, health } } };
}
