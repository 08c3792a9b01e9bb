/**
 * Passes every recorded event, in the order of arrival, to one hearer that must hear all of them: the judges. The feed
 * is a place in the trace's index. While the hearer keeps up, events come from the newest blocks, which are in memory;
 * when it falls behind them, they are read from the file, so memory stays bounded. Flow: recorder → here → judges.
 */

import { LabProblem } from '../core/lab-api/lab-problem.ts';
import type { TraceEvent } from '../core/trace/events.ts';
import type { RecorderClock } from './clock.ts';
import { nextTurn } from './slices.ts';
import type { Block, TraceIndex } from './trace-index.ts';

/** Pause between an event and its hearing, milliseconds: the hearer wakes up once for all that came meanwhile. */
const TURN_MS = 33;
/** Longest time the hearer keeps the thread, milliseconds. The picture gets twice as much. */
const SLICE_MS = 4;
/** Events heard between two looks at the clock. */
const LOOK_EVERY = 16;

/** The distance between a hearer and the newest recorded event. */
export interface FeedLag {
  readonly events: number;
  /** Run time by which it is behind, µs; 0 when nothing is left to hear. */
  readonly us: number;
}

/** The events of a recording on their way to one hearer. */
export interface ArrivalFeed {
  lag(): FeedLag;
  /** Resolves when everything recorded so far, and what the hearer made the recorder note about it, has been heard. */
  caughtUp(): Promise<void>;
  /**
   * Hears the rest and stops.
   *
   * @param withinMs  time after which the rest is left
   * @returns whether everything was heard
   */
  finish(withinMs: number): Promise<boolean>;
  /** Shortens the time of a `finish` that has begun. */
  hurry(withinMs: number): void;
}

/** A place in the trace: the next event to hear. */
export interface FeedPlace {
  readonly block: number;
  /** Events of that block before it. */
  readonly within: number;
  /** All events before it. */
  readonly heard: number;
}

/** The place behind the newest event. */
export function endOf(index: TraceIndex): FeedPlace {
  const block = Math.max(0, index.blocks.length - 1);
  return { block, within: index.blocks[block]?.size ?? 0, heard: index.size() };
}

/** The source of the events, the clock, and the callback for errors. */
export interface ArrivalFeedOptions {
  readonly index: TraceIndex;
  readonly from: FeedPlace;
  /** Reads a block that is no longer in memory. */
  readonly read: (block: Block) => Promise<readonly TraceEvent[]>;
  readonly clock: RecorderClock;
  readonly nowUs: () => number;
  /** Called when the hearer threw or a block could not be read; the feed has ended. */
  readonly onError: (error: unknown) => void;
}

/** The feed with `wake`, which the recorder calls after each event that it added to the index. */
export class WokenFeed implements ArrivalFeed {
  readonly #options: ArrivalFeedOptions;
  readonly #hear: (event: TraceEvent) => void;
  #block: number;
  #within: number;
  #heard: number;
  /** Run time up to which nothing is left to hear. */
  #lastUs: number;
  #hearing: Promise<void> | null = null;
  #callOff: (() => void) | null = null;
  #endMs = Number.POSITIVE_INFINITY;
  #isFinishing = false;
  #isOver = false;

  constructor(options: ArrivalFeedOptions, hear: (event: TraceEvent) => void) {
    this.#options = options;
    this.#hear = hear;
    this.#block = options.from.block;
    this.#within = options.from.within;
    this.#heard = options.from.heard;
    this.#lastUs = options.nowUs();
    // Events that were recorded before the first listener.
    if (this.#left() > 0) this.wake();
  }

  wake(): void {
    // The first unheard event: until now the hearer was not behind.
    if (this.#left() === 1) this.#lastUs = this.#options.nowUs();
    if (this.#isOver || this.#hearing !== null || this.#callOff !== null) return;
    this.#callOff = this.#options.clock.later(() => void this.#begin(), TURN_MS);
  }

  lag(): FeedLag {
    const events = this.#left();
    return { events, us: events === 0 ? 0 : Math.max(0, this.#options.nowUs() - this.#lastUs) };
  }

  async caughtUp(): Promise<void> {
    while (this.#left() > 0 && !this.#isOver) await this.#begin();
  }

  async finish(withinMs: number): Promise<boolean> {
    this.#isFinishing = true;
    this.#endMs = performance.now() + withinMs;
    do await this.#begin();
    while (this.#left() > 0 && !this.#isOver && performance.now() < this.#endMs);
    const isAll = this.#left() === 0 && !this.#isOver;
    this.#isOver = true;
    return isAll;
  }

  hurry(withinMs: number): void {
    if (this.#isFinishing) this.#endMs = Math.min(this.#endMs, performance.now() + withinMs);
  }

  #left(): number {
    return this.#options.index.size() - this.#heard;
  }

  #begin(): Promise<void> {
    this.#callOff?.();
    this.#callOff = null;
    this.#hearing ??= this.#hearAll()
      .catch((error: unknown) => {
        this.#isOver = true;
        this.#options.onError(error);
      })
      .finally(() => {
        this.#hearing = null;
        // More events came after the last check.
        if (this.#left() > 0) this.wake();
      });
    return this.#hearing;
  }

  async #hearAll(): Promise<void> {
    const { blocks } = this.#options.index;
    while (this.#left() > 0 && !this.#isOver && performance.now() < this.#endMs) {
      const block = blocks[this.#block];
      if (block === undefined) return;
      if (this.#within < block.size) await this.#hearBlock(block);
      else [this.#block, this.#within] = [this.#block + 1, 0];
    }
  }

  /** Reads a block. A file that was made shorter cannot become whole again, so then the recording has failed. */
  async #read(block: Block): Promise<readonly TraceEvent[]> {
    return await this.#options.read(block).catch((cause: unknown) => {
      const isChanged = cause instanceof LabProblem && cause.error.code === 'recording-changed';
      throw isChanged ? new Error('events.jsonl was changed on the disk while it was recorded') : cause;
    });
  }

  /** Hears one block as far as it goes. */
  async #hearBlock(block: Block): Promise<void> {
    const events = block.events ?? (await this.#read(block));
    let sliceEndMs = performance.now() + SLICE_MS;
    // The newest block grows meanwhile.
    while (this.#within < events.length && !this.#isOver) {
      const event = events[this.#within] as TraceEvent;
      this.#within += 1;
      this.#heard += 1;
      this.#hear(event);
      this.#lastUs = Math.max(this.#lastUs, event.timeUs);
      if (this.#within % LOOK_EVERY !== 0 || performance.now() < sliceEndMs) continue;
      if (performance.now() >= this.#endMs) return;
      await nextTurn();
      sliceEndMs = performance.now() + SLICE_MS;
    }
  }
}
