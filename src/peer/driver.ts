/**
 * The heart of the program: drain the inbox, step it all, carry out `effects(ready)` in order and nothing else, step
 * `persisted` at once. What may leave before a write and what must wait is decided by that order, not here.
 */

import { effects, persistedInput, type Stepped, step, stepAll } from '../core/raft/index.ts';
import type { Message } from '../core/raft/messages.ts';
import type { Effect, Persist } from '../core/raft/ready.ts';
import type { RaftConfig, RaftState } from '../core/raft/state.ts';
import type { EntryContent, LogEntry } from '../core/raft/types.ts';
import { applyEntry, emptyMachine, type Machine } from '../core/state-machine/index.ts';
import { type Caller, createCalls } from './calls.ts';
import { createInbox } from './inbox.ts';
import type { Reporter } from './reporter.ts';
import type { RaftStorage } from './storage/index.ts';

/** So many entries committed since the last look are worth sealing without waiting for the next second. */
const SEAL_AT_ONCE = 2_048;

export interface Driver {
  readonly state: RaftState;
  readonly machine: Machine;
  /** Callers that wait for an answer. */
  readonly waiting: number;
  readonly writes: { readonly count: number; readonly lastMs: number };
  tick(): void;
  /** @returns false when it was dropped because too much waits */
  receive(message: Message, id: string): boolean;
  propose(content: EntryContent, caller: Caller): void;
  /** Seals or checkpoints after the next turn: called about once a second. */
  maintain(): void;
  /** Nothing is stepped any more, the files are complete. */
  stop(): Promise<void>;
}

export interface DriverOptions {
  readonly config: RaftConfig;
  /** A restored state; its own Ready's events are reported first. */
  readonly restored: Stepped;
  readonly storage: RaftStorage;
  readonly send: (message: Message) => void;
  readonly reporter: Reporter;
  /** A failed write or an impossible state: the server must not go on. */
  readonly onFailure: (error: unknown) => void;
}

export function createDriver(options: DriverOptions): Driver {
  const { config, storage, send, reporter, onFailure } = options;
  const calls = createCalls();
  const inbox = createInbox(schedule);
  let { state } = options.restored;
  let machine = emptyMachine();
  let writes = { count: 0, lastMs: 0 };
  let isScheduled = false;
  let isStopped = false;
  let isMaintenanceDue = false;
  let lookedAt = 0;
  let current: Promise<void> = Promise.resolve();

  /** After the sockets that are readable now have been read, so that all they brought is one batch. */
  function schedule(): void {
    if (isScheduled || isStopped) return;
    isScheduled = true;
    setImmediate(() => {
      current = turn().catch(onFailure);
    });
  }

  async function turn(): Promise<void> {
    if (isStopped) return;
    const { inputs, messageIds } = inbox.drain();
    if (messageIds.length > 0) reporter.report({ event: 'MessagesReceived', ids: messageIds });
    if (inputs.length > 0) await carryOut(stepAll(config, state, inputs));
    await keepHouse();
    reporter.flush();
    isScheduled = false;
    // What arrived in the middle of this turn waits for the next one.
    if (!inbox.isEmpty() || isMaintenanceDue) schedule();
  }

  async function carryOut(stepped: Stepped): Promise<void> {
    state = stepped.state;
    let hasWritten = false;
    for (const effect of effects(stepped.ready)) {
      await act(effect);
      hasWritten ||= effect.type === 'persist';
    }
    if (hasWritten) await carryOut(step(config, state, persistedInput(state)));
  }

  async function act(effect: Effect): Promise<void> {
    switch (effect.type) {
      case 'emit':
        for (const event of effect.events) reporter.report(event);
        break;
      case 'send':
        // What was said about a message is on its way before the message.
        reporter.flush();
        for (const message of effect.messages) send(message);
        break;
      case 'persist':
        await write(effect.persist);
        break;
      case 'apply':
        apply(effect.entries);
        break;
      case 'reply':
        calls.settle(effect.replies);
        break;
    }
  }

  async function write(persist: Persist): Promise<void> {
    const began = performance.now();
    await storage.write(persist);
    writes = { count: writes.count + 1, lastMs: performance.now() - began };
  }

  function apply(entries: readonly LogEntry[]): void {
    const first = entries[0];
    const last = entries.at(-1);
    if (first === undefined || last === undefined) return;
    const answers = entries.map((entry) => {
      const { machine: next, answer } = applyEntry(config.rules, machine, entry);
      machine = next;
      return { entry, answer };
    });
    reporter.report({ event: 'EntriesApplied', first: first.index, last: last.index, chain: last.chain });
    for (const { entry, answer } of answers) calls.applied(entry, answer);
  }

  /** Off the reply path: everything of this turn has been sent. */
  async function keepHouse(): Promise<void> {
    if (!isMaintenanceDue && state.commitIndex - lookedAt < SEAL_AT_ONCE) return;
    lookedAt = state.commitIndex;
    const sealed = await storage.seal(state.commitIndex);
    for (const segment of sealed) reporter.report({ event: 'SegmentSealed', ...segment });
    if (isMaintenanceDue && sealed.length === 0) await storage.checkpoint();
    isMaintenanceDue = false;
  }

  for (const event of options.restored.ready.events) reporter.report(event);
  reporter.flush();

  return {
    get state() {
      return state;
    },
    get machine() {
      return machine;
    },
    get waiting() {
      return calls.count();
    },
    get writes() {
      return writes;
    },
    tick: () => inbox.push({ type: 'tick' }),
    receive: (message, id) => inbox.pushMessage(message, id),
    propose: (content, caller) =>
      inbox.push({ type: 'propose', proposals: [{ requestId: calls.begin(caller), content }] }),
    maintain() {
      isMaintenanceDue = true;
      schedule();
    },
    async stop() {
      isStopped = true;
      await current;
      await storage.close();
      reporter.flush();
    },
  };
}
