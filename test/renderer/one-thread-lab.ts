/**
 * A lab in one thread, for the dashboard's tests and its preview. It has the real Raft core, the real fold, and a clock that moves
 * only by `advance`. It answers like a door, without processes and files. The same seed and the same actions give the same
 * screen.
 */
import type {
  Answer,
  EventQuery,
  LabDoor,
  LabError,
  LabMode,
  LabPush,
  LabResult,
  RequestName,
  Requests,
  RunChoice,
  Telemetry,
} from '../../src/core/lab-api/index.ts';
import { storePage } from '../../src/core/state-machine/index.ts';
import {
  type AnyEvent,
  type ClusterView,
  createCommandLedger,
  createGraphCollector,
  diffView,
  emptyView,
  fold,
  halfWithinUs,
  isAsking,
  isMessageEvent,
  type LabEvent,
  lifeOfIndex,
  PACES,
  type RunSettings,
  type TraceEvent,
  type TraceFlaw,
} from '../../src/core/trace/index.ts';
import { changedTiming, DEFAULT_TIMING } from '../../src/core/vocabulary/index.ts';
import { type LinkId, UNRELIABLE } from '../../src/core/wire/index.ts';
import { whyAmong } from '../helpers/why-of.ts';
import { ThreadCluster } from './thread-cluster.ts';

export interface OneThreadLab {
  readonly door: LabDoor;
  /** All requests so far. */
  readonly asked: { readonly name: RequestName; readonly ask: unknown }[];
  readonly events: readonly TraceEvent[];
  /** Runs the cluster for the given number of milliseconds, then sends the changes to the listeners. */
  advance(ms: number): void;
  /** Advances until the view fits, at most a minute of the lab's time. Throws when it never does. */
  advanceUntil(fits: (view: ClusterView) => boolean): void;
  view(): ClusterView;
  /** Answers the next request of this name with an error. */
  failNext(name: RequestName, error: LabError): void;
  /** Answers the next request of this name with this value. */
  answerNext<Name extends RequestName>(name: Name, value: Answer<Name>): void;
  setConnection(state: 'open' | 'lost'): void;
  /** Kills a server without an order of the lab, like `kill -9` from a terminal. */
  killFromOutside(server: string): void;
  /** Records an event of the lab that does not happen here by itself, such as a judge's finding. */
  tell(event: LabEvent): void;
  /** Sends this to the page. */
  push(push: LabPush): void;
  /** The recording of this name, when it is opened next, is damaged or incomplete. */
  spoil(runId: string, flaw: TraceFlaw): void;
  /** Records an event of a server that does not happen here by itself, such as late ticks. */
  tellAs(server: string, event: AnyEvent): void;
}

interface Listener {
  readonly onPush: (push: LabPush) => void;
  readonly onConnection: (state: 'open' | 'lost') => void;
}

type Handlers = {
  readonly [Name in RequestName]: (ask: Requests[Name]['ask']) => Answer<Name> | Promise<Answer<Name>>;
};

const RUN_ID = '2026-11-23T20-00-00-demo';

/** The open workspace: nothing, a live cluster, or a recording. */
interface Open {
  mode: LabMode;
  cluster: ThreadCluster | null;
  pushedView: ClusterView;
  pushedEvents: number;
}

export interface OneThreadLabOptions {
  readonly seed?: number;
  /** Term that all servers find on their disks when a run starts; 0 unless given. */
  readonly firstTerm?: number;
}

/** Begins idle; `ready` or `createRun` starts a cluster. */
export function createOneThreadLab({ seed = 7, firstTerm = 0 }: OneThreadLabOptions = {}): OneThreadLab {
  const open: Open = { mode: { mode: 'idle' }, cluster: null, pushedView: emptyView, pushedEvents: 0 };
  const listeners = new Set<Listener>();
  const asked: OneThreadLab['asked'] = [];
  const next = new Map<RequestName, LabResult<unknown>>();
  const flaws = new Map<string, TraceFlaw>();
  const view = (): ClusterView => open.cluster?.view ?? emptyView;
  const pushAll = (): void => pushChanges(open, listeners);
  const door = createDoor({ open, listeners, asked, next, flaws, seed, firstTerm });

  function advance(ms: number): void {
    if (open.mode.mode === 'live') open.cluster?.advance(ms);
    pushAll();
  }

  return {
    door,
    push: (push) => tell(listeners, push),
    spoil: (runId, flaw) => void flaws.set(runId, flaw),
    tell: (event) => void open.cluster?.lab(event),
    tellAs: (server, event) => void open.cluster?.say(server, event),
    asked,
    get events() {
      return open.cluster?.events ?? [];
    },
    advance,
    advanceUntil(fits) {
      for (let spent = 0; spent < 60_000; spent += 20) {
        if (fits(view())) return;
        advance(20);
      }
      throw new Error(`never: ${JSON.stringify(view().story.at(-1) ?? null)}`);
    },
    view,
    failNext: (name, error) => void next.set(name, { ok: false, error }),
    answerNext: (name, value) => void next.set(name, { ok: true, value }),
    setConnection(state) {
      for (const { onConnection } of listeners) onConnection(state);
    },
    killFromOutside(id) {
      open.cluster?.die(id, 'not-ordered');
      pushAll();
    },
  };
}

function tell(listeners: Iterable<Listener>, push: LabPush): void {
  for (const { onPush } of listeners) onPush(copy(push));
}

function pushChanges(open: Open, listeners: Iterable<Listener>): void {
  const { cluster, mode } = open;
  if (cluster === null || mode.mode !== 'live') return;
  const patch = diffView(open.pushedView, cluster.view);
  open.pushedView = cluster.view;
  const fresh = cluster.events.slice(open.pushedEvents);
  open.pushedEvents = cluster.events.length;
  if (patch !== null) tell(listeners, { type: 'view', patch, nowUs: cluster.nowUs });
  if (fresh.length === 0) return;
  tell(listeners, { type: 'events', page: { events: fresh.slice(0, 500), leftOut: Math.max(0, fresh.length - 500) } });
}

interface DoorParts {
  readonly open: Open;
  readonly listeners: Set<Listener>;
  readonly asked: OneThreadLab['asked'];
  readonly next: Map<RequestName, LabResult<unknown>>;
  readonly flaws: ReadonlyMap<string, TraceFlaw>;
  readonly seed: number;
  readonly firstTerm: number;
}

function createDoor({ open, listeners, asked, next, flaws, seed, firstTerm }: DoorParts): LabDoor {
  const view = (): ClusterView => open.cluster?.view ?? emptyView;
  function setOpen(mode: LabMode, cluster: ThreadCluster | null): LabMode {
    Object.assign(open, { mode, cluster });
    open.pushedView = view();
    open.pushedEvents = cluster?.events.length ?? 0;
    tell(listeners, { type: 'mode', mode, view: view() });
    return mode;
  }
  const handlers = createHandlers({ open, setOpen, flaws, seed, firstTerm });
  const door: LabDoor = {
    kind: 'browser',
    async ask<Name extends RequestName>(name: Name, ask: Requests[Name]['ask']): Promise<LabResult<Answer<Name>>> {
      asked.push({ name, ask });
      const prepared = next.get(name) as LabResult<Answer<typeof name>> | undefined;
      next.delete(name);
      if (prepared !== undefined) return prepared;
      const answer = handlers[name](ask);
      pushChanges(open, listeners);
      return { ok: true, value: copy((await answer) as Answer<Name>) };
    },
    listen(onPush, onConnection) {
      const listener = { onPush, onConnection };
      listeners.add(listener);
      onConnection('open');
      onPush(copy({ type: 'mode', mode: open.mode, view: view() }));
      return () => void listeners.delete(listener);
    },
    async openRecording(file, endLive) {
      asked.push({ name: 'openRun', ask: { runId: file.name, ...(endLive ? { endLive } : {}) } });
      const prepared = next.get('openRun') as LabResult<LabMode> | undefined;
      next.delete('openRun');
      if (prepared !== undefined) return prepared;
      const { cluster } = open;
      if (cluster === null) throw new Error('no run is open');
      const { settings, nowUs: toUs } = cluster;
      const past = { mode: 'past', runId: 'opened-1', file: file.name, settings, fromUs: 0, toUs, atUs: toUs } as const;
      return { ok: true, value: setOpen(past, cluster) };
    },
    openNamed: (endLive) => door.openRecording(new File([], 'named.jsonl'), endLive),
    async exportRun() {
      open.cluster?.lab({ event: 'RunExported', format: 'jsonl', events: open.cluster.events.length });
      pushChanges(open, listeners);
      return { ok: true, value: { savedAs: null } };
    },
  };
  return door;
}

interface Parts {
  readonly open: Open;
  readonly setOpen: (mode: LabMode, cluster: ThreadCluster | null) => LabMode;
  readonly flaws: ReadonlyMap<string, TraceFlaw>;
  readonly seed: number;
  readonly firstTerm: number;
}

function createHandlers({ open, setOpen, flaws, seed, firstTerm }: Parts): Handlers {
  const live = (): ThreadCluster => {
    if (open.cluster === null) throw new Error('no run is open');
    return open.cluster;
  };
  let runs = 0;
  const createRun = (choice: RunChoice): LabMode => {
    const cluster = new ThreadCluster(settingsFor(choice, seed), firstTerm);
    runs += 1;
    return setOpen(
      { mode: 'live', runId: runs === 1 ? RUN_ID : `${RUN_ID}-${runs}`, settings: cluster.settings },
      cluster,
    );
  };
  const handlers: Handlers = {
    ready: ({ autoStart }) => (open.mode.mode === 'idle' && autoStart ? createRun({}) : open.mode),
    createRun,
    continueRun: () => open.mode,
    openRun: ({ runId }) => {
      const { settings, nowUs } = live();
      const flaw = flaws.get(runId);
      const mode = { mode: 'past', runId, settings, fromUs: 0, toUs: nowUs, atUs: nowUs } as const;
      return setOpen(flaw === undefined ? mode : { ...mode, flaw }, open.cluster);
    },
    closeRun: () => setOpen({ mode: 'idle' }, null),
    deleteRun: () => ({}),
    labelRun: () => ({}),
    keepRuns: ({ agreed }) => ({ count: 3, bytes: 2_000_000, first: RUN_ID, isDone: agreed !== undefined }),
    dataFolder: () => ({ path: '/home/ada/.local/share/raft-lab' }),
    listRuns: () => {
      if (open.mode.mode === 'idle') return [];
      const { settings } = open.mode;
      const summary = { runId: RUN_ID, startedAt: '2026-11-23T20:00:00Z', settings, bytes: 81_234 };
      const label = { title: '', note: '', scenario: null, verdict: 'valid', isUnfinished: false } as const;
      return [{ ...summary, ...label, live: false, ok: true, problem: '' }];
    },
    kill: ({ servers }) => servers.flatMap((id) => live().die(id, 'ordered') ?? []),
    restart: ({ servers }) =>
      servers
        .filter((id) => live().servers.get(id)?.isAlive() === false)
        .map((id) => {
          live().spawn(id);
          return { server: id, pid: live().view.servers[id]?.pid ?? 0 };
        }),
    freeze: ({ servers }) => servers.flatMap((id) => live().setFrozen(id, true) ?? []),
    resume: ({ servers }) => servers.flatMap((id) => live().setFrozen(id, false) ?? []),
    killInWrite: () => {
      throw new Error('no screen kills inside a write');
    },
    cutOff: ({ servers }) => ({ fault: live().cut(servers) }),
    partition: () => {
      throw new Error('no screen asks for groups');
    },
    cutClients: ({ servers }) => ({ fault: live().beginClients(servers) }),
    setLinks: ({ links, policy }) => {
      for (const [fault, on] of live().linkFaults)
        if (on.links.every((link) => links.includes(link))) live().heal(fault);
      return { fault: policy.mode === 'pass' ? null : live().beginLinks('link', links, policy) };
    },
    setNetwork: ({ is }) => {
      for (const { kind, id } of live().view.faults) if (kind === 'unreliable') live().heal(id);
      const links = Object.keys(live().view.links) as LinkId[];
      return { fault: is === 'reliable' ? null : live().beginLinks('unreliable', links, UNRELIABLE) };
    },
    heal: ({ fault, keepFrozen = false }) => {
      const healed = [...live().cuts.keys(), ...live().linkFaults.keys()].filter(
        (one) => fault === undefined || fault === one,
      );
      for (const one of healed) live().heal(one);
      const isFrozen = (id: string) => fault === undefined && !keepFrozen && live().setFrozen(id, false) !== null;
      return { healed, resumed: [...live().servers.keys()].filter(isFrozen) };
    },
    resetLinks: () => {
      throw new Error('no screen resets links');
    },
    setKeepAlive: ({ on }) => {
      live().lab({ event: 'KeepAliveChanged', on });
      return { on };
    },
    setRandomFaults: ({ perMinute, seed: wanted }) => {
      if (perMinute === 0) {
        live().lab({ event: 'NemesisStopping' });
        live().lab({ event: 'NemesisEnded', recovered: true, afterMs: 0 });
        return { seed: null };
      }
      const chosen = wanted ?? 1;
      live().lab({ event: 'NemesisStarted', seed: chosen, perMinute });
      return { seed: chosen };
    },
    listScenarios: () => [
      { name: 'TestReElection', title: { en: 'A new leader', zh: '新的领袖' }, part: '实验一', servers: 3 },
      { name: 'Tour', title: { en: 'A tour', zh: '导览' }, part: '', servers: 3 },
    ],
    playScenario: ({ name, seed: wanted }) => {
      const mode = createRun({ servers: 3 });
      const title = { en: 'A new leader', zh: '新的领袖' };
      const steps = ['checkOneLeader: L1', 'disconnect: L1', 'checkOneLeader: L2'];
      live().lab({ event: 'ScenarioStarted', name, title, seed: wanted ?? 7, steps, reported: 4.51 });
      live().lab({ event: 'ScenarioStepBegan', step: 1 });
      return mode;
    },
    playScenarioFile: ({ seed: wanted }) => handlers.playScenario({ name: 'Own', seed: wanted }),
    stopScenario: () => {
      live().lab({ event: 'ScenarioNoted', says: { en: 'a slow machine', zh: '机器太慢' }, warning: true });
      live().lab({
        event: 'ScenarioEnded',
        verdict: 'unknown',
        reason: { en: 'it was called off', zh: '被中止' },
        seconds: 1.25,
      });
      return {};
    },
    setPace: ({ pace }) => {
      live().pace = pace;
      live().lab({ event: 'PaceChanged', pace, ...PACES[pace] });
      return { pace };
    },
    setTiming: (change) => {
      const timing = changedTiming(live().view.settings ?? DEFAULT_TIMING, change) ?? DEFAULT_TIMING;
      live().lab({ event: 'TimingChanged', ...timing });
      return { timing };
    },
    submit: ({ command }) =>
      new Promise((resolve) => {
        live().submit(command, ({ id: server, ...done }) => resolve({ outcome: 'done', server, ...done }));
      }),
    startCommand: ({ server, command }) => {
      live().lab({ event: 'StartOrdered', server, command });
      const accepted = live().servers.get(server)?.propose('', command) ?? null;
      const leaderId = live().view.servers[server]?.leaderId ?? null;
      const outcome = accepted === null ? 'not-leader' : 'accepted';
      const answer = { outcome, index: accepted?.index ?? null, term: accepted?.term ?? null, leaderId } as const;
      live().lab({ event: 'StartAnswered', server, ...answer });
      return { ...answer, isLeader: accepted !== null };
    },
    serverState: () => ({ noAnswer: true }),
    stores: () => storesOf(live()),
    disk: ({ server }) => diskOf(live(), server),
    process: ({ server }) => processOf(live(), server),
    events: (query) => eventsOf(open.cluster?.events ?? [], query),
    commands: (ask) => commandsIn(open.cluster?.events ?? [], ask),
    graphs: () => graphsOf(open.cluster?.events ?? []),
    viewAt: ({ timeUs }) =>
      live()
        .events.filter((event) => event.timeUs <= timeUs)
        .reduce(fold, emptyView),
    indexLife: ({ index, toUs = live().view.timeUs }) => {
      const events = live().events.filter((event) => event.timeUs <= toUs);
      return lifeOfIndex(events, index, { untilUs: toUs, isCut: false });
    },
    why: (ask) => whyAmong(live().events, ask),
  };
  return handlers;
}

function settingsFor(choice: RunChoice, seed: number): RunSettings {
  const isProduction = choice.preset === 'production';
  return {
    servers: Array.from({ length: choice.servers ?? 5 }, (_, index) => `S${index + 1}`),
    pace: choice.pace ?? 'classroom',
    preset: choice.preset ?? 'paper',
    flags: { preVote: isProduction, checkQuorum: isProduction, noop: isProduction },
    durability: choice.durability ?? 'fsync',
    electionTicks: 15,
    heartbeatTicks: 5,
    seed: choice.seed ?? seed,
  };
}

function storesOf({ servers }: ThreadCluster): Answer<'stores'> {
  return Object.fromEntries(
    [...servers].map(([id, server]) => {
      if (!server.isAlive()) return [id, null];
      return [id, storePage(server.machine(), { limit: 200, after: null })];
    }),
  );
}

function diskOf({ servers, settings }: ThreadCluster, id: string): Answer<'disk'> {
  const disk = servers.get(id)?.disk() ?? { currentTerm: 0, votedFor: null, entries: [] };
  const { currentTerm, votedFor, entries } = disk;
  const state = { format: 'raft-lab state', version: 1, server: id, currentTerm, votedFor, snapshot: null };
  return {
    server: id,
    folder: `/home/you/.local/share/raft-lab/runs/${RUN_ID}/servers/${id}`,
    files: [
      { path: 'state.json', bytes: 158, modifiedAt: '2026-11-23T20:00:01Z' },
      { path: 'log/tail-1.jsonl', bytes: 34 + entries.length * 112, modifiedAt: '2026-11-23T20:00:02Z' },
    ],
    state,
    stateText: JSON.stringify(state),
    entries: entries.slice(-50),
    lastIndex: entries.length,
    tornBytes: 0,
    problems: [],
    durability: settings.durability,
  };
}

function processOf({ servers, nowUs, view }: ThreadCluster, id: string): Answer<'process'> {
  const server = servers.get(id);
  const isAlive = server?.isAlive() ?? false;
  const exit = view.servers[id]?.exit ?? null;
  // As in the real lab, the last report of a server is kept after its end.
  const telemetry: Telemetry = {
    rssBytes: 61_000_000,
    heapBytes: 9_000_000,
    cpuUs: 120_000,
    uptimeMs: nowUs / 1000,
    ticks: 100,
    missedTicks: 0,
    tickLagMs: 1,
    electionElapsed: 3,
    electionTimeout: 20,
    lastWriteMs: 0.4,
    writes: 7,
  };
  return {
    server: id,
    pid: isAlive ? (server?.pid ?? null) : null,
    life: server?.life ?? 0,
    uptimeMs: isAlive ? nowUs / 1000 : null,
    telemetry,
    cpuShare: isAlive ? 0.013 : null,
    exit: isAlive || exit === null ? null : { code: exit.code, signal: exit.signal, ordered: exit.ordered },
    stdout: isAlive ? [`${id} listens on 127.0.0.1`] : [],
    stderr: [],
  };
}

function eventsOf(events: readonly TraceEvent[], query: EventQuery): Answer<'events'> {
  const text = query.text?.toLowerCase();
  const fitting = events.filter((event) => {
    if (query.names === undefined ? isMessageEvent(event.event) : !query.names.includes(event.event)) return false;
    if (query.sources !== undefined && !query.sources.includes(event.source)) return false;
    if (query.toUs !== undefined && event.timeUs > query.toUs) return false;
    return text === undefined || JSON.stringify(event).toLowerCase().includes(text);
  });
  const limit = query.limit ?? 1000;
  const page = query.newest === true ? fitting.slice(-limit).reverse() : fitting.slice(0, limit);
  return { events: page, leftOut: fitting.length - page.length };
}

function commandsIn(events: readonly TraceEvent[], { toUs = Infinity, limit }: Requests['commands']['ask']) {
  const known = events.filter((event) => event.timeUs <= toUs);
  const asked = known.filter(isAsking).reverse();
  const ledger = createCommandLedger(asked.slice(0, limit), emptyView);
  for (const event of known) ledger.hear(event);
  const commands = ledger.commands();
  return { commands, leftOut: Math.max(0, asked.length - limit), halfWithinUs: halfWithinUs(commands), readToUs: null };
}

function graphsOf(events: readonly TraceEvent[]) {
  const collector = createGraphCollector();
  for (const event of events) collector.hear(event);
  return { ...collector.graphs(), share: 1 };
}

/** Copies a value through JSON, as a real door does, so that page and lab share no objects. */
function copy<Value>(value: Value): Value {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as Value);
}
