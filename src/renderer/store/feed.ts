/**
 * The feed from the door to the store. It applies every push to the live view and publishes the view to React: at once when a
 * role, a term, a leader or a fault changed, otherwise at most ten times a second. While the view is paused it only counts
 * events. Messages go to the flights, which React never sees.
 */
import type { DoorConnection, EventPage, LabDoor, LabLag, LabMode, LabPush } from '../../core/lab-api/index.ts';
import { applyPatch, type ClusterView, type TraceEvent } from '../../core/trace/index.ts';
import { type DashboardStore, RECENT_EVENTS, runKeyOf } from './dashboard-store.ts';
import type { Flights } from './flights.ts';
import type { LabClock } from './lab-clock.ts';
import { isNotable, NOTABLE_NAMES } from './notable.ts';

export interface FeedParts {
  readonly door: LabDoor;
  readonly store: DashboardStore;
  readonly clock: LabClock;
  readonly flights: Flights;
  /** Calls back after the given number of milliseconds; the returned function cancels the call. */
  readonly later: (run: () => void, ms: number) => () => void;
}

/** Shortest time between two changes of text and numbers on the screen, in milliseconds. Roles and faults change at once. */
const PUBLISH_EVERY_MS = 100;

/** Number of events requested at the beginning: with nine servers, eight of nine commits are not notable. */
const RECALLED = 540;

/** Listens to a door from its construction until `close`. */
export class Feed {
  private readonly parts: FeedParts;
  private readonly stop: () => void;
  private newest: ClusterView | null = null;
  private cancelPublish: (() => void) | null = null;
  /** Number of notable events that came while the view was paused. */
  private held: TraceEvent[] = [];

  constructor(parts: FeedParts) {
    this.parts = parts;
    this.stop = parts.door.listen(
      (push) => this.take(push),
      (connection) => this.setConnection(connection),
    );
  }

  /** The newest view, even while the shown view is paused; null before the first push. The motion loop draws timers from it. */
  live(): ClusterView | null {
    return this.newest;
  }

  setPaused(isPaused: boolean): void {
    const { store, flights } = this.parts;
    const before = store.getState();
    if (before.isPaused === isPaused) return;
    flights.clear();
    const eventVersion = before.eventVersion + 1;
    store.setState({ isPaused, waiting: 0, eventVersion, ...(isPaused ? {} : { view: this.newest }) });
    if (!isPaused) this.addRecent(this.held);
    this.held = [];
  }

  /** Shows another moment of an opened recording. */
  showPast(view: ClusterView, atUs: number): void {
    const { store, clock } = this.parts;
    const { mode } = store.getState();
    if (mode?.mode !== 'past') return;
    this.newest = view;
    clock.standAt(atUs);
    store.setState({ view, mode: { ...mode, atUs }, recent: [] });
    void this.recall();
  }

  close(): void {
    this.cancelPublish?.();
    this.stop();
  }

  private take(push: LabPush): void {
    if (push.type === 'mode') this.showMode(push.mode, push.view);
    else if (push.type === 'events') this.showEvents(push.page);
    else if (push.type === 'reading') this.parts.store.setState({ reading: push.share });
    else this.showPatch(push);
  }

  private showMode(mode: LabMode, view: ClusterView): void {
    const { store, clock, flights } = this.parts;
    this.newest = view;
    this.held = [];
    flights.clear();
    clock.standAt(mode.mode === 'past' ? mode.atUs : view.timeUs);
    const before = store.getState();
    const isSameRun = runKeyOf(before.mode) === runKeyOf(mode);
    store.setState({
      mode,
      view,
      isPaused: false,
      hasEnded: view.ended !== null,
      lag: null,
      reading: null,
      waiting: 0,
      eventVersion: before.eventVersion + 1,
      ...(isSameRun ? {} : { selection: { kind: 'none' }, group: [], recent: [], toasts: [] }),
      // A question names an event of the run that was open before.
      ...(isSameRun || before.face !== 'why' ? {} : { face: 'selection' }),
      ...(isSameRun ? {} : { whyAsked: [] }),
      // The error of a file named at the start must stay when a run is started in its place.
      ...(isSameRun ? {} : { problems: before.problems.filter(({ place }) => place === 'file') }),
    });
    void this.recall();
  }

  private showPatch(push: Extract<LabPush, { readonly type: 'view' }>): void {
    const before = this.newest;
    if (before === null) return;
    this.newest = applyPatch(before, push.patch);
    const { store, clock, later } = this.parts;
    if (store.getState().mode?.mode === 'live') clock.tell(push.nowUs);
    const lag = push.lag ?? null;
    if (!isSameLag(store.getState().lag, lag)) store.setState({ lag });
    if (before.ended !== this.newest.ended) store.setState({ hasEnded: this.newest.ended !== null });
    if (before.violations.length === 0 && this.newest.violations.length > 0) {
      // A violated property pauses the view at once, so that the evidence stays on the screen. The cluster keeps running.
      this.publish();
      this.setPaused(true);
      return;
    }
    if (isUrgent(before, this.newest)) this.publish();
    else this.cancelPublish ??= later(() => this.publish(), PUBLISH_EVERY_MS);
  }

  private publish(): void {
    this.cancelPublish?.();
    this.cancelPublish = null;
    const { store } = this.parts;
    const { isPaused, view } = store.getState();
    if (!isPaused && view !== this.newest) store.setState({ view: this.newest });
  }

  private showEvents(page: EventPage): void {
    const { store, clock, flights } = this.parts;
    const { isPaused, waiting, eventVersion } = store.getState();
    if (isPaused) {
      store.setState({ waiting: waiting + page.events.length + page.leftOut });
      this.held = [...this.held, ...page.events.filter(isNotable)].slice(-RECENT_EVENTS);
      return;
    }
    if (this.newest !== null) {
      flights.add(page.events, { nowUs: clock.nowUs(), hopDelayMs: this.newest.hopDelayMs });
    }
    this.addRecent(page.events);
    store.setState({ eventVersion: eventVersion + 1 });
  }

  private addRecent(events: readonly TraceEvent[]): void {
    const notable = events.filter(isNotable);
    if (notable.length === 0) return;
    const { store } = this.parts;
    const bySeq = new Map([...store.getState().recent, ...notable].map((event) => [event.seq, event]));
    const recent = [...bySeq.values()].sort((a, b) => a.timeUs - b.timeUs || a.seq - b.seq).slice(-RECENT_EVENTS);
    store.setState({ recent });
  }

  /** Requests the last notable events of a run that began before the page opened, or before the shown moment. */
  private async recall(): Promise<void> {
    const { door, store } = this.parts;
    const { mode } = store.getState();
    if (mode?.mode === 'idle') return;
    const until = mode?.mode === 'past' ? { toUs: mode.atUs } : {};
    // Requested by name, because the newest events of an idle cluster are timers and heartbeats only.
    const result = await door.ask('events', { newest: true, limit: RECALLED, names: NOTABLE_NAMES, ...until });
    // Another run may be open now. Its list must not contain events of this one.
    if (result.ok && store.getState().mode === mode) this.addRecent(result.value.events);
  }

  private setConnection(connection: DoorConnection): void {
    const { store, clock, flights } = this.parts;
    if (connection !== 'open') {
      clock.stop();
      flights.clear();
    }
    store.setState({ connection });
  }
}

/** True when both look the same on the screen, which shows whole seconds. */
function isSameLag(a: LabLag | null, b: LabLag | null): boolean {
  if (a === null || b === null) return a === b;
  return seconds(a.pictureUs) === seconds(b.pictureUs) && seconds(a.judgesUs) === seconds(b.judgesUs);
}

function seconds(us: number): number {
  return Math.floor(us / 1_000_000);
}

/** Id of the newest sentence. Repetitions that join it are published with the next change. */
function newestOf({ story }: ClusterView): number | undefined {
  return story.at(-1)?.id;
}

/** The parts of a view that are published at once: role, term, status, leader, faults, a new sentence. */
function isUrgent(before: ClusterView, after: ClusterView): boolean {
  if (before.leader !== after.leader || before.faults !== after.faults || newestOf(before) !== newestOf(after))
    return true;
  if (before.servers === after.servers) return false;
  return Object.values(after.servers).some((server) => {
    const old = before.servers[server.id];
    if (old === server) return false;
    if (old?.role !== server.role || old.term !== server.term || old.status !== server.status) return true;
    return Object.keys(old.votes).length !== Object.keys(server.votes).length;
  });
}
