/**
 * Reads from a recorded run the events about one index of the log, and tells its life from them. The index of the trace names
 * the blocks with such events, so few blocks of a long recording are read, and at most `MOST_BLOCKS` for each search.
 * Flow: history.ts → here → core/trace/index-life.ts.
 */
import { EVENT_NAMES, eventRow } from '../core/catalogue/index.ts';
import type { TraceEvent } from '../core/trace/events.ts';
import { concernsIndex, holdsIndex, WHOLE_LOG_EVENTS } from '../core/trace/index-events.ts';
import { copiesOf, type IndexLife, lifeOfIndex, numberOf } from '../core/trace/index-life.ts';
import { compareEvents, type EventKey, keyAfter, keyBefore } from '../core/trace/order.ts';
import type { LogIndex, WireEntry } from '../core/vocabulary/index.ts';
import type { SortedTrace } from './sorted-trace.ts';
import type { Block } from './trace-index.ts';

/** Maximum number of blocks that one search reads. Each takes a few milliseconds. */
const MOST_BLOCKS = 400;
/** Maximum number of copies of one command that are followed. */
const MOST_COPIES = 4;

/** A question about an index. */
export interface IndexQuestion {
  readonly index: LogIndex;
  /** Later events are left out, as if the run had ended then; absent for the newest end. */
  readonly toUs?: number;
}

type Proposal = Extract<TraceEvent, { readonly event: 'EntriesProposed' }>;
type Invoked = Extract<TraceEvent, { readonly event: 'CommandInvoked' }>;

/** Tells the life of an index. Its `isCut` is true when a search ended before the end of the trace. */
export async function readIndexLife(trace: SortedTrace, { index, toUs }: IndexQuestion): Promise<IndexLife> {
  const reader = new EventReader(trace, toUs);
  const lastUs = await reader.readIndex(index);
  const proposals = reader.found().filter((event) => event.event === 'EntriesProposed');
  for (const proposal of proposals) {
    const entry = proposal.entries.find((one) => one.index === index);
    if (entry !== undefined) await readAsker(reader, proposal, entry);
  }
  const untilUs = Math.min(toUs ?? Number.POSITIVE_INFINITY, endOf(trace), lastUs ?? Number.POSITIVE_INFINITY);
  return lifeOfIndex(reader.found(), index, { untilUs, isCut: reader.isCut });
}

/** Reads the events of the client or person behind an entry, and those about the copies of its command. */
async function readAsker(reader: EventReader, proposal: Proposal, entry: WireEntry): Promise<void> {
  const since = keyBefore(proposal.timeUs);
  if (entry.type === 'session') {
    await reader.readUntil(since, ['SessionOpened'], (event) =>
      event.event === 'SessionOpened' && event.session === entry.index ? 'last' : 'none',
    );
    return;
  }
  const number = numberOf(entry);
  if (number === null) {
    if (entry.type === 'noop') return;
    await reader.readUntil(since, ['StartAnswered'], (event) =>
      event.event === 'StartAnswered' && event.index === entry.index && event.term === entry.term ? 'last' : 'none',
    );
    return;
  }
  const invoked = await reader.readBack(keyAfter(proposal.timeUs), (event): event is Invoked => {
    if (event.event !== 'CommandInvoked') return false;
    return event.session === number.session && event.sequence === number.sequence;
  });
  if (invoked === null) return;
  const { operation, timeUs } = invoked;
  const copies: WireEntry[] = [];
  await reader.readUntil(keyBefore(timeUs), [...OF_COMMAND, 'EntriesProposed'], (event) => {
    if (event.event === 'EntriesProposed') {
      const found = copiesOf([event], entry);
      copies.push(...found);
      return found.length > 0 ? 'one' : 'none';
    }
    if (!('operation' in event) || event.operation !== operation) return 'none';
    // After *unknown* the client may still learn the result, so only a result or a refusal ends the search.
    return event.event === 'CommandDone' || event.event === 'CommandRefused' ? 'last' : 'one';
  });
  const others = new Set(copies.map((copy) => copy.index).filter((other) => other !== entry.index));
  for (const other of [...others].slice(0, MOST_COPIES)) await reader.readIndex(other);
}

/** The events of clients, among them those about one command. */
const OF_COMMAND = EVENT_NAMES.filter((name) => eventRow(name)?.teller === 'client');

/** Collects events of a trace, each once. */
class EventReader {
  /** True once a search ended before the end of the trace. */
  isCut = false;
  readonly #trace: SortedTrace;
  readonly #to: EventKey | null;
  readonly #events = new Map<number, TraceEvent>();

  constructor(trace: SortedTrace, toUs: number | undefined) {
    this.#trace = trace;
    this.#to = toUs === undefined ? null : keyAfter(toUs);
  }

  /** All events read so far, in the order of time. */
  found(): readonly TraceEvent[] {
    return [...this.#events.values()].sort(compareEvents);
  }

  /** Reads every event that concerns the index. Resolves with the time up to which it read; null for all of them. */
  async readIndex(index: LogIndex): Promise<number | null> {
    const touching = this.#trace.index.blocks.filter((block) => holdsIndex(block.touched, index));
    if (touching.length === 0) return null;
    const fromUs = Math.min(...touching.map(({ minUs }) => minUs));
    const wants = (block: Block): boolean => holdsIndex(block.touched, index) || hasAny(block, WHOLE_LOG_EVENTS);
    return await this.#read(keyBefore(fromUs), wants, (event) => (concernsIndex(event, index) ? 'one' : 'none'));
  }

  /** Reads events of these names from `from` on, up to the one that is the last. */
  async readUntil(
    from: EventKey,
    names: readonly TraceEvent['event'][],
    pick: (event: TraceEvent) => 'none' | 'one' | 'last',
  ): Promise<void> {
    await this.#read(from, (block) => hasAny(block, names), pick);
  }

  /** Finds the newest event at or before `to` that fits; null when the blocks that may be read hold no such event. */
  async readBack(to: EventKey, fits: (event: TraceEvent) => event is Invoked): Promise<Invoked | null> {
    const wants = (block: Block): boolean => hasAny(block, ['CommandInvoked']);
    let left = MOST_BLOCKS;
    const pieces = this.#trace.pieces({ from: null, to, newest: true, wants: ({ blocks }) => blocks.some(wants) });
    for await (const piece of pieces) {
      const found = piece.find(fits);
      if (found !== undefined) {
        this.#events.set(found.seq, found);
        return found;
      }
      left -= 1;
      if (left > 0) continue;
      this.isCut = true;
      break;
    }
    return null;
  }

  async #read(
    from: EventKey,
    wants: (block: Block) => boolean,
    pick: (event: TraceEvent) => 'none' | 'one' | 'last',
  ): Promise<number | null> {
    let left = MOST_BLOCKS;
    const pieces = this.#trace.pieces({ from, to: this.#to, wants: ({ blocks }) => blocks.some(wants) });
    for await (const piece of pieces) {
      for (const event of piece) {
        const picked = pick(event);
        if (picked !== 'none') this.#events.set(event.seq, event);
        if (picked === 'last') return null;
      }
      left -= 1;
      const last = piece.at(-1);
      if (left > 0 || last === undefined) continue;
      this.isCut = true;
      return last.timeUs;
    }
    return null;
  }
}

function hasAny({ counts }: Block, names: readonly string[]): boolean {
  for (const ofSource of counts.values()) if (names.some((name) => ofSource.has(name))) return true;
  return false;
}

function endOf({ index }: SortedTrace): number {
  return index.blocks.reduce((most, { maxUs }) => Math.max(most, maxUs), 0);
}
