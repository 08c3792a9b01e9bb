/**
 * A cluster for scripted tests: the shipped core and `effects`, with links and disks controlled by the script. A
 * message waits on its link until the script delivers, repeats or drops it. A disk writes at once unless the script
 * hangs it. The golden files and the stories of the paper's figures use it.
 */

import type { RaftConfig } from '../../../src/core/raft/config.ts';
import {
  allEntries,
  effects,
  persistedInput,
  type Rules,
  restore,
  rules as rightRules,
  step,
} from '../../../src/core/raft/index.ts';
import type { Input } from '../../../src/core/raft/input.ts';
import type { Message } from '../../../src/core/raft/messages.ts';
import type { Effect, Persist } from '../../../src/core/raft/ready.ts';
import type { RaftState } from '../../../src/core/raft/state.ts';
import type { LogEntry, ProtocolFlags, ServerId, Term } from '../../../src/core/vocabulary/index.ts';
import { configOf, entriesOf, PAPER, TICK } from './helpers.ts';

/** The initial state of a server. */
export interface Given {
  readonly term: Term;
  readonly votedFor?: ServerId | null;
  readonly log: readonly Term[];
}

/** One visible step of a run; the golden file lists them in the order in which they happened. */
export type Seen =
  | { readonly type: 'effect'; readonly server: ServerId; readonly effect: Effect }
  | { readonly type: 'hung'; readonly server: ServerId; readonly persist: Persist }
  | { readonly type: 'late'; readonly server: ServerId; readonly input: Input }
  | { readonly type: 'restarted'; readonly server: ServerId };

interface Disk {
  term: Term;
  votedFor: ServerId | null;
  entries: readonly LogEntry[];
}

interface Server {
  readonly config: RaftConfig;
  state: RaftState;
  readonly disk: Disk;
  hangs: boolean;
  /** Effects that must wait for the hung write. */
  held: readonly Effect[] | null;
  /** Inputs that arrived while the write hung (rule L13). */
  inbox: Input[];
}

export class Table {
  readonly servers: ReadonlyMap<ServerId, Server>;
  /** Steps since the script last read and cleared this list. */
  seen: Seen[] = [];
  private links = new Map<string, Message[]>();
  /** The message that each link delivered last; `again` delivers it a second time. */
  private readonly delivered = new Map<string, Message>();

  constructor(
    given: readonly Given[],
    { flags = PAPER, rules = rightRules }: { readonly flags?: ProtocolFlags; readonly rules?: Rules } = {},
  ) {
    const servers = new Map<ServerId, Server>();
    for (const [position, { term, votedFor = null, log }] of given.entries()) {
      const config = configOf(given.length, { id: `S${position + 1}`, flags, rules });
      const disk: Disk = { term, votedFor, entries: entriesOf(log) };
      servers.set(config.id, { config, disk, state: lifeOf(config, disk), hangs: false, held: null, inbox: [] });
    }
    this.servers = servers;
  }

  server(id: ServerId): Server {
    const server = this.servers.get(id);
    if (server === undefined) {
      throw new Error(`no server ${id}`);
    }
    return server;
  }

  input(id: ServerId, input: Input): void {
    const server = this.server(id);
    if (server.held !== null) {
      server.inbox.push(input);
      this.seen.push({ type: 'late', server: id, input });
      return;
    }
    const { state, ready } = step(server.config, server.state, input);
    server.state = state;
    this.carryOut(server, effects(ready));
  }

  /** Ticks a server until its role or term changes. */
  timeOut(id: ServerId): void {
    const { state } = this.server(id);
    for (let tick = 0; tick < 60; tick++) {
      const now = this.server(id).state;
      if (now.currentTerm !== state.currentTerm || now.role.name !== state.role.name) {
        return;
      }
      this.input(id, TICK);
    }
    throw new Error(`${id} did not time out`);
  }

  /**
   * Delivers the waiting messages among these servers, oldest link first, until no message waits or `limit` were
   * delivered.
   *
   * @returns number of delivered messages
   */
  settle(among: readonly ServerId[], limit = 1000): number {
    for (let delivered = 0; ; delivered++) {
      const link = [...this.links].find(([, waiting]) => {
        const [first] = waiting;
        return first !== undefined && among.includes(first.from) && among.includes(first.to);
      });
      if (link === undefined || delivered >= limit) {
        return delivered;
      }
      this.deliver(link[0], 'first');
    }
  }

  /** Delivers one message of a link: the first, the last, or a copy of the one delivered before. */
  deliver(link: string, which: 'first' | 'last' | 'again'): void {
    const waiting = this.links.get(link) ?? [];
    const message = which === 'again' ? this.delivered.get(link) : which === 'first' ? waiting.shift() : waiting.pop();
    if (message === undefined) {
      throw new Error(`nothing on ${link}`);
    }
    if (waiting.length === 0) {
      this.links.delete(link);
    }
    this.delivered.set(link, message);
    this.input(message.to, { type: 'message', message });
  }

  /** Drops the waiting messages: all of them, or those to and from one server. */
  drop(server: ServerId | null): void {
    for (const [link, [first]] of this.links) {
      if (server === null || first?.from === server || first?.to === server) {
        this.links.delete(link);
      }
    }
  }

  /** Completes the hung write and carries out the effects that waited for it. */
  finishWrite(id: ServerId): void {
    const server = this.server(id);
    server.hangs = false;
    const held = server.held ?? [];
    server.held = null;
    const [first] = held;
    if (first?.type === 'persist') {
      this.write(server, first.persist);
    }
    this.carryOut(server, held.slice(1));
    this.input(id, persistedInput(server.state));
    for (const input of server.inbox.splice(0)) {
      this.input(id, input);
    }
  }

  /** Kills a server (as by kill -9) and starts it again with only the state on its disk. */
  restart(id: ServerId): void {
    const server = this.server(id);
    server.hangs = false;
    server.held = null;
    server.inbox = [];
    server.state = lifeOf(server.config, server.disk);
    this.seen.push({ type: 'restarted', server: id });
  }

  private carryOut(server: Server, list: readonly Effect[]): void {
    const { id } = server.config;
    for (const [position, effect] of list.entries()) {
      if (effect.type === 'persist' && server.hangs) {
        server.held = list.slice(position);
        this.seen.push({ type: 'hung', server: id, persist: effect.persist });
        return;
      }
      this.seen.push({ type: 'effect', server: id, effect });
      if (effect.type === 'persist') {
        this.write(server, effect.persist);
      } else if (effect.type === 'send') {
        this.send(effect.messages);
      }
    }
    if (list.some((effect) => effect.type === 'persist')) {
      this.input(id, persistedInput(server.state));
    }
  }

  private write(server: Server, persist: Persist): void {
    const { disk } = server;
    disk.term = persist.hardState?.currentTerm ?? disk.term;
    disk.votedFor = persist.hardState === null ? disk.votedFor : persist.hardState.votedFor;
    const kept = disk.entries.slice(0, (persist.truncateFrom ?? disk.entries.length + 1) - 1);
    disk.entries = [...kept, ...persist.entries];
  }

  private send(messages: readonly Message[]): void {
    for (const message of messages) {
      const link = `${message.from}->${message.to}`;
      this.links.set(link, [...(this.links.get(link) ?? []), message]);
    }
  }
}

function lifeOf(config: RaftConfig, disk: Disk): RaftState {
  const { term: currentTerm, votedFor, entries } = disk;
  return restore(config, { currentTerm, votedFor, entries }, 3).state;
}

/** Returns the terms of the entries on disk, which may be fewer than those in memory. */
export function diskTerms(server: { readonly disk: Disk }): Term[] {
  return server.disk.entries.map((entry) => entry.term);
}

/** Returns the terms of the log in memory. */
export function logTerms(server: { readonly state: RaftState }): Term[] {
  return allEntries(server.state.log).map((entry) => entry.term);
}
