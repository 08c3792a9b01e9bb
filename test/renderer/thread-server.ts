/** One server of the one-thread lab: the real core, whose effects are carried out at once, and an array as its disk. */

import type { RaftConfig } from '../../src/core/raft/config.ts';
import { defaultConfig, effects, lastIndex, persistedInput, restore, rules, step } from '../../src/core/raft/index.ts';
import type { Input } from '../../src/core/raft/input.ts';
import type { Message } from '../../src/core/raft/messages.ts';
import type { Effect } from '../../src/core/raft/ready.ts';
import type { RaftState, RestoredState } from '../../src/core/raft/state.ts';
import { applyEntry, emptyMachine, type Machine } from '../../src/core/state-machine/index.ts';
import type { RunSettings } from '../../src/core/trace/index.ts';
import type { Json, LogEntry } from '../../src/core/vocabulary/index.ts';
import type { CommandResult } from '../../src/core/wire/index.ts';

export interface ThreadServerParts {
  readonly id: string;
  readonly life: number;
  readonly pid: number;
  readonly settings: RunSettings;
  readonly disk: RestoredState | null;
  readonly emit: (body: object) => void;
  readonly send: (
    header: { readonly from: string; readonly to: string } & Record<string, unknown>,
    message: Message,
  ) => void;
  readonly answer: (token: string, index: number, term: number, result: CommandResult) => void;
}

/** One life of a server, which starts from the given disk. */
export class ThreadServer {
  readonly id: string;
  readonly life: number;
  readonly pid: number;
  private readonly parts: ThreadServerParts;
  private readonly config: RaftConfig;
  private state: RaftState;
  private held: Machine = emptyMachine();
  private stored: RestoredState;
  private alive = true;
  /** Messages that arrived while the server is frozen; null while it runs. */
  private waiting: Message[] | null = null;
  private readonly tokens = new Map<number, string>();

  constructor(parts: ThreadServerParts) {
    const { id, life, pid, settings, disk } = parts;
    const { flags, electionTicks, heartbeatTicks, servers: voters } = settings;
    this.id = id;
    this.life = life;
    this.pid = pid;
    this.parts = parts;
    this.config = defaultConfig({ id, voters, flags, electionTicks, heartbeatTicks });
    this.stored = disk ?? { currentTerm: 0, votedFor: null, entries: [] };
    const restored = restore(this.config, disk, settings.seed + life * 97);
    this.state = restored.state;
    for (const effect of effects(restored.ready)) this.carryOut(effect);
  }

  isAlive(): boolean {
    return this.alive;
  }

  disk(): RestoredState {
    return this.stored;
  }

  machine(): Machine {
    return this.held;
  }

  kill(): void {
    this.alive = false;
  }

  /** Freezes the server. @returns false when it is already frozen */
  freeze(): boolean {
    if (!this.alive || this.waiting !== null) return false;
    this.waiting = [];
    return true;
  }

  /** Delivers everything that waits in its sockets at once. @returns false when the server is not frozen */
  resume(): boolean {
    const { waiting } = this;
    if (!this.alive || waiting === null) return false;
    this.waiting = null;
    for (const message of waiting) this.receive(message);
    return true;
  }

  tick(): void {
    if (this.waiting === null) this.run({ type: 'tick' });
  }

  receive(message: Message): void {
    if (this.waiting !== null) this.waiting.push(message);
    else if (this.alive) {
      // The real driver reports this in each turn. A leader that gets only replies reports nothing else.
      this.parts.emit({ event: 'MessagesReceived', ids: [] });
      this.run({ type: 'message', message });
    }
  }

  /** Returns the place of the command in the log; null when this server does not lead. The answer carries `token`. */
  propose(token: string, command: unknown): { readonly index: number; readonly term: number } | null {
    if (!this.alive || this.waiting !== null || this.state.role.name !== 'leader') return null;
    const index = lastIndex(this.state.log) + 1;
    if (token !== '') this.tokens.set(index, token);
    const content = { type: 'command', session: null, sequence: null, command: command as Json } as const;
    this.run({ type: 'propose', proposals: [{ requestId: token || 'start', content }] });
    return { index, term: this.state.currentTerm };
  }

  private run(input: Input): void {
    const { state, ready } = step(this.config, this.state, input);
    this.state = state;
    for (const effect of effects(ready)) this.carryOut(effect);
    if (ready.persist !== null) this.run(persistedInput(this.state));
  }

  private carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'emit':
        for (const event of effect.events) this.parts.emit(event);
        break;
      case 'send':
        for (const message of effect.messages) this.parts.send(headerOf(message), message);
        break;
      case 'persist': {
        const { hardState, truncateFrom, entries } = effect.persist;
        const kept = this.stored.entries.filter((one) => truncateFrom === null || one.index < truncateFrom);
        this.stored = { ...this.stored, ...hardState, entries: [...kept, ...entries] };
        break;
      }
      case 'apply':
        this.apply(effect.entries);
        break;
      case 'reply':
        // Callers get the outcome from `propose` and from the answer to their token.
        break;
    }
  }

  private apply(entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      const applied = applyEntry(rules, this.held, entry);
      this.held = applied.machine;
      const token = this.tokens.get(entry.index);
      this.tokens.delete(entry.index);
      if (token !== undefined && applied.answer.type === 'result') {
        this.parts.answer(token, entry.index, entry.term, applied.answer.result);
      }
    }
    const [first] = entries;
    const last = entries.at(-1);
    if (first === undefined || last === undefined) return;
    this.parts.emit({ event: 'EntriesApplied', first: first.index, last: last.index, chain: last.chain });
  }
}

function headerOf(message: Message): { readonly from: string; readonly to: string } & Record<string, unknown> {
  const { from, to, term } = message;
  switch (message.type) {
    case 'RequestVote':
      return { from, to, term, kind: 'request', rpc: message.preVote ? 'PreVote' : 'RequestVote' };
    case 'RequestVoteReply': {
      const { voteGranted, preVote } = message;
      return { from, to, term, kind: 'reply', rpc: preVote ? 'PreVote' : 'RequestVote', voteGranted };
    }
    case 'AppendEntries': {
      const first = message.entries[0]?.index;
      const last = message.entries.at(-1)?.index;
      const range = first === undefined ? {} : { first, last };
      return { from, to, term, kind: 'request', rpc: 'AppendEntries', prevLogIndex: message.prevLogIndex, ...range };
    }
    case 'AppendEntriesReply': {
      const match = message.success ? { matchIndex: message.matchIndex } : {};
      return { from, to, term, kind: 'reply', rpc: 'AppendEntries', success: message.success, ...match };
    }
  }
}
