/** One server of the one-thread lab: the real core with its effects carried out at once, and a disk that is an array. */
import { defaultConfig, effects, persistedInput, restore, rules, step } from '../../src/core/raft/index.ts';
import type { Input } from '../../src/core/raft/input.ts';
import type { Message } from '../../src/core/raft/messages.ts';
import type { Effect } from '../../src/core/raft/ready.ts';
import type { RestoredState } from '../../src/core/raft/state.ts';
import type { Json, LogEntry } from '../../src/core/raft/types.ts';
import { applyEntry, emptyMachine, type Machine } from '../../src/core/state-machine/index.ts';
import type { RunSettings } from '../../src/core/trace/index.ts';
import type { CommandResult } from '../../src/core/wire/index.ts';

export interface ThreadServer {
  readonly id: string;
  readonly life: number;
  readonly pid: number;
  isAlive(): boolean;
  tick(): void;
  receive(message: Message): void;
  /** Where the command went, or null when this server does not lead. `token` comes back with the answer. */
  propose(token: string, command: unknown): { readonly index: number; readonly term: number } | null;
  kill(): void;
  disk(): RestoredState;
  machine(): Machine;
}

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

/** Starts from the disk it is given. */
export function createThreadServer(parts: ThreadServerParts): ThreadServer {
  const { id, settings } = parts;
  const { flags, electionTicks, heartbeatTicks } = settings;
  const config = defaultConfig({ id, voters: settings.servers, flags, electionTicks, heartbeatTicks });
  const restored = restore(config, parts.disk, settings.seed + parts.life * 97);
  let { state } = restored;
  let machine = emptyMachine();
  let isAlive = true;
  let disk: RestoredState = parts.disk ?? { currentTerm: 0, votedFor: null, entries: [] };
  const tokens = new Map<number, string>();

  function carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'emit':
        for (const event of effect.events) parts.emit(event);
        break;
      case 'send':
        for (const message of effect.messages) parts.send(headerOf(message), message);
        break;
      case 'persist': {
        const { hardState, truncateFrom, entries } = effect.persist;
        const kept = truncateFrom === null ? disk.entries : disk.entries.filter((one) => one.index < truncateFrom);
        disk = { ...disk, ...hardState, entries: [...kept, ...entries] };
        break;
      }
      case 'apply':
        apply(effect.entries);
        break;
      case 'reply':
        // Callers are told through `propose` and the answer to their token.
        break;
    }
  }

  function apply(entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      const applied = applyEntry(rules, machine, entry);
      machine = applied.machine;
      const token = tokens.get(entry.index);
      tokens.delete(entry.index);
      if (token !== undefined && applied.answer.type === 'result') {
        parts.answer(token, entry.index, entry.term, applied.answer.result);
      }
    }
    const [first] = entries;
    const last = entries.at(-1);
    if (first !== undefined && last !== undefined) {
      parts.emit({ event: 'EntriesApplied', first: first.index, last: last.index, chain: last.chain });
    }
  }

  function run(input: Input): void {
    const stepped = step(config, state, input);
    state = stepped.state;
    for (const effect of effects(stepped.ready)) carryOut(effect);
    if (stepped.ready.persist !== null) run(persistedInput(state));
  }

  for (const effect of effects(restored.ready)) carryOut(effect);
  return {
    id,
    life: parts.life,
    pid: parts.pid,
    isAlive: () => isAlive,
    tick: () => run({ type: 'tick' }),
    receive(message) {
      if (isAlive) run({ type: 'message', message });
    },
    propose(token, command) {
      if (!isAlive || state.role.name !== 'leader') return null;
      const at = state.log;
      const index = at.segments.flat().length + at.tail.length + 1;
      if (token !== '') tokens.set(index, token);
      const content = { type: 'command', session: null, sequence: null, command: command as Json } as const;
      run({ type: 'propose', proposals: [{ requestId: token || 'start', content }] });
      return { index, term: state.currentTerm };
    },
    kill() {
      isAlive = false;
    },
    disk: () => disk,
    machine: () => machine,
  };
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
