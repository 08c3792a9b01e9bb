/**
 * A small deterministic cluster for the core's own tests: one seed decides everything. Messages are dropped,
 * doubled, delayed and reordered, writes take time or hang, servers crash between any two effects and lose what was
 * not written. It executes `effects` and nothing else, like the server program. Every promise is checked the moment
 * it could be broken (invariants.ts).
 */
import {
  defaultConfig,
  effects,
  persistedInput,
  type Rules,
  restore,
  rules as rightRules,
  stepAll,
} from '../../../src/core/raft/index.ts';
import type { Input, Proposal } from '../../../src/core/raft/input.ts';
import type { Message } from '../../../src/core/raft/messages.ts';
import type { Effect, Reply } from '../../../src/core/raft/ready.ts';
import type { DiskWrite } from '../../../src/core/raft/replication-rules.ts';
import type { RaftConfig, RaftState, RestoredState } from '../../../src/core/raft/state.ts';
import type { LogEntry, ProtocolFlags, ServerId } from '../../../src/core/raft/types.ts';
import { applyEntry, emptyMachine, type Machine } from '../../../src/core/state-machine/index.ts';
import { Judge } from './invariants.ts';

/** How bad the world is; probabilities per message, or per server and round. */
export interface Faults {
  readonly drop: number;
  readonly duplicate: number;
  /** Rounds a message may take beyond the first. */
  readonly maxDelay: number;
  readonly crash: number;
  readonly restart: number;
  /** Rounds a write may take; 0: at once. */
  readonly maxWrite: number;
  /** A write that takes 60 rounds. */
  readonly hang: number;
  /** Per round: one server is cut off, or all cuts end. */
  readonly partition: number;
}

export const NO_FAULTS: Faults = {
  drop: 0,
  duplicate: 0,
  maxDelay: 0,
  crash: 0,
  restart: 1,
  maxWrite: 0,
  hang: 0,
  partition: 0,
};

export interface ClusterOptions {
  readonly seed: number;
  readonly size: number;
  readonly flags: ProtocolFlags;
  readonly rules?: Rules;
}

interface Waiting {
  readonly write: DiskWrite;
  due: number;
}

export interface SimServer {
  readonly config: RaftConfig;
  state: RaftState;
  machine: Machine;
  disk: RestoredState | null;
  alive: boolean;
  life: number;
  inbox: Input[];
  /** Effects still to be done, and the answer to give when their write is done. */
  agenda: { readonly effects: Effect[]; readonly answer: Input }[];
  /** Writes under way; empty when the disk is idle. */
  writing: Waiting[];
}

/** A seeded word of chance, apart from the core's own. */
export function randomOf(seed: number): () => number {
  let word = (Math.imul(seed + 1, 0x9e3779b9) ^ 0x5bd1e995) | 0;
  return () => {
    word = (word + 0x6d2b79f5) | 0;
    let mixed = Math.imul(word ^ (word >>> 15), word | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The whole cluster. Holds no resources. */
export class Cluster {
  readonly servers = new Map<ServerId, SimServer>();
  readonly judge = new Judge(this);
  readonly replies: { readonly server: ServerId; readonly reply: Reply }[] = [];
  faults: Faults = NO_FAULTS;
  round = 0;
  private readonly random: () => number;
  private readonly rules: Rules;
  private network: { readonly due: number; readonly message: Message }[] = [];
  private cutOff = new Set<ServerId>();
  private readonly options: ClusterOptions;

  constructor(options: ClusterOptions) {
    this.options = options;
    this.random = randomOf(options.seed);
    this.rules = options.rules ?? rightRules;
    const voters = Array.from({ length: options.size }, (_, position) => `S${position + 1}`);
    for (const id of voters) {
      const config = defaultConfig({
        id,
        voters,
        flags: options.flags,
        electionTicks: 10,
        heartbeatTicks: 3,
        maxEntriesPerMessage: 3,
        maxInFlight: 2,
        maxUncommittedEntries: 30,
        rules: this.rules,
      });
      this.start(id, config, null, 1);
    }
  }

  chance(probability: number): boolean {
    return probability > 0 && this.random() < probability;
  }

  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(this.random() * items.length)];
  }

  upTo(limit: number): number {
    return Math.floor(this.random() * (limit + 1));
  }

  server(id: ServerId): SimServer {
    const found = this.servers.get(id);
    if (found === undefined) {
      throw new Error(`no server ${id}`);
    }
    return found;
  }

  /** Those that lead and are alive, highest term first. */
  leaders(): SimServer[] {
    return [...this.servers.values()]
      .filter((server) => server.alive && server.state.role.name === 'leader')
      .sort((a, b) => b.state.currentTerm - a.state.currentTerm);
  }

  propose(id: ServerId, proposals: readonly Proposal[]): void {
    this.server(id).inbox.push({ type: 'propose', proposals });
  }

  crash(id: ServerId): void {
    const server = this.server(id);
    server.alive = false;
    server.inbox = [];
    server.agenda = [];
    server.writing = [];
  }

  restart(id: ServerId): void {
    const server = this.server(id);
    this.start(id, server.config, server.disk, server.life + 1);
  }

  cut(ids: readonly ServerId[]): void {
    this.cutOff = new Set(ids);
  }

  /** One round: faults, arrivals, a tick for everybody, and as much work as the disks allow. */
  step(): void {
    this.round++;
    this.breakThings();
    this.deliver();
    for (const server of this.servers.values()) {
      if (server.alive) {
        server.inbox.push({ type: 'tick' });
        this.finishWrites(server);
        this.work(server);
      }
    }
    this.judge.afterRound();
  }

  run(rounds: number): void {
    for (let count = 0; count < rounds; count++) {
      this.step();
    }
  }

  /** Ends every fault and starts everybody; messages under way still arrive. */
  heal(): void {
    this.faults = NO_FAULTS;
    this.cutOff.clear();
    for (const [id, server] of this.servers) {
      if (!server.alive) {
        this.restart(id);
      }
      for (const waiting of server.writing) {
        waiting.due = Math.min(waiting.due, this.round + 1);
      }
    }
  }

  private start(id: ServerId, config: RaftConfig, disk: RestoredState | null, life: number): void {
    const { state, ready } = restore(config, disk, this.options.seed);
    const machine = emptyMachine();
    const agenda = [{ effects: [...effects(ready)], answer: persistedInput(state) }];
    const server: SimServer = { config, state, machine, disk, alive: true, life, inbox: [], agenda, writing: [] };
    this.servers.set(id, server);
    this.judge.started(id);
    this.work(server);
  }

  private breakThings(): void {
    const { faults } = this;
    if (this.chance(faults.partition)) {
      const ids = [...this.servers.keys()];
      this.cut(this.chance(0.4) ? [] : ids.filter(() => this.chance(0.35)));
    }
    for (const [id, server] of this.servers) {
      if (server.alive && this.chance(faults.crash)) {
        this.crash(id);
      } else if (!server.alive && this.chance(faults.restart)) {
        this.restart(id);
      }
    }
  }

  private deliver(): void {
    const due = this.network.filter((packet) => packet.due <= this.round);
    this.network = this.network.filter((packet) => packet.due > this.round);
    while (due.length > 0) {
      // Any order: with delays messages overtake each other, without they do so within a round.
      const at = this.faults.maxDelay > 0 ? Math.floor(this.random() * due.length) : 0;
      const [packet] = due.splice(at, 1);
      const message = packet?.message;
      if (message !== undefined && this.cutOff.has(message.from) === this.cutOff.has(message.to)) {
        const server = this.server(message.to);
        if (server.alive) {
          server.inbox.push({ type: 'message', message });
        }
      }
    }
  }

  private transmit(message: Message): void {
    const copies = this.chance(this.faults.drop) ? 0 : this.chance(this.faults.duplicate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      this.network.push({ due: this.round + 1 + this.upTo(this.faults.maxDelay), message });
    }
  }

  /** The driver: finish the agenda, then step everything that queued as one batch. */
  private work(server: SimServer): void {
    for (;;) {
      this.runAgenda(server);
      if (!server.alive) {
        return;
      }
      const writing = server.writing.length > 0;
      const inputs = server.inbox.filter((input) => !writing || this.rules.mayStepDuringWrite(input));
      if (inputs.length === 0) {
        return;
      }
      server.inbox = server.inbox.filter((input) => !inputs.includes(input));
      if (writing) {
        // Only a wrong rule L13 comes here: steps go on while the disk does not.
        this.stepPastWrite(server, inputs);
        return;
      }
      this.stepInputs(server, inputs, 'last');
    }
  }

  private stepInputs(server: SimServer, inputs: readonly Input[], place: 'first' | 'last'): void {
    const { state, ready } = stepAll(server.config, server.state, inputs);
    this.judge.stepped(server, server.state, state);
    server.state = state;
    const work = { effects: [...effects(ready)], answer: persistedInput(state) };
    if (place === 'first') {
      // After what is left of the batch whose write was just answered.
      const [current, ...rest] = server.agenda;
      server.agenda = current === undefined ? [work] : [current, work, ...rest];
    } else {
      server.agenda.push(work);
    }
  }

  private stepPastWrite(server: SimServer, inputs: readonly Input[]): void {
    const { state, ready } = stepAll(server.config, server.state, inputs);
    server.state = state;
    for (const effect of effects(ready)) {
      if (effect.type === 'persist') {
        this.beginWrite(server, this.rules.diskWrites(effect.persist));
      } else {
        this.perform(server, effect);
      }
    }
  }

  /** Does effects in order until a write has to be waited for. A crash may fall between any two. */
  private runAgenda(server: SimServer): void {
    while (server.alive && server.agenda.length > 0 && server.writing.length === 0) {
      const current = server.agenda[0];
      const effect = current?.effects.shift();
      if (effect === undefined) {
        server.agenda.shift();
        continue;
      }
      if (this.chance(this.faults.crash / 4)) {
        this.crash(server.config.id);
        return;
      }
      if (effect.type === 'persist') {
        this.beginWrite(server, this.rules.diskWrites(effect.persist));
        this.finishWrites(server);
      } else {
        this.perform(server, effect);
      }
    }
  }

  private beginWrite(server: SimServer, writes: readonly DiskWrite[]): void {
    const hangs = this.chance(this.faults.hang) ? 60 : 0;
    let due = this.round + hangs;
    for (const write of writes) {
      due += this.upTo(this.faults.maxWrite);
      server.writing.push({ write, due });
    }
  }

  /** Parts whose time has come reach the disk, in order; after the last one the core is told at once. */
  private finishWrites(server: SimServer): void {
    if (server.writing.length === 0) {
      return;
    }
    while (server.writing[0] !== undefined && server.writing[0].due <= this.round) {
      const done = server.writing.shift();
      if (done !== undefined) {
        server.disk = diskAfter(server.disk, done.write);
        this.judge.written(server);
      }
    }
    const answer = server.agenda[0]?.answer;
    if (server.writing.length === 0 && answer !== undefined) {
      this.stepInputs(server, [answer], 'first');
    }
  }

  private perform(server: SimServer, effect: Exclude<Effect, { type: 'persist' }>): void {
    switch (effect.type) {
      case 'emit':
        for (const event of effect.events) {
          this.judge.emitted(server, event);
        }
        return;
      case 'send':
        for (const message of effect.messages) {
          this.judge.sent(server, message);
          this.transmit(message);
        }
        return;
      case 'apply':
        for (const entry of effect.entries) {
          server.machine = applyEntry(this.rules, server.machine, entry).machine;
          this.judge.applied(server, entry);
        }
        return;
      case 'reply':
        for (const reply of effect.replies) {
          this.replies.push({ server: server.config.id, reply });
        }
    }
  }
}

function diskAfter(disk: RestoredState | null, write: DiskWrite): RestoredState {
  const before: RestoredState = disk ?? { currentTerm: 0, votedFor: null, entries: [] };
  if (write.type === 'hardState') {
    return { ...before, ...write.hardState };
  }
  const kept: readonly LogEntry[] =
    write.truncateFrom === null ? before.entries : before.entries.slice(0, write.truncateFrom - 1);
  return { ...before, entries: [...kept, ...write.entries] };
}
