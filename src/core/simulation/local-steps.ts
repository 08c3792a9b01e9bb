/**
 * The steps of one server, each computed once. The core is pure, so a server in a given state always reacts the same to
 * a given input. States and messages get small numbers, and a repeated step becomes a look-up. Timers and the random
 * seed are removed from the state: the search fires every timer at every time, so elapsed time makes no difference.
 */

import type { RaftConfig } from '../raft/config.ts';
import { allEntries, defaultConfig, effects, persistedInput, type Rules, restore, step } from '../raft/index.ts';
import type { Input } from '../raft/input.ts';
import type { Message } from '../raft/messages.ts';
import type { RaftState, Role } from '../raft/state.ts';
import type { Chain, ServerId } from '../vocabulary/index.ts';

/** A server's state in the form that the search needs. */
export interface LocalState {
  /** Equal states have equal numbers. */
  readonly number: number;
  readonly state: RaftState;
  /** Chain after each entry, from index 1 on. Two logs are compared by their chains and terms. */
  readonly chains: readonly Chain[];
  readonly terms: readonly number[];
}

/** The result of one input at a server. */
export interface LocalStep {
  readonly next: LocalState;
  /** Numbers of the messages it sends. */
  readonly sent: readonly number[];
}

export class LocalSteps {
  private readonly configs: ReadonlyMap<ServerId, RaftConfig>;
  private readonly states = new Map<string, LocalState>();
  private readonly messageNumbers = new Map<string, number>();
  private readonly messages: Message[] = [];
  private readonly done = new Map<string, LocalStep>();

  /** Creates servers that all use `rules`. */
  constructor(servers: readonly ServerId[], rules: Rules) {
    this.configs = new Map(
      servers.map((id) => [id, defaultConfig({ id, voters: servers, electionTicks: 1, heartbeatTicks: 1, rules })]),
    );
  }

  first(id: ServerId): LocalState {
    return this.numbered(restore(this.config(id), null, 1).state);
  }

  message(number: number): Message {
    const message = this.messages[number];
    if (message === undefined) throw new RangeError(`no message ${number}`);
    return message;
  }

  /** Fires the timer: a follower or candidate starts an election, a leader sends a heartbeat. */
  tick(from: LocalState): LocalStep {
    return this.remembered(from, 'tick', () => ({ type: 'tick' }));
  }

  propose(from: LocalState, command: number): LocalStep {
    const content = { type: 'command', session: null, sequence: null, command } as const;
    return this.remembered(from, `propose ${command}`, () => ({
      type: 'propose',
      proposals: [{ requestId: `r${command}`, content }],
    }));
  }

  deliver(from: LocalState, number: number): LocalStep {
    return this.remembered(from, `${number}`, () => ({ type: 'message', message: this.message(number) }));
  }

  /**
   * Kills the server (as by kill -9) and starts it again. Its disk holds all writes, because each write ends within its
   * step.
   */
  restart(from: LocalState): LocalStep {
    return this.rememberedAs(from, 'restart', () => {
      const { id, durable, log } = from.state;
      const entries = allEntries(log).slice(0, durable.index);
      const { currentTerm, votedFor } = durable;
      const { state } = restore(this.config(id), { currentTerm, votedFor, entries }, 1);
      return { next: this.numbered(state), sent: [] };
    });
  }

  private config(id: ServerId): RaftConfig {
    const config = this.configs.get(id);
    if (config === undefined) throw new RangeError(`no server ${id}`);
    return config;
  }

  private remembered(from: LocalState, what: string, input: () => Input): LocalStep {
    return this.rememberedAs(from, what, () => {
      const sent: number[] = [];
      const state = this.stepped(from.state, input(), sent);
      return { next: this.numbered(state), sent };
    });
  }

  private rememberedAs(from: LocalState, what: string, work: () => LocalStep): LocalStep {
    const key = `${from.number} ${what}`;
    const known = this.done.get(key);
    if (known !== undefined) return known;
    const result = work();
    this.done.set(key, result);
    return result;
  }

  /** Steps an input, then the confirmation of its write. */
  private stepped(before: RaftState, input: Input, sent: number[]): RaftState {
    const { state, ready } = step(this.config(before.id), before, input);
    let wrote = false;
    for (const effect of effects(ready)) {
      if (effect.type === 'send') sent.push(...effect.messages.map((message) => this.numberOf(message)));
      if (effect.type === 'persist') wrote = true;
    }
    return wrote ? this.stepped(state, persistedInput(state), sent) : state;
  }

  private numberOf(message: Message): number {
    const key = JSON.stringify(message);
    const known = this.messageNumbers.get(key);
    if (known !== undefined) return known;
    this.messageNumbers.set(key, this.messages.length);
    this.messages.push(message);
    return this.messages.length - 1;
  }

  private numbered(full: RaftState): LocalState {
    const state = withoutTime(full);
    const key = JSON.stringify(state);
    const known = this.states.get(key);
    if (known !== undefined) return known;
    const entries = allEntries(state.log);
    const local: LocalState = {
      number: this.states.size,
      state,
      chains: entries.map((entry) => entry.chain),
      terms: entries.map((entry) => entry.term),
    };
    this.states.set(key, local);
    return local;
  }
}

/**
 * Returns the state without timers and random seed. Votes are ordered by server, so the order of arrival makes no
 * difference.
 */
function withoutTime(state: RaftState): RaftState {
  return { ...state, role: withoutOrder(state.role), electionElapsed: 0, electionTimeout: 0, random: 1 };
}

function withoutOrder(role: Role): Role {
  switch (role.name) {
    case 'follower':
      return role;
    case 'leader':
      return { ...role, heartbeatElapsed: 0 };
    case 'candidate':
    case 'pre-candidate': {
      const votes = Object.entries(role.votes).sort(([one], [other]) => (one < other ? -1 : 1));
      return { ...role, votes: Object.fromEntries(votes) };
    }
  }
}
