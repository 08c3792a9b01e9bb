/**
 * Recognises facts that follow from several events: a server that catches up after a fault, and a command that its server cannot
 * commit. The story and *Try this* read these facts; screens do not.
 */
import { carries, longestElectionTicks, type ServerId } from '../vocabulary/index.ts';
import type { TraceEvent } from './events.ts';
import { entryKey } from './fold-entries.ts';
import { isCaughtUp, majorityOf, reachOf, serverCount } from './predicates.ts';
import type { ClusterView, FaultView, WatchView } from './view.ts';

/**
 * The view with its watch brought up to date after this event.
 *
 * @param mayConclude  false for an event that has a caption of its own. An event has one caption, so a conclusion waits for the
 *   next event without one. Otherwise "S1 has caught up" would hide "S1 dropped its entry 5", since both are true at once.
 */
export function watched(before: ClusterView, next: ClusterView, event: TraceEvent, mayConclude: boolean): ClusterView {
  const facts = stuckEnded(next, remembered(before, next, event));
  const watch = mayConclude ? concluded(next, event, facts) : facts;
  return watch === next.watch ? next : { ...next, watch };
}

/**
 * True while some fact waits for the next event or for time to pass. Without one, an event about a message leads to no
 * conclusion, and most events are about messages.
 */
export function isWaiting({ watch }: ClusterView): boolean {
  if (watch.stuck !== null) return true;
  for (const _ in watch.catchingUp) return true;
  return false;
}

/** Microseconds of one election timeout T at the present pace. */
export function electionTimeoutUs(view: ClusterView): number {
  return (view.settings?.electionTicks ?? 0) * view.tickMs * 1000;
}

/** Microseconds of the longest election timeout at the present pace. */
export function longestElectionTimeoutUs(view: ClusterView): number {
  return view.settings === null ? 0 : longestElectionTicks(view.settings) * view.tickMs * 1000;
}

/** True while no leader has counted the stuck command committed. */
export function isStillStuck(view: ClusterView, stuck: NonNullable<WatchView['stuck']>): boolean {
  const entry = view.entries[entryKey(stuck.index, stuck.term)];
  return entry === undefined ? view.commitIndex < stuck.index : entry.committedUs === null;
}

function remembered(before: ClusterView, next: ClusterView, event: TraceEvent): WatchView {
  const { watch } = next;
  switch (event.event) {
    case 'ServerSpawned':
      return respawned(before, watch, event.server);
    case 'ServerExited': {
      const stuck = watch.stuck?.server === event.server ? null : watch.stuck;
      return { ...watch, stuck, catchingUp: without(watch.catchingUp, event.server) };
    }
    case 'FaultEnded':
      return healed(before, next, event);
    case 'LabRestarted':
      return { ...watch, stuck: null, catchingUp: {}, commands: {}, tornBytes: {} };
    case 'ServerResumed':
      return { ...watch, catchingUp: { [event.server]: 'resumed', ...watch.catchingUp } };
    case 'EntriesProposed': {
      const taken = event.entries.find((entry) => entry.type === 'command');
      if (taken === undefined || watch.stuck !== null) return watch;
      if (reachOf(next, event.source) >= majorityOf(next)) return watch;
      const { index, term } = taken;
      // Links are cut shortly before the lab reports that the fault began.
      const duringCut = next.faults.length > 0 || Object.values(next.links).some((link) => !carries(link.policy));
      const stuck = { server: event.source, index, term, sinceUs: event.timeUs, duringCut, said: false };
      return { ...watch, stuck };
    }
    case 'EntriesTruncated': {
      const isGone = watch.stuck?.server === event.source && event.from <= watch.stuck.index;
      return isGone ? { ...watch, stuck: null } : watch;
    }
    default:
      return watch;
  }
}

/** A server that restarts while others run has to catch up. */
function respawned(before: ClusterView, watch: WatchView, id: ServerId): WatchView {
  const tornBytes = without(watch.tornBytes, id);
  const others = Object.values(before.servers).some((server) => server.id !== id && server.status === 'up');
  const exit = before.servers[id]?.exit ?? null;
  if (!others || exit === null) return { ...watch, tornBytes };
  const why = exit.signal === 'SIGKILL' ? 'killed' : 'restarted';
  return { ...watch, tornBytes, catchingUp: { ...watch.catchingUp, [id]: why } };
}

/** The end of a cut: servers of the smaller side have to catch up. */
function healed(
  before: ClusterView,
  next: ClusterView,
  event: { readonly fault: string; readonly timeUs: number },
): WatchView {
  const { watch } = next;
  const fault = before.faults.find((one) => one.id === event.fault);
  if (fault === undefined) return watch;
  const behind = behindAfter(next, fault).filter(
    (id) => next.servers[id]?.status === 'up' && watch.catchingUp[id] === undefined,
  );
  const added = Object.fromEntries(behind.map((id): [ServerId, 'healed'] => [id, 'healed']));
  const stuck = watch.stuck?.duringCut && next.faults.length === 0 ? null : watch.stuck;
  return { ...watch, stuck, healedUs: event.timeUs, catchingUp: { ...added, ...watch.catchingUp } };
}

/** Servers that may have missed entries: the smaller side of a cut, or all outside the largest group of a partition. */
function behindAfter(view: ClusterView, { kind, servers, groups }: FaultView): readonly ServerId[] {
  const all = Object.keys(view.servers);
  const without = (group: readonly ServerId[]): readonly ServerId[] => all.filter((id) => !group.includes(id));
  if (kind === 'cut') return servers.length * 2 <= serverCount(view) ? servers : without(servers);
  if (kind !== 'partition') return [];
  const rest = without(groups.flat());
  return without([rest, ...groups].reduce((largest, group) => (group.length > largest.length ? group : largest)));
}

/** Draws at most one conclusion, since an event has one caption. */
function concluded(next: ClusterView, event: TraceEvent, watch: WatchView): WatchView {
  const stuck = stuckLater(next, event, watch);
  return stuck === watch ? caughtUp(next, watch) : stuck;
}

function stuckEnded(next: ClusterView, watch: WatchView): WatchView {
  return watch.stuck === null || isStillStuck(next, watch.stuck) ? watch : { ...watch, stuck: null };
}

/** Marks a command as stuck after one election timeout, since a majority that is reachable would have answered by then. */
function stuckLater(next: ClusterView, event: TraceEvent, watch: WatchView): WatchView {
  const { stuck } = watch;
  if (stuck === null || stuck.said || event.timeUs < stuck.sinceUs + electionTimeoutUs(next)) return watch;
  if (reachOf(next, stuck.server) >= majorityOf(next)) return watch;
  return { ...watch, stuck: { ...stuck, said: true } };
}

function caughtUp(next: ClusterView, watch: WatchView): WatchView {
  const done = Object.keys(watch.catchingUp).find((id) => isCaughtUp(next, id));
  return done === undefined ? watch : { ...watch, catchingUp: without(watch.catchingUp, done) };
}

function without<Value>(record: Readonly<Record<string, Value>>, key: string): Readonly<Record<string, Value>> {
  if (record[key] === undefined) return record;
  const { [key]: _, ...rest } = record;
  return rest;
}
