/**
 * Passes every recorded event, in the order of arrival, to one consumer that must receive all of them: the judges. The
 * feed keeps its position in the trace's index. While the consumer keeps up, events come from the newest blocks, which
 * are in memory. When it falls behind, events are read from the file, so memory stays bounded. Flow: recorder → here →
 * judges.
 */

import { LabProblem } from '../core/lab-api/lab-problem.ts';
import type { TraceEvent } from '../core/trace/events.ts';
import type { RecorderClock } from './clock.ts';
import { nextTurn } from './slices.ts';
import type { Block, TraceIndex } from './trace-index.ts';

/**
 * Delay between the arrival of an event and its processing, milliseconds. The consumer wakes up once for all events of
 * that time.
 */
const TURN_MS = 33;
/** Longest time for which the consumer keeps the thread, milliseconds. The live view may keep it twice as long. */
const SLICE_MS = 4;
/** Number of events processed between two checks of the clock. */
const LOOK_EVERY = 16;

/** The distance between the consumer and the newest recorded event. */
export interface FeedLag {
  readonly events: number;
  /** Run time by which the consumer is behind, µs; 0 when every event is processed. */
  readonly us: number;
}

/** The path of a recording's events to one consumer. */
export interface ArrivalFeed {
  lag(): FeedLag;
  /**
   * Resolves when the consumer has processed every event recorded so far, including those recorded because of its
   * findings.
   */
  caughtUp(): Promise<void>;
  /**
   * Processes the remaining events and stops.
   *
   * @param withinMs  time limit, milliseconds; events left after it stay unprocessed
   * @returns whether all events were processed
   */
  finish(withinMs: number): Promise<boolean>;
  /** Limits the rest of a running `finish` to `withinMs` milliseconds from now. */
  hurry(withinMs: number): void;
}

/** A position in the trace: that of the next event to process. */
export interface FeedPlace {
  readonly block: number;
  /** Number of events of that block before the position. */
  readonly within: number;
  /** Number of events of all blocks before the position. */
  readonly heard: number;
}

/** Returns the position after the newest event. */
export function endOf(index: TraceIndex): FeedPlace {
  const block = Math.max(0, index.blocks.length - 1);
  return { block, within: index.blocks[block]?.size ?? 0, heard: index.size() };
}

/** The source of the events, the clock and the error callback. */
export interface ArrivalFeedOptions {
  readonly index: TraceIndex;
  readonly from: FeedPlace;
  /** Reads a block that is no longer in memory. */
  readonly read: (block: Block) => Promise<readonly TraceEvent[]>;
  readonly clock: RecorderClock;
  readonly nowUs: () => number;
  /** Called when the consumer threw or a block could not be read. The feed has ended by then. */
  readonly onError: (error: unknown) => void;
}

/** A feed whose `wake` the recorder calls after each event that it added to the index. */
export class WokenFeed implements ArrivalFeed {
  readonly #options: ArrivalFeedOptions;
  readonly #hear: (event: TraceEvent) => void;
  #block: number;
  #within: number;
  #heard: number;
  /** Run time up to which every event is processed, µs. */
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
    // The recorder may have recorded events before it attached this consumer.
    if (this.#left() > 0) this.wake();
  }

  wake(): void {
    // This is the only unprocessed event, so the consumer was not behind until now.
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
        // The recorder may have added events after the last check.
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

  /** Reads a block. A changed file makes the recording fail, because the lost events cannot be recovered. */
  async #read(block: Block): Promise<readonly TraceEvent[]> {
    return await this.#options.read(block).catch((cause: unknown) => {
      const isChanged = cause instanceof LabProblem && cause.error.code === 'recording-changed';
      throw isChanged ? new Error('events.jsonl was changed on the disk while it was recorded') : cause;
    });
  }

  /** Processes the events of one block, including those that are added to it meanwhile. */
  async #hearBlock(block: Block): Promise<void> {
    const events = block.events ?? (await this.#read(block));
    let sliceEndMs = performance.now() + SLICE_MS;
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
