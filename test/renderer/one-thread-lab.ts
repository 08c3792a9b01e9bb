/**
 * A lab in one thread, for the dashboard's tests and its preview: the real Raft core and the real fold under a
 * clock that only moves when told. It answers as a door does, with no process, no file and no chance: the same
 * seed and the same acts give the same screen.
 */
import type {
  Answer,
  EventQuery,
  LabDoor,
  LabMode,
  LabPush,
  LabResult,
  RequestName,
  Requests,
  RunChoice,
} from '../../src/core/lab-api/index.ts';
import { storeItems } from '../../src/core/state-machine/index.ts';
import {
  type ClusterView,
  diffView,
  emptyView,
  entryKey,
  fold,
  isMessageEvent,
  PACES,
  type RunSettings,
  type TraceEvent,
} from '../../src/core/trace/index.ts';
import type { Command, CommandResult } from '../../src/core/wire/index.ts';
import { createThreadServer, type ThreadServer } from './thread-server.ts';

export interface OneThreadLab {
  readonly door: LabDoor;
  /** Every question so far. */
  readonly asked: { readonly name: RequestName; readonly ask: unknown }[];
  readonly events: readonly TraceEvent[];
  /** Lets the cluster live for so many milliseconds, then tells the listeners what changed. */
  advance(ms: number): void;
  /** Advances until the view fits, at most a minute of the lab's time. Throws when it never does. */
  advanceUntil(fits: (view: ClusterView) => boolean): void;
  view(): ClusterView;
  /** Answers the next question of this name with an error. */
  failNext(name: RequestName, error: Extract<LabResult<never>, { ok: false }>['error']): void;
  setConnection(state: 'open' | 'lost'): void;
  /** Something the lab itself did not do: `kill -9` from a terminal. */
  killFromOutside(server: string): void;
}

const START_UP_MS = 350;

/** Begins idle; `ready` or `createRun` starts a cluster. */
export function createOneThreadLab(options: { readonly seed?: number } = {}): OneThreadLab {
  const asked: OneThreadLab['asked'] = [];
  const failing = new Map<RequestName, Extract<LabResult<never>, { ok: false }>['error']>();
  const listeners = new Set<{
    readonly onPush: (push: LabPush) => void;
    readonly onConnection: (state: 'open' | 'lost') => void;
  }>();
  const servers = new Map<string, ThreadServer>();
  const cuts = new Map<string, readonly string[]>();
  const waitingClients = new Map<string, (answer: Answer<'submit'>) => void>();
  let agenda: { readonly atUs: number; readonly order: number; readonly run: () => void }[] = [];
  let order = 0;
  let nowUs = 0;
  let seq = 0;
  let mode: LabMode = { mode: 'idle' };
  let view: ClusterView = emptyView;
  let pushed: ClusterView = emptyView;
  let events: TraceEvent[] = [];
  let fresh: TraceEvent[] = [];
  let pace: RunSettings['pace'] = 'classroom';
  const counters = new Map<string, number>();

  const count = (name: string): number => {
    const next = (counters.get(name) ?? 0) + 1;
    counters.set(name, next);
    return next;
  };

  function emit(source: string, life: number, body: object, atUs = nowUs): void {
    seq += 1;
    const event = {
      seq,
      timeUs: Math.round(atUs),
      source,
      nseq: count(`${source}.${life}`),
      life,
      ...body,
    } as TraceEvent;
    events.push(event);
    fresh.push(event);
    view = fold(view, event);
  }
  const lab = (body: object) => emit('lab', 1, body);
  const later = (ms: number, run: () => void): void => {
    order += 1;
    agenda.push({ atUs: nowUs + ms * 1000, order, run });
  };
  const groupOf = (id: string): string =>
    [...cuts].flatMap(([fault, ids]) => (ids.includes(id) ? [fault] : [])).join(' ');
  const isCut = (from: string, to: string): boolean => groupOf(from) !== groupOf(to);

  /** Puts a message on the wire and, a hop later, at its receiver. */
  function transmit(
    header: { readonly from: string; readonly to: string } & Record<string, unknown>,
    arrive: () => void,
    reaches: () => boolean,
  ): void {
    const { from, to, rpc, kind } = header;
    const link = `${from}>${to}`;
    const id = `${from}.${count('message')}`;
    const { hopDelayMs } = PACES[pace];
    const { from: _f, to: _t, ...told } = header;
    emit('network', 1, {
      event: 'MessageSent',
      id,
      link,
      dueUs: Math.round(nowUs + hopDelayMs * 1000 + 800),
      bytes: 200,
      ...told,
    });
    const drop = (reason: string) => emit('network', 1, { event: 'MessageDropped', id, link, rpc, kind, reason });
    if (from.startsWith('S') && to.startsWith('S') && isCut(from, to)) {
      drop('cut');
      return;
    }
    later(hopDelayMs + 0.8, () => {
      if (!reaches()) return drop('receiver-gone');
      emit('network', 1, { event: 'MessageDelivered', id, link, rpc, kind });
      arrive();
    });
  }

  function spawn(id: string): void {
    const settings = settingsNow();
    const old = servers.get(id);
    const life = (old?.life ?? 0) + 1;
    const pid = 4700 + count('pid') * 11;
    lab({ event: 'ServerSpawned', server: id, ofLife: life, pid });
    later(START_UP_MS + Number(id.slice(1)) * 60, () => {
      const server = createThreadServer({
        id,
        life,
        pid,
        settings,
        disk: old?.disk() ?? null,
        emit: (body) => emit(id, life, body),
        send: (header, message) =>
          transmit(
            header,
            () => servers.get(message.to)?.receive(message),
            () => servers.get(message.to)?.isAlive() ?? false,
          ),
        answer: (token, index, term, result) => finish(token, { id, index, term, result }),
      });
      servers.set(id, server);
      lab({ event: 'ServerReady', server: id, ofLife: life, port: 40_000 + life });
      const tick = () => {
        if (servers.get(id) !== server || !server.isAlive()) return;
        server.tick();
        later(PACES[pace].tickMs, tick);
      };
      later(PACES[pace].tickMs, tick);
    });
  }

  function finish(
    token: string,
    told: { readonly id: string; readonly index: number; readonly term: number; readonly result: CommandResult },
  ): void {
    const done = waitingClients.get(token);
    if (done === undefined) return;
    waitingClients.delete(token);
    const { id, index, term, result } = told;
    const since = Number(token.split('@')[1]);
    transmit(
      { from: id, to: 'C1', rpc: 'Command', kind: 'reply', term },
      () => {
        emit('C1', 1, {
          event: 'CommandDone',
          operation: token,
          index,
          term,
          server: id,
          result,
          latencyUs: nowUs - since,
        });
        done({ outcome: 'done', index, term, server: id, result, latencyMs: (nowUs - since) / 1000 });
      },
      () => true,
    );
  }

  function settingsNow(): RunSettings {
    if (mode.mode === 'idle') throw new Error('no run');
    return mode.settings;
  }

  function createRun(choice: RunChoice): LabMode {
    servers.clear();
    cuts.clear();
    agenda = [];
    events = [];
    fresh = [];
    nowUs = 0;
    seq = 0;
    counters.clear();
    pace = choice.pace ?? 'classroom';
    const isProduction = choice.preset === 'production';
    const settings: RunSettings = {
      servers: Array.from({ length: choice.servers ?? 5 }, (_, index) => `S${index + 1}`),
      pace,
      preset: choice.preset ?? 'paper',
      flags: { preVote: isProduction, checkQuorum: isProduction, noop: isProduction },
      durability: choice.durability ?? 'fsync',
      electionTicks: 15,
      heartbeatTicks: 5,
      seed: choice.seed ?? options.seed ?? 7,
    };
    mode = { mode: 'live', runId: 'run-2026-11-23-1', settings };
    view = emptyView;
    lab({ event: 'RunStarted', traceVersion: 1, settings, startedAt: '2026-11-23T20:00:00Z', raftLab: '0.1.0' });
    for (const id of settings.servers) spawn(id);
    tellMode();
    return mode;
  }

  function tellMode(): void {
    pushed = view;
    fresh = [];
    for (const { onPush } of listeners) onPush(copy({ type: 'mode', mode, view }));
  }

  function push(): void {
    const patch = diffView(pushed, view);
    pushed = view;
    const page = { events: fresh.slice(0, 500), leftOut: Math.max(0, fresh.length - 500) };
    fresh = [];
    for (const { onPush } of listeners) {
      if (patch !== null) onPush(copy({ type: 'view', patch, nowUs }));
      if (page.events.length > 0) onPush(copy({ type: 'events', page }));
    }
  }

  function advance(ms: number): void {
    const untilUs = nowUs + ms * 1000;
    for (;;) {
      agenda.sort((a, b) => a.atUs - b.atUs || a.order - b.order);
      const next = agenda[0];
      if (next === undefined || next.atUs > untilUs) break;
      agenda.shift();
      nowUs = next.atUs;
      next.run();
    }
    nowUs = untilUs;
    push();
  }

  function die(id: string, cause: 'ordered' | 'not-ordered'): { readonly server: string; readonly pid: number } | null {
    const server = servers.get(id);
    if (server === undefined || !server.isAlive()) return null;
    const { pid, life } = server;
    if (cause === 'ordered') lab({ event: 'SignalOrdered', server: id, ofLife: life, signal: 'SIGKILL', pid });
    server.kill();
    lab({ event: 'ServerExited', server: id, ofLife: life, pid, code: null, signal: 'SIGKILL', cause, message: '' });
    const disk = server.disk();
    const last = disk.entries.at(-1);
    lab({
      event: 'DiskObserved',
      server: id,
      ofLife: life,
      ok: true,
      term: disk.currentTerm,
      votedFor: disk.votedFor,
      lastIndex: last?.index ?? 0,
      chain: last?.chain ?? '',
      tornBytes: 0,
      message: '',
    });
    return { server: id, pid };
  }

  function queryEvents(query: EventQuery): Answer<'events'> {
    const text = query.text?.toLowerCase();
    const fitting = events.filter((event) => {
      if (query.names === undefined ? isMessageEvent(event.event) : !query.names.includes(event.event)) return false;
      if (query.sources !== undefined && !query.sources.includes(event.source)) return false;
      return text === undefined || JSON.stringify(event).toLowerCase().includes(text);
    });
    const limit = query.limit ?? 1000;
    const page = query.newest === true ? fitting.slice(-limit).reverse() : fitting.slice(0, limit);
    return { events: page, leftOut: fitting.length - page.length };
  }

  type Handlers = {
    readonly [Name in RequestName]: (ask: Requests[Name]['ask']) => Answer<Name> | Promise<Answer<Name>>;
  };
  const handlers: Handlers = {
    ready: ({ autoStart }) => (mode.mode === 'idle' && autoStart ? createRun({}) : mode),
    createRun,
    continueRun: () => mode,
    openRun: ({ runId }) => {
      mode = { mode: 'past', runId, settings: settingsNow(), fromUs: 0, toUs: nowUs, atUs: nowUs };
      agenda = [];
      tellMode();
      return mode;
    },
    closeRun: () => {
      mode = { mode: 'idle' };
      view = emptyView;
      agenda = [];
      tellMode();
      return mode;
    },
    listRuns: () =>
      mode.mode === 'idle'
        ? []
        : [
            {
              runId: mode.runId,
              startedAt: '2026-11-23T20:00:00Z',
              settings: mode.settings,
              bytes: 81_234,
              live: mode.mode === 'live',
              ok: true,
              problem: '',
            },
          ],
    kill: ({ servers: ids }) => ids.flatMap((id) => die(id, 'ordered') ?? []),
    restart: ({ servers: ids }) =>
      ids
        .filter((id) => servers.get(id)?.isAlive() === false)
        .map((id) => {
          spawn(id);
          return { server: id, pid: view.servers[id]?.pid ?? 0 };
        }),
    cut: ({ servers: ids }) => {
      const fault = `cut-${count('fault')}`;
      const links = settingsNow().servers.flatMap((other) =>
        ids.includes(other) ? [] : ids.flatMap((id) => [`${id}>${other}`, `${other}>${id}`]),
      );
      lab({ event: 'FaultOrdered', fault, kind: 'cut', servers: ids });
      cuts.set(fault, ids);
      for (const link of links) emit('network', 1, { event: 'LinkPolicyChanged', link, policy: { mode: 'cut' } });
      lab({ event: 'FaultBegan', fault, kind: 'cut', servers: ids, links });
      return { fault };
    },
    heal: ({ fault }) => {
      const healed = [...cuts.keys()].filter((one) => fault === null || fault === one);
      for (const one of healed) {
        const ids = cuts.get(one) ?? [];
        cuts.delete(one);
        for (const id of ids) {
          for (const other of settingsNow().servers) {
            if (other === id || isCut(id, other)) continue;
            for (const link of [`${id}>${other}`, `${other}>${id}`]) {
              emit('network', 1, { event: 'LinkPolicyChanged', link, policy: { mode: 'pass' } });
            }
          }
        }
        lab({ event: 'FaultEnded', fault: one });
      }
      return { healed };
    },
    setPace: ({ pace: wanted }) => {
      pace = wanted;
      lab({ event: 'PaceChanged', pace, ...PACES[pace] });
      return { pace };
    },
    submit: ({ command }) => submit(command),
    start: ({ server: id, command }) => {
      lab({ event: 'StartOrdered', server: id, command });
      const accepted = servers.get(id)?.propose('', command) ?? null;
      const leaderId = view.servers[id]?.leaderId ?? null;
      const outcome = accepted === null ? 'not-leader' : 'accepted';
      const answer = { outcome, index: accepted?.index ?? null, term: accepted?.term ?? null, leaderId } as const;
      lab({ event: 'StartAnswered', server: id, ...answer });
      return { ...answer, isLeader: accepted !== null };
    },
    serverState: () => ({ noAnswer: true }),
    stores: () =>
      Object.fromEntries(
        [...servers].map(([id, server]) => {
          if (!server.isAlive()) return [id, null];
          const machine = server.machine();
          const items = storeItems(machine, 200);
          return [id, { lastApplied: machine.lastApplied, total: items.length, items }];
        }),
      ),
    disk: ({ server: id }) => {
      const disk = servers.get(id)?.disk() ?? { currentTerm: 0, votedFor: null, entries: [] };
      const state = { term: disk.currentTerm, vote: disk.votedFor, snapshot: null };
      return {
        server: id,
        folder: `/home/you/.local/share/raft-lab/runs/run-2026-11-23-1/servers/${id}`,
        files: [
          { path: 'state.json', bytes: 58, modifiedAt: '' },
          { path: 'log/tail-1.jsonl', bytes: 34 + disk.entries.length * 112, modifiedAt: '' },
        ],
        state,
        stateText: JSON.stringify(state),
        entries: disk.entries.slice(-50),
        lastIndex: disk.entries.length,
        tornBytes: 0,
        problems: [],
        durability: 'fsync',
      };
    },
    process: ({ server: id }) => {
      const server = servers.get(id);
      const isAlive = server?.isAlive() ?? false;
      return {
        server: id,
        pid: isAlive ? (server?.pid ?? null) : null,
        life: server?.life ?? 0,
        uptimeMs: isAlive ? nowUs / 1000 : null,
        telemetry: null,
        cpuShare: isAlive ? 0.013 : null,
        exit: isAlive ? null : { code: null, signal: 'SIGKILL', ordered: true },
        stdout: isAlive ? [`${id} listens on 127.0.0.1`] : [],
        stderr: [],
      };
    },
    events: queryEvents,
    viewAt: ({ timeUs }) => events.filter((event) => event.timeUs <= timeUs).reduce(fold, emptyView),
    entry: ({ index, term }) => view.entries[entryKey(index, term)] ?? null,
  };

  /** The client asks the leader it can see, and again while there is none. */
  function submit(command: Command): Promise<Answer<'submit'>> {
    const token = `op-${count('operation')}@${Math.round(nowUs)}`;
    emit('C1', 1, { event: 'CommandInvoked', operation: token, client: 'C1', session: null, sequence: null, command });
    return new Promise((resolve) => {
      waitingClients.set(token, resolve);
      const attempt = () => {
        const leader = view.leader?.server;
        const server = leader === undefined ? undefined : servers.get(leader);
        if (server === undefined || !server.isAlive()) return later(200, attempt);
        transmit(
          { from: 'C1', to: server.id, rpc: 'Command', kind: 'request', term: null },
          () => {
            if (server.propose(token, command) === null) later(200, attempt);
          },
          () => server.isAlive(),
        );
      };
      attempt();
    });
  }

  const door: LabDoor = {
    kind: 'browser',
    async ask<Name extends RequestName>(name: Name, ask: Requests[Name]['ask']): Promise<LabResult<Answer<Name>>> {
      asked.push({ name, ask });
      const error = failing.get(name);
      failing.delete(name);
      if (error !== undefined) return { ok: false, error };
      const handle = handlers[name] as (ask: Requests[Name]['ask']) => Answer<Name> | Promise<Answer<Name>>;
      const value = await handle(ask);
      push();
      return { ok: true, value: copy(value) };
    },
    listen(onPush, onConnection) {
      const listener = { onPush, onConnection };
      listeners.add(listener);
      onConnection('open');
      onPush(copy({ type: 'mode', mode, view }));
      pushed = view;
      return () => void listeners.delete(listener);
    },
    async exportRun() {
      if (mode.mode !== 'idle') lab({ event: 'RunExported', format: 'jsonl', events: events.length });
      push();
      return { ok: true, value: { savedAs: null } };
    },
  };

  return {
    door,
    asked,
    get events() {
      return events;
    },
    advance,
    advanceUntil(fits) {
      for (let spent = 0; spent < 60_000; spent += 20) {
        if (fits(view)) return;
        advance(20);
      }
      throw new Error(`never: ${JSON.stringify(view.caption)}`);
    },
    view: () => view,
    failNext: (name, error) => void failing.set(name, error),
    setConnection(state) {
      for (const { onConnection } of listeners) onConnection(state);
    },
    killFromOutside(id) {
      die(id, 'not-ordered');
      push();
    },
  };
}

/** Over a real door everything is JSON: nothing is shared with the lab. */
function copy<Value>(value: Value): Value {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as Value);
}
