/**
 * The server's main loop: it drains the inbox, steps every input, carries out `effects(ready)` in that order, and then
 * steps `persisted` at once. The order in `effects` decides which messages may leave before a write. Entries are
 * applied in slices, and a long list of entries continues in the next turn.
 */

import type { RaftConfig } from '../core/raft/config.ts';
import {
  createApplicationQueue,
  type DiskWrite,
  effects,
  isForApplication,
  persistedInput,
  type Stepped,
  step,
  stepAll,
} from '../core/raft/index.ts';
import type { Message } from '../core/raft/messages.ts';
import type { Persist, ProtocolEffect } from '../core/raft/ready.ts';
import type { RaftState } from '../core/raft/state.ts';
import { applyEntry, emptyMachine, type Machine } from '../core/state-machine/index.ts';
import type { EntryContent, LogEntry } from '../core/vocabulary/index.ts';
import type { ServerTiming } from '../core/wire/index.ts';
import { type Caller, createCalls } from './calls.ts';
import type { ServerReporter } from './events.ts';
import { createInbox } from './inbox.ts';
import type { RaftStorage } from './storage/index.ts';

/** Number of entries committed since the last check at which sealing starts without waiting for the next second. */
const SEAL_AT_ONCE = 2_048;
/**
 * Maximum number of entries applied in one slice. A slice takes about 2 ms, a fraction of a tick, so heartbeats stay on
 * time.
 */
const SLICE_ENTRIES = 512;

/** The parts that a driver works with. */
export interface DriverOptions {
  readonly config: RaftConfig;
  /** The restored state; the events of its Ready are reported first. */
  readonly restored: Stepped;
  readonly storage: RaftStorage;
  /** Sends the messages now; all messages to one server leave in one write. */
  readonly send: (messages: readonly Message[]) => void;
  readonly reporter: ServerReporter;
  /** Called for a failed write or an impossible state; the server must end afterwards. */
  readonly onFailure: (error: unknown) => void;
}

/** Runs the core of one life until `stop`. */
export class Driver {
  readonly #options: DriverOptions;
  readonly #calls = createCalls();
  readonly #inbox = createInbox(() => this.#schedule());
  readonly #application = createApplicationQueue(SLICE_ENTRIES);
  #config: RaftConfig;
  #state: RaftState;
  #machine = emptyMachine();
  #writes = { count: 0, lastMs: 0 };
  #isScheduled = false;
  #isStopped = false;
  #isMaintenanceDue = false;
  /** commitIndex when sealing was last checked. */
  #lookedAt = 0;
  #current: Promise<void> = Promise.resolve();

  constructor(options: DriverOptions) {
    const { config, restored, reporter } = options;
    this.#options = options;
    this.#config = config;
    this.#state = restored.state;
    for (const event of restored.ready.events) reporter.report(event);
    reporter.flush();
  }

  get state(): RaftState {
    return this.#state;
  }

  /** The store and the sessions, up to the last applied entry. */
  get machine(): Machine {
    return this.#machine;
  }

  /** Number of callers that wait for an answer. */
  get waiting(): number {
    return this.#calls.count();
  }

  /** Number of writes of this life, and the duration of the last one in milliseconds. */
  get writes(): { readonly count: number; readonly lastMs: number } {
    return this.#writes;
  }

  /** Sets another timing. A timer that runs keeps its length; the next one is drawn from the new range. */
  setTiming({ electionTicks, electionMaxTicks, heartbeatTicks }: ServerTiming): void {
    const { electionMaxTicks: _, ...config } = this.#config;
    const longest = electionMaxTicks === undefined ? {} : { electionMaxTicks };
    this.#config = { ...config, electionTicks, ...longest, heartbeatTicks };
  }

  tick(): void {
    this.#inbox.push({ type: 'tick' });
  }

  /** Queues a message. @returns false when it was dropped because the inbox is full */
  receive(message: Message, id: string): boolean {
    return this.#inbox.pushMessage(message, id);
  }

  /** Proposes a command; the caller gets its outcome exactly once. */
  propose(content: EntryContent, caller: Caller): void {
    this.#inbox.push({ type: 'propose', proposals: [{ requestId: this.#calls.begin(caller), content }] });
  }

  /** Seals or checkpoints after the next turn. Call it about once a second. */
  maintain(): void {
    this.#isMaintenanceDue = true;
    this.#schedule();
  }

  /** Stops stepping; resolves once the files are complete. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#current;
    await this.#options.storage.close();
    this.#options.reporter.flush();
  }

  /** Schedules a turn behind the reads of all sockets that are readable now, so that their input becomes one batch. */
  #schedule(): void {
    if (this.#isScheduled || this.#isStopped) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#current = this.#turn().catch(this.#options.onFailure);
    });
  }

  async #turn(): Promise<void> {
    if (this.#isStopped) return;
    const { reporter } = this.#options;
    const { inputs, messageIds } = this.#inbox.drain();
    if (messageIds.length > 0) reporter.report({ event: 'MessagesReceived', ids: messageIds });
    if (inputs.length > 0) await this.#carryOut(stepAll(this.#config, this.#state, inputs));
    else this.#applySlice();
    await this.#keepHouse();
    reporter.flush();
    this.#isScheduled = false;
    // Inputs that arrived during this turn, and entries that are not applied yet, are handled in the next turn.
    if (!this.#inbox.isEmpty() || !this.#application.isEmpty() || this.#isMaintenanceDue) this.#schedule();
  }

  async #carryOut({ state, ready }: Stepped): Promise<void> {
    this.#state = state;
    let isWriteAhead = ready.persist !== null;
    for (const effect of effects(ready)) {
      if (effect.type === 'persist') isWriteAhead = false;
      if (isForApplication(effect)) this.#application.push(effect);
      else await this.#act(effect, isWriteAhead);
    }
    this.#applySlice();
    if (ready.persist !== null) await this.#carryOut(step(this.#config, state, persistedInput(state)));
  }

  #applySlice(): void {
    if (this.#application.isEmpty()) return;
    for (const effect of this.#application.takeSlice()) {
      if (effect.type === 'apply') this.#apply(effect.entries);
      else {
        this.#options.reporter.flush();
        this.#calls.settle(effect.replies);
      }
    }
  }

  async #act(effect: ProtocolEffect, isWriteAhead: boolean): Promise<void> {
    const { reporter, send } = this.#options;
    switch (effect.type) {
      case 'emit':
        for (const event of effect.events) reporter.report(event);
        break;
      case 'send':
        // Events about a message are sent before the message, so that a kill between the two loses no event.
        reporter.flush(isWriteAhead);
        send(effect.messages);
        break;
      case 'persist':
        reporter.flush(true);
        await this.#write(effect.persist);
        break;
    }
  }

  async #write(persist: Persist): Promise<void> {
    const began = performance.now();
    const { storage } = this.#options;
    for (const batch of batchesOf(this.#config.rules.diskWrites(persist))) await storage.write(batch);
    this.#writes = { count: this.#writes.count + 1, lastMs: performance.now() - began };
  }

  #apply(entries: readonly LogEntry[]): void {
    const { reporter } = this.#options;
    const first = entries[0];
    const last = entries.at(-1);
    if (first === undefined || last === undefined) return;
    const answers = entries.map((entry) => {
      const { machine, answer } = applyEntry(this.#config.rules, this.#machine, entry);
      this.#machine = machine;
      return { entry, answer };
    });
    reporter.report({ event: 'EntriesApplied', first: first.index, last: last.index, chain: last.chain });
    // The server may be killed as soon as a client has its answer, so the events behind the answer are sent first.
    reporter.flush();
    for (const { entry, answer } of answers) this.#calls.applied(entry, answer);
  }

  /** Seals or checkpoints off the reply path, after everything of this turn has been sent. */
  async #keepHouse(): Promise<void> {
    const { storage, reporter } = this.#options;
    const { commitIndex } = this.#state;
    if (!this.#isMaintenanceDue && commitIndex - this.#lookedAt < SEAL_AT_ONCE) return;
    this.#lookedAt = commitIndex;
    const sealed = await storage.seal(commitIndex);
    for (const segment of sealed) reporter.report({ event: 'SegmentSealed', ...segment });
    if (this.#isMaintenanceDue && sealed.length === 0) await storage.checkpoint();
    this.#isMaintenanceDue = false;
  }
}

/**
 * Groups the parts of a write into batches for the storage, which writes a batch's state before its log (L11). The
 * result is one batch, except in a mutant that changes the order.
 */
function batchesOf(parts: readonly DiskWrite[]): readonly Persist[] {
  const batches: Persist[] = [];
  for (const part of parts) {
    const before = batches.at(-1);
    if (part.type === 'hardState') {
      batches.push({ hardState: part.hardState, ...NO_LOG });
      continue;
    }
    const { truncateFrom, entries } = part;
    if (before !== undefined && before.entries.length === 0 && before.truncateFrom === null) {
      batches[batches.length - 1] = { ...before, truncateFrom, entries };
    } else batches.push({ hardState: null, truncateFrom, entries });
  }
  return batches;
}

const NO_LOG = { truncateFrom: null, entries: [] } as const;
