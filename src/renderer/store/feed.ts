/**
 * From the door to the store. The feed keeps the live view current with every push and publishes it to React: at
 * once when a role, a term, a leader or a fault changed, otherwise at most ten times a second. While the view is
 * frozen it goes on listening and only counts. Messages go to the flights, which React never sees.
 */
import type { EventPage, LabDoor, LabMode, LabPush } from '../../core/lab-api/index.ts';
import { applyPatch, type ClusterView, type TraceEvent } from '../../core/trace/index.ts';
import type { Flights } from '../stage/flights.ts';
import { type DashboardStore, RECENT_EVENTS } from './dashboard-store.ts';
import type { LabClock } from './lab-clock.ts';
import { isNotable } from './notable.ts';

export interface FeedParts {
  readonly door: LabDoor;
  readonly store: DashboardStore;
  readonly clock: LabClock;
  readonly flights: Flights;
  /** Calls back after so many milliseconds; returns how to call it off. */
  readonly later: (run: () => void, ms: number) => () => void;
}

export interface Feed {
  /** The newest view, frozen or not: the motion loop draws timers from it. null before the first push. */
  live(): ClusterView | null;
  setFrozen(frozen: boolean): void;
  /** Shows another moment of an opened recording. */
  showPast(view: ClusterView, atUs: number): void;
  close(): void;
}

/** Text and numbers change on the screen at most this often; roles and faults at once. Milliseconds. */
export const PUBLISH_EVERY_MS = 100;

/** Starts listening. */
export function startFeed({ door, store, clock, flights, later }: FeedParts): Feed {
  let live: ClusterView | null = null;
  let cancelPublish: (() => void) | null = null;

  function publish(): void {
    cancelPublish?.();
    cancelPublish = null;
    if (!store.getState().frozen && store.getState().view !== live) store.setState({ view: live });
  }

  function publishSoon(): void {
    cancelPublish ??= later(publish, PUBLISH_EVERY_MS);
  }

  function showMode(mode: LabMode, view: ClusterView): void {
    live = view;
    flights.clear();
    clock.standAt(mode.mode === 'past' ? mode.atUs : view.timeUs);
    const before = store.getState();
    const isSameRun = runIdOf(before.mode) === runIdOf(mode);
    store.setState({
      mode,
      view,
      frozen: false,
      waiting: 0,
      eventVersion: before.eventVersion + 1,
      ...(isSameRun ? {} : { selection: { kind: 'none' }, group: [], recent: [], problems: [] }),
    });
    void recall();
  }

  /** The last notable events of a run that was already going when we came, or up to the moment looked at. */
  async function recall(): Promise<void> {
    const { mode } = store.getState();
    if (mode?.mode === 'idle') return;
    const until = mode?.mode === 'past' ? { toUs: mode.atUs } : {};
    const result = await door.ask('events', { newest: true, limit: 200, ...until });
    // By now another run may be open: its list must not begin with events of this one.
    if (result.ok && store.getState().mode === mode) addRecent(result.value.events);
  }

  function addRecent(events: readonly TraceEvent[]): void {
    const notable = events.filter(isNotable);
    if (notable.length === 0) return;
    const bySeq = new Map([...store.getState().recent, ...notable].map((event) => [event.seq, event]));
    const recent = [...bySeq.values()].sort((a, b) => a.timeUs - b.timeUs || a.seq - b.seq).slice(-RECENT_EVENTS);
    store.setState({ recent });
  }

  function showEvents(page: EventPage): void {
    const { frozen, waiting, eventVersion } = store.getState();
    if (frozen) {
      store.setState({ waiting: waiting + page.events.length + page.leftOut });
      held.push(...page.events.filter(isNotable));
      held.splice(0, held.length - RECENT_EVENTS);
      return;
    }
    if (live !== null) flights.add(page.events, { nowUs: clock.nowUs(), hopDelayMs: live.hopDelayMs });
    addRecent(page.events);
    store.setState({ eventVersion: eventVersion + 1 });
  }
  const held: TraceEvent[] = [];

  function onPush(push: LabPush): void {
    if (push.type === 'mode') showMode(push.mode, push.view);
    else if (push.type === 'events') showEvents(push.page);
    else showPatch(push);
  }

  function showPatch(push: Extract<LabPush, { readonly type: 'view' }>): void {
    if (live === null) return;
    const before = live;
    live = applyPatch(live, push.patch);
    if (store.getState().mode?.mode === 'live') clock.tell(push.nowUs);
    if (isUrgent(before, live)) publish();
    else publishSoon();
  }

  function onConnection(connection: 'open' | 'lost'): void {
    if (connection === 'lost') {
      clock.stop();
      flights.clear();
    }
    store.setState({ connection });
  }

  const stop = door.listen(onPush, onConnection);
  return {
    live: () => live,
    setFrozen(frozen) {
      if (store.getState().frozen === frozen) return;
      flights.clear();
      store.setState({ frozen, waiting: 0, ...(frozen ? {} : { view: live }) });
      if (!frozen) addRecent(held.splice(0));
      store.setState({ eventVersion: store.getState().eventVersion + 1 });
    },
    showPast(view, atUs) {
      const { mode } = store.getState();
      if (mode?.mode !== 'past') return;
      live = view;
      clock.standAt(atUs);
      store.setState({ view, mode: { ...mode, atUs }, recent: [] });
      void recall();
    },
    close() {
      cancelPublish?.();
      stop();
    },
  };
}

/** Role, term, status, leader, faults, caption: what a class must see change at the moment it changes. */
function isUrgent(before: ClusterView, after: ClusterView): boolean {
  if (before.leader !== after.leader || before.faults !== after.faults || before.caption !== after.caption) return true;
  if (before.servers === after.servers) return false;
  return Object.values(after.servers).some((server) => {
    const old = before.servers[server.id];
    if (old === server) return false;
    if (old?.role !== server.role || old.term !== server.term || old.status !== server.status) return true;
    return Object.keys(old.votes).length !== Object.keys(server.votes).length;
  });
}

function runIdOf(mode: LabMode | null): string | null {
  return mode === null || mode.mode === 'idle' ? null : `${mode.mode} ${mode.runId}`;
}
