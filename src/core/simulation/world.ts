/**
 * A whole cluster in one thread, determined by one seed: servers, links, disks, clients and all events, in the order of
 * simulated time. One step handles one event: a tick, an arrival, a part of a write, a client's turn or a fault.
 */
import { defaultConfig, InvariantError, type Rules, rules as rightRules } from '../raft/index.ts';
import type { RestoredState } from '../raft/state.ts';
import { TRACE_VERSION, type TraceEvent } from '../trace/index.ts';
import { type Chance, createChance, type LinkId } from '../wire/index.ts';
import { Agenda } from './agenda.ts';
import { Broken } from './broken.ts';
import { CALM, FAULT_NAMES, type FaultName, type FaultRates } from './faults.ts';
import { type Happening, TIMED, type TimedFault } from './happening.ts';
import { type SimulationOptions, settingsOf } from './options.ts';
import { SimRecorder } from './recorder.ts';
import { beliefsMustHold } from './reveal.ts';
import { SimCalls } from './sim-calls.ts';
import { SimClient } from './sim-client.ts';
import { SimNetwork } from './sim-network.ts';
import { type ServerWorld, SimServer } from './sim-server.ts';

const TICK_US = 10_000;
const CLIENT_HOP_US = 300;
const HANG_US = 1_000_000;
/** Time between two slices of a server that applies many entries. */
const SLICE_US = 200;
const LINGER_US = 1_000_000;
/** Maximum duration of a fault. */
const LONGEST_FAULT_US = 1_500_000;

export interface WorldOptions {
  readonly options: SimulationOptions;
  /** The correct rules by default. */
  readonly rules?: Rules;
  readonly onEvent?: ((event: TraceEvent) => void) | undefined;
  /** Initial contents of the disks; empty by default. */
  readonly disks?: Readonly<Record<string, RestoredState>> | undefined;
}

/** The simulated world. Call `step` as often as needed; it throws Broken when a property is violated. */
export class World {
  readonly options: SimulationOptions;
  readonly servers = new Map<string, SimServer>();
  readonly ids: readonly string[];
  readonly clients: SimClient[] = [];
  readonly recorder: SimRecorder;
  readonly network: SimNetwork;
  /** How often each fault happened. */
  readonly fired = Object.fromEntries(FAULT_NAMES.map((name) => [name, 0])) as Record<FaultName, number>;
  readonly counts = { steps: 0, elections: 0, commits: 0, restarts: 0 };
  readonly #rules: Rules;
  readonly #agenda = new Agenda<Happening>();
  readonly #chance: Chance;
  readonly #lives = new Map<string, number>();
  readonly #disks = new Map<string, RestoredState | null>();
  readonly #skews = new Map<string, number>();
  readonly #calls: SimCalls;
  #faults: FaultRates;
  #isCalm = false;
  #nowUs = 0;

  constructor({ options, rules = rightRules, onEvent, disks = {} }: WorldOptions) {
    this.options = options;
    this.#rules = rules;
    this.#faults = options.faults;
    this.#chance = createChance(options.seed, 'simulated world');
    this.ids = Array.from({ length: options.servers }, (_, at) => `S${at + 1}`);
    this.recorder = new SimRecorder({
      servers: this.ids,
      onEvent: onEvent ?? null,
      onViolation: ({ property, rule, params }) => {
        throw new Broken(property, `${JSON.stringify(params)} (${rule})`);
      },
    });
    this.#calls = new SimCalls(({ client, attempt }, heard) =>
      this.#agenda.add(this.#nowUs + CLIENT_HOP_US, { type: 'hear', client, attempt, heard }),
    );
    this.network = new SimNetwork({
      chance: this.#chance,
      faults: () => this.#faults,
      tell: (event) => this.#tell('network', 1, event),
      nowUs: () => this.#nowUs,
      after: (us, flight) => this.#agenda.add(this.#nowUs + us, { type: 'arrive', flight }),
      fired: (fault) => this.#fire(fault),
    });
    this.#tell('lab', 1, {
      event: 'RunStarted',
      traceVersion: TRACE_VERSION,
      settings: settingsOf(options, this.ids),
      startedAt: '1970-01-01T00:00:00.000Z',
      raftLab: 'simulation',
    });
    // The entries of a disk grow in place, so each server needs an array of its own.
    for (const [id, disk] of Object.entries(disks)) this.#disks.set(id, { ...disk, entries: [...disk.entries] });
    for (const id of this.ids) this.#begin(id);
    this.#addClients();
    for (const fault of TIMED) this.#schedule(fault);
  }

  get nowUs(): number {
    return this.#nowUs;
  }

  get isOver(): boolean {
    return this.#agenda.size === 0;
  }

  /** Handles the next event. @throws Broken */
  step(): void {
    const next = this.#agenda.take();
    if (next === null) return;
    this.#nowUs = Math.max(this.#nowUs, next.atUs);
    this.counts.steps += 1;
    try {
      this.#happen(next.happening);
    } catch (cause) {
      if (cause instanceof InvariantError) throw new Broken('invariant', cause.message);
      throw cause;
    }
  }

  /** Ends every fault. From now on only these servers run and are linked. */
  calm(majority: readonly string[]): void {
    this.#isCalm = true;
    this.#faults = { ...CALM, writeUs: Math.min(this.#faults.writeUs, 2_000) };
    this.network.heal();
    for (const id of this.ids) {
      const server = this.servers.get(id);
      if (!majority.includes(id)) {
        if (server?.isDead === false) this.kill(id);
      } else if (server === undefined || server.isDead) this.restart(id);
      else this.resume(id);
    }
  }

  /** Cuts all links from and to this server. */
  isolate(id: string): void {
    this.network.cut(this.#linksBetween([id]));
  }

  kill(id: string): void {
    const server = this.servers.get(id);
    if (server === undefined || server.isDead) return;
    const parts = server.partsUnderWay;
    const arrive = this.#faults.loseUnsynced ? 0 : Math.floor(this.#chance() * (parts + 1));
    if (parts > 0 && this.#faults.loseUnsynced) this.#fire('loseUnsynced');
    server.die(arrive);
    this.#disks.set(id, server.disk);
    this.#calls.forget(id);
    const how = { code: null, signal: 'SIGKILL', cause: 'ordered', message: '' } as const;
    this.#tell('lab', 1, { event: 'ServerExited', server: id, ofLife: server.life, pid: 1, ...how });
    this.#observeDisk(id, server.life);
  }

  restart(id: string): void {
    if (this.servers.get(id)?.isDead !== true) return;
    this.counts.restarts += 1;
    this.#begin(id);
  }

  resume(id: string): void {
    const server = this.servers.get(id);
    if (server === undefined || server.isDead || !server.isFrozen) return;
    server.isFrozen = false;
    this.#tell('lab', 1, { event: 'ServerResumed', server: id, ofLife: server.life, pid: 1 });
    server.run();
  }

  /** Returns the living servers that lead, highest term first. */
  leaders(): readonly SimServer[] {
    return [...this.servers.values()]
      .filter((server) => !server.isDead && server.state.role.name === 'leader')
      .sort((a, b) => b.state.currentTerm - a.state.currentTerm);
  }

  #happen(happening: Happening): void {
    switch (happening.type) {
      case 'tick':
        this.#tick(happening.server, happening.life);
        return;
      case 'write':
        this.#alive(happening.server, happening.life)?.finishWrite();
        return;
      case 'apply':
        this.#alive(happening.server, happening.life)?.applyNext();
        return;
      case 'arrive': {
        const { to } = happening.flight.message;
        const server = this.servers.get(to);
        const message = this.network.arrive(happening.flight, server?.isDead === false);
        if (message !== null) server?.push({ type: 'message', message });
        return;
      }
      case 'client':
        this.clients[happening.client]?.wake(happening.attempt);
        return;
      case 'ask':
        this.#asked(happening);
        return;
      case 'hear':
        this.clients[happening.client]?.hear(happening.attempt, happening.heard);
        return;
      case 'fault':
        this.#strike(happening.fault);
        this.#schedule(happening.fault);
        return;
      case 'undo':
        // `calm` has already undone every fault and decided which servers stay down.
        if (this.#isCalm) return;
        if (happening.undo === 'restart') this.restart(happening.server);
        else if (happening.undo === 'resume') this.resume(happening.server);
        else this.network.heal();
    }
  }

  #tick(id: string, life: number): void {
    const server = this.#alive(id, life);
    if (server === null) return;
    const length = Math.round(TICK_US * (this.#skews.get(id) ?? 1));
    this.#agenda.add(this.#nowUs + length, { type: 'tick', server: id, life });
    // A frozen process has no timers. Missed ticks are skipped instead of being replayed.
    if (server.isFrozen) return;
    server.push({ type: 'tick' });
    beliefsMustHold(server, this.servers);
  }

  #alive(id: string, life: number): SimServer | null {
    const server = this.servers.get(id);
    return server !== undefined && !server.isDead && server.life === life ? server : null;
  }

  #begin(id: string): void {
    const { electionTicks, heartbeatTicks, maxEntriesPerMessage, maxInFlight, flags, sliceEntries } = this.options;
    const life = (this.#lives.get(id) ?? 0) + 1;
    this.#lives.set(id, life);
    this.#skews.set(id, 1 + this.#faults.skew * (2 * this.#chance() - 1));
    if (this.#faults.skew > 0) this.#fire('skew');
    const config = defaultConfig({
      ...{ id, voters: this.ids, flags, electionTicks, heartbeatTicks, maxEntriesPerMessage, maxInFlight },
      maxUncommittedEntries: 60,
      rules: this.#rules,
    });
    this.#tell('lab', 1, { event: 'ServerSpawned', server: id, ofLife: life, pid: 1 });
    const disk = this.#disks.get(id) ?? null;
    const seed = Math.floor(this.#chance() * 2 ** 32);
    const server = new SimServer({ config, life, disk, seed, sliceEntries, world: this.#worldOf(id, life) });
    this.servers.set(id, server);
    server.run();
    this.#tell('lab', 1, { event: 'ServerReady', server: id, ofLife: life, port: 1 });
    this.#agenda.add(this.#nowUs + Math.floor(TICK_US * this.#chance()), { type: 'tick', server: id, life });
  }

  #worldOf(id: string, life: number): ServerWorld {
    return {
      emit: (event) => {
        if (event.event === 'LeaderElected') this.counts.elections += 1;
        if (event.event === 'CommitAdvanced' && event.reason === 'quorum') this.counts.commits += event.to - event.from;
        this.#tell(id, life, event);
      },
      send: (message) => this.network.send(message, life),
      applied: (entries, answers) => {
        const [first, last] = [entries[0], entries.at(-1)];
        if (first === undefined || last === undefined) return;
        this.#tell(id, life, { event: 'EntriesApplied', first: first.index, last: last.index, chain: last.chain });
        this.#calls.applied(id, entries, answers);
      },
      replied: (reply) => this.#calls.replied(id, reply),
      writeUs: () => this.#writeUs(),
      after: (us) => this.#agenda.add(this.#nowUs + us, { type: 'write', server: id, life }),
      applyLater: () => this.#agenda.add(this.#nowUs + SLICE_US, { type: 'apply', server: id, life }),
      dies: () => {
        const { crash } = this.#faults;
        if (crash === 0 || this.#chance() >= crash / 2_000) return false;
        this.#fire('crash');
        this.kill(id);
        this.#undoLater('restart', id);
        return true;
      },
    };
  }

  #writeUs(): number {
    const { writeUs, hang } = this.#faults;
    if (hang > 0 && this.#chance() < hang) {
      this.#fire('hang');
      return HANG_US;
    }
    if (writeUs > 0) this.#fire('writeUs');
    return 20 + Math.floor(this.#chance() * writeUs);
  }

  #observeDisk(id: string, ofLife: number): void {
    const disk = this.#disks.get(id) ?? null;
    const last = disk?.entries.at(-1);
    this.#tell('lab', 1, {
      ...{ event: 'DiskObserved', server: id, ofLife, ok: true, tornBytes: 0, message: '' },
      ...{ term: disk?.currentTerm ?? 0, votedFor: disk?.votedFor ?? null },
      ...{ lastIndex: last?.index ?? 0, chain: last?.chain ?? '0000000000000000' },
    });
  }

  #addClients(): void {
    for (let at = 0; at < this.options.clients; at += 1) {
      const id = `C${at + 1}`;
      const client: SimClient = new SimClient(id, {
        chance: this.#chance,
        servers: this.ids,
        keys: this.options.keys,
        tell: (event) => this.#tell(id, 1, event),
        ask: (server, ask, attempt) => {
          const asking = { type: 'ask', client: at, server, ask, attempt } as const;
          this.#agenda.add(this.#nowUs + CLIENT_HOP_US, asking);
          // A copy of the request stays in a proxy and arrives later, when its client has moved on.
          if (this.#faults.duplicate === 0 || this.#chance() >= this.#faults.duplicate) return;
          this.#agenda.add(this.#nowUs + Math.round(LINGER_US * this.#chance()), asking);
        },
        after: (us) => {
          const { attempt } = client;
          this.#agenda.add(this.#nowUs + Math.round(us), { type: 'client', client: at, attempt });
        },
      });
      this.clients.push(client);
      this.#agenda.add(this.#nowUs + 1_000 * at, { type: 'client', client: at, attempt: 0 });
    }
  }

  /**
   * Passes a client's request to its server. A dead server does not answer, so the client waits until its own timeout.
   */
  #asked({ client, server: id, ask, attempt }: Extract<Happening, { readonly type: 'ask' }>): void {
    const server = this.servers.get(id);
    if (server === undefined || server.isDead) return;
    server.push({ type: 'propose', proposals: [this.#calls.begin(id, { client, attempt, term: 0 }, ask)] });
  }

  #schedule(fault: TimedFault): void {
    const rate = this.#faults[fault];
    if (rate === 0) return;
    const gapUs = Math.round((1_000_000 / rate) * (0.25 + 1.5 * this.#chance()));
    this.#agenda.add(this.#nowUs + gapUs, { type: 'fault', fault });
  }

  #strike(fault: TimedFault): void {
    if (this.#faults[fault] === 0) return;
    const chance = this.#chance;
    const id = this.ids[Math.floor(chance() * this.ids.length)] ?? '';
    this.#fire(fault);
    switch (fault) {
      case 'crash':
        this.kill(id);
        this.#undoLater('restart', id);
        return;
      case 'freeze': {
        const server = this.servers.get(id);
        if (server === undefined || server.isDead || server.isFrozen) return;
        server.isFrozen = true;
        this.#tell('lab', 1, { event: 'ServerFrozen', server: id, ofLife: server.life, pid: 1 });
        this.#undoLater('resume', id);
        return;
      }
      case 'partition': {
        const group = this.ids.filter(() => chance() < 0.4);
        this.network.cut(this.#linksBetween(group));
        this.#undoLater('heal', '');
        return;
      }
      case 'oneWay': {
        const outgoing = chance() < 0.5;
        this.network.cut(this.#linksBetween([id]).filter((link) => link.startsWith(`${id}>`) === outgoing));
        this.#undoLater('heal', '');
        return;
      }
      case 'clog': {
        for (const link of this.#linksBetween([id])) if (chance() < 0.5) this.network.clog(link);
        this.#undoLater('heal', '');
        return;
      }
    }
  }

  #linksBetween(group: readonly string[]): readonly LinkId[] {
    return this.ids.flatMap((from) =>
      this.ids
        .filter((to) => to !== from && group.includes(from) !== group.includes(to))
        .map((to): LinkId => `${from}>${to}`),
    );
  }

  #undoLater(undo: 'restart' | 'resume' | 'heal', server: string): void {
    const us = Math.round(LONGEST_FAULT_US * (0.05 + 0.95 * this.#chance() ** 2));
    this.#agenda.add(this.#nowUs + us, { type: 'undo', undo, server });
  }

  #fire(fault: FaultName): void {
    this.fired[fault] += 1;
  }

  #tell(source: string, life: number, event: Parameters<SimRecorder['tell']>[3]): void {
    this.recorder.tell(source, life, this.#nowUs, event);
  }
}
