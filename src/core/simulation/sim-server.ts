/**
 * One simulated server: the shipped core and state machine between an inbox and a slow disk. It behaves like the driver
 * of the server program, without sockets and files. It executes `effects(ready)` in order, waits for its write, steps
 * `persisted` before inputs that arrived meanwhile, and applies entries in slices. Each message it sends is checked
 * against its disk at once.
 */

import type { RaftConfig } from '../raft/config.ts';
import type { RaftEvent } from '../raft/events.ts';
import {
  type ApplicationQueue,
  createApplicationQueue,
  type DiskWrite,
  effects,
  InvariantError,
  isForApplication,
  persistedInput,
  type Rules,
  restore,
  stepAll,
} from '../raft/index.ts';
import type { Input } from '../raft/input.ts';
import type { Message } from '../raft/messages.ts';
import type { ApplicationEffect, Effect, ProtocolEffect, Reply } from '../raft/ready.ts';
import type { RaftState, RestoredState } from '../raft/state.ts';
import { type Answer, applyEntry, emptyMachine, type Machine } from '../state-machine/index.ts';
import type { LogEntry } from '../vocabulary/index.ts';
import { Broken } from './broken.ts';
import { matchMustNotFall, mayReveal, mustBeOnDisk, mustHaveOwnVote } from './reveal.ts';

/** The parts of the simulation that a server uses. */
export interface ServerWorld {
  readonly emit: (event: RaftEvent) => void;
  readonly send: (message: Message) => void;
  readonly applied: (entries: readonly LogEntry[], answers: readonly Answer[]) => void;
  readonly replied: (reply: Reply) => void;
  /** Returns the duration of one part of a write, in microseconds. */
  readonly writeUs: () => number;
  /** Schedules `finishWrite` after `us` microseconds, unless the server dies meanwhile. */
  readonly after: (us: number) => void;
  /** Schedules `applyNext` after a short time, unless the server dies meanwhile. */
  readonly applyLater: () => void;
  /** Returns true when the server must die here, between two effects. */
  readonly dies: () => boolean;
}

interface Work {
  readonly effects: readonly Effect[];
  at: number;
  readonly answer: Input;
}

/** Maximum number of waiting messages, as in the real inbox; further ones are dropped. */
const MOST_WAITING = 10_000;

/** One life of a server. */
export class SimServer {
  readonly config: RaftConfig;
  readonly life: number;
  state: RaftState;
  machine: Machine = emptyMachine();
  /** The contents of the server's files. */
  disk: RestoredState | null;
  isFrozen = false;
  readonly #rules: Rules;
  readonly #world: ServerWorld;
  #inbox: Input[] = [];
  #work: Work[] = [];
  #writing: DiskWrite[] = [];
  readonly #application: ApplicationQueue;
  /** Whether the next slice may be applied: after the effects of a step, or after a short time. */
  #isSliceDue = false;
  #isWorking = false;
  #isDead = false;

  constructor(from: {
    readonly config: RaftConfig;
    readonly life: number;
    readonly disk: RestoredState | null;
    readonly seed: number;
    /** Maximum number of entries applied in one turn. */
    readonly sliceEntries: number;
    readonly world: ServerWorld;
  }) {
    this.config = from.config;
    this.life = from.life;
    this.disk = from.disk;
    this.#rules = from.config.rules;
    this.#world = from.world;
    this.#application = createApplicationQueue(from.sliceEntries);
    const { state, ready } = restore(from.config, from.disk, from.seed);
    this.state = state;
    this.#work.push({ effects: effects(ready), at: 0, answer: persistedInput(state) });
  }

  get id(): string {
    return this.config.id;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Whether the server has no input waiting and no work in progress. */
  get rests(): boolean {
    const isIdle = this.#inbox.length === 0 && this.#work.length === 0 && this.#writing.length === 0;
    return isIdle && this.#application.isEmpty();
  }

  /** Queues an input. A frozen server handles it when it is resumed. */
  push(input: Input): void {
    if (this.#isDead || (input.type === 'message' && this.#inbox.length >= MOST_WAITING)) return;
    this.#inbox.push(input);
    this.run();
  }

  /** Runs until the server has to wait. */
  run(): void {
    if (this.#isWorking || this.#isDead || this.isFrozen) return;
    this.#isWorking = true;
    try {
      while (this.#turn());
    } catch (cause) {
      if (cause instanceof InvariantError) throw new Broken('invariant', cause.message);
      throw cause;
    } finally {
      this.#isWorking = false;
    }
  }

  /** Moves the next part of the write to the disk. After the last part, `persisted` is stepped. */
  finishWrite(): void {
    if (this.#isDead) return;
    const write = this.#writing.shift();
    if (write !== undefined) this.#toDisk(write);
    if (this.#writing.length > 0) {
      this.#world.after(this.#world.writeUs());
      return;
    }
    const answer = this.#work[0]?.answer;
    if (answer !== undefined) this.#step([answer], 'first');
    this.run();
  }

  /** Applies the next slice of committed entries. */
  applyNext(): void {
    // In the middle of a batch the slice waits for the end of the batch, as in the driver.
    if (this.#work.length === 0) this.#isSliceDue = true;
    this.run();
  }

  /** Kills the server as SIGKILL does. The first `partsThatArrive` parts of the current write still reach the disk. */
  die(partsThatArrive: number): void {
    this.#isDead = true;
    for (const write of this.#writing.slice(0, partsThatArrive)) this.#toDisk(write);
    this.#writing = [];
    this.#work = [];
    this.#inbox = [];
    this.#application.clear();
  }

  #toDisk(write: DiskWrite): void {
    this.disk = diskAfter(this.disk, write);
    const term = this.disk.entries.at(-1)?.term ?? 0;
    if (term <= this.disk.currentTerm) return;
    throw new Broken(
      'term-before-entries',
      `${this.id} has an entry of term ${term} on disk under term ${this.disk.currentTerm}`,
    );
  }

  get partsUnderWay(): number {
    return this.#writing.length;
  }

  /**
   * Carries out one piece of work.
   *
   * @returns false when the server waits for input or for its disk, or has ended
   */
  #turn(): boolean {
    if (this.#isDead || this.isFrozen) return false;
    if (this.#writing.length > 0) return this.#stepDuringWrite();
    if (this.#isSliceDue && !this.#application.isEmpty()) return this.#applySlice();
    const current = this.#work[0];
    if (current !== undefined) {
      const effect = current.effects[current.at];
      if (effect === undefined) {
        this.#work.shift();
        this.#isSliceDue = true;
        return true;
      }
      if (this.#world.dies()) return false;
      current.at += 1;
      this.#carryOut(effect);
      return true;
    }
    if (this.#inbox.length === 0) return false;
    const inputs = this.#inbox;
    this.#inbox = [];
    this.#step(inputs, 'last');
    return true;
  }

  /**
   * Steps inputs during a write. Only a wrong rule L13 allows any; with the correct rule the server waits for its disk.
   */
  #stepDuringWrite(): boolean {
    const inputs = this.#inbox.filter((input) => this.#rules.mayStepDuringWrite(input));
    if (inputs.length === 0) return false;
    this.#inbox = this.#inbox.filter((input) => !inputs.includes(input));
    const { state, ready } = stepAll(this.config, this.state, inputs);
    this.state = state;
    for (const effect of effects(ready)) {
      if (effect.type === 'persist') this.#writing.push(...this.#rules.diskWrites(effect.persist));
      else this.#carryOut(effect);
    }
    return true;
  }

  /**
   * Applies one slice, as the driver does after each step. Remaining entries follow a moment later, or after the next
   * step.
   */
  #applySlice(): boolean {
    this.#isSliceDue = false;
    for (const effect of this.#application.takeSlice()) {
      if (this.#world.dies()) return false;
      this.#apply(effect);
    }
    if (!this.#application.isEmpty()) this.#world.applyLater();
    return true;
  }

  #step(inputs: readonly Input[], place: 'first' | 'last'): void {
    const before = this.state;
    const { state, ready } = stepAll(this.config, before, inputs);
    this.state = state;
    if (state.role.name === 'leader') {
      if (before.role.name !== 'leader' || before.currentTerm !== state.currentTerm) mustHaveOwnVote(this);
      else matchMustNotFall(before, state);
    }
    const work: Work = { effects: effects(ready), at: 0, answer: persistedInput(state) };
    // This work comes after the rest of the batch whose write was just confirmed.
    if (place === 'first') this.#work.splice(1, 0, work);
    else this.#work.push(work);
  }

  #carryOut(effect: Effect): void {
    if (isForApplication(effect)) this.#application.push(effect);
    else this.#perform(effect);
  }

  #perform(effect: ProtocolEffect): void {
    switch (effect.type) {
      case 'emit':
        for (const event of effect.events) this.#world.emit(event);
        return;
      case 'send':
        for (const message of effect.messages) {
          mayReveal(this, message);
          this.#world.send(message);
        }
        return;
      case 'persist':
        this.#writing.push(...this.#rules.diskWrites(effect.persist));
        this.#world.after(this.#world.writeUs());
    }
  }

  #apply(effect: ApplicationEffect): void {
    if (effect.type === 'reply') {
      for (const reply of effect.replies) this.#world.replied(reply);
      return;
    }
    const answers = effect.entries.map((entry) => {
      mustBeOnDisk(this, entry);
      const { machine, answer } = applyEntry(this.#rules, this.machine, entry);
      this.machine = machine;
      return answer;
    });
    this.#world.applied(effect.entries, answers);
  }
}

/** Returns the files after one part of a write (L11: hard state first, then truncation and entries). */
function diskAfter(disk: RestoredState | null, write: DiskWrite): RestoredState {
  const before: RestoredState = disk ?? { currentTerm: 0, votedFor: null, entries: [] };
  if (write.type === 'hardState') return { ...before, ...write.hardState };
  const entries = before.entries as LogEntry[];
  // The array of entries grows in place, because copying it at every write would cost O(log).
  if (write.truncateFrom !== null) {
    return { ...before, entries: [...entries.slice(0, write.truncateFrom - 1), ...write.entries] };
  }
  entries.push(...write.entries);
  return { ...before, entries };
}
