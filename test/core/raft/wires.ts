/**
 * Servers on wires a test holds in its hands: every write is done at once, every message waits until the test
 * delivers or loses it. For the scripted stories of the paper's figures.
 */

import type { RaftEvent } from '../../../src/core/raft/events.ts';
import {
  effects,
  persistedInput,
  type Rules,
  restore,
  rules as rightRules,
  step,
} from '../../../src/core/raft/index.ts';
import type { Input } from '../../../src/core/raft/input.ts';
import type { Message } from '../../../src/core/raft/messages.ts';
import type { RaftConfig, RaftState } from '../../../src/core/raft/state.ts';
import type { LogEntry, ProtocolFlags, ServerId, Term } from '../../../src/core/raft/types.ts';
import { configOf, entriesOf, PAPER, proposeCommands, SERVERS, TICK, termsOf } from './helpers.ts';

/** A cluster whose every message is in the test's hands. */
export class Wires {
  readonly states = new Map<ServerId, RaftState>();
  readonly events: { readonly server: ServerId; readonly event: RaftEvent }[] = [];
  /** What each server has applied in its present life. */
  readonly applied = new Map<ServerId, LogEntry[]>();
  private readonly configs = new Map<ServerId, RaftConfig>();
  private waiting: Message[] = [];

  constructor(
    logs: readonly { readonly term: Term; readonly log: readonly Term[] }[],
    options: { readonly flags?: ProtocolFlags; readonly rules?: Rules } = {},
  ) {
    const { flags = PAPER, rules = rightRules } = options;
    for (const [position, { term, log }] of logs.entries()) {
      const id = SERVERS[position] ?? 'S9';
      const config = configOf(logs.length, { id, flags, rules });
      this.configs.set(id, config);
      this.states.set(id, restore(config, { currentTerm: term, votedFor: null, entries: entriesOf(log) }, 3).state);
    }
  }

  state(id: ServerId): RaftState {
    const state = this.states.get(id);
    if (state === undefined) {
      throw new Error(`no server ${id}`);
    }
    return state;
  }

  terms(id: ServerId): Term[] {
    return termsOf(this.state(id));
  }

  input(id: ServerId, input: Input): void {
    const { state, ready } = step(this.config(id), this.state(id), input);
    this.states.set(id, state);
    let wrote = false;
    for (const effect of effects(ready)) {
      if (effect.type === 'send') {
        this.waiting.push(...effect.messages);
      } else if (effect.type === 'emit') {
        this.events.push(...effect.events.map((event) => ({ server: id, event })));
      } else if (effect.type === 'apply') {
        this.applied.set(id, [...(this.applied.get(id) ?? []), ...effect.entries]);
      } else if (effect.type === 'persist') {
        wrote = true;
      }
    }
    if (wrote) {
      this.input(id, persistedInput(state));
    }
  }

  propose(id: ServerId, command: number): void {
    this.input(id, proposeCommands(command));
  }

  /** Ticks one server until it stands for election. */
  timeOut(id: ServerId): void {
    const { currentTerm, role } = this.state(id);
    for (let count = 0; count < 30; count++) {
      const now = this.state(id);
      if (now.currentTerm !== currentTerm || now.role.name !== role.name) {
        return;
      }
      this.input(id, TICK);
    }
  }

  /** Three ticks: a leader's heartbeat. */
  heartbeat(id: ServerId): void {
    for (let count = 0; count < 3; count++) {
      this.input(id, TICK);
    }
  }

  /** Delivers among these servers, to and fro until nothing moves; whatever else waits is lost. At most `limit`. */
  settle(among: readonly ServerId[], limit = 1000): number {
    let delivered = 0;
    while (this.waiting.length > 0 && delivered < limit) {
      const message = this.waiting.shift();
      if (message !== undefined && among.includes(message.from) && among.includes(message.to)) {
        delivered++;
        this.input(message.to, { type: 'message', message });
      }
    }
    this.waiting = [];
    return delivered;
  }

  /** Loses everything that waits. */
  lose(): void {
    this.waiting = [];
  }

  /** kill -9 and start: what was written is there, and nothing else. */
  restart(id: ServerId): void {
    const { currentTerm, votedFor, log } = this.state(id);
    const entries = [...log.segments.flat(), ...log.tail];
    this.states.set(id, restore(this.config(id), { currentTerm, votedFor, entries }, 5).state);
    this.applied.delete(id);
  }

  private config(id: ServerId): RaftConfig {
    const config = this.configs.get(id);
    if (config === undefined) {
      throw new Error(`no server ${id}`);
    }
    return config;
  }
}
