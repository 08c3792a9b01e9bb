/**
 * The life of an index of the log: which entries stood there, who asked for them, what became of them, and what their
 * clients were answered. Times are microseconds since the run began. Flow: index-stays.ts (servers) and client events → here.
 */
import type { CommandResult, LogIndex, ServerId, Term, WireEntry } from '../vocabulary/index.ts';
import type { TraceEvent } from './events.ts';
import { type EntryStay, type IndexStays, type StoodEntry, staysAt } from './index-stays.ts';

/**
 * Fate of an entry: `lost` when another entry is committed at its index (Leader Completeness, §3.5), `nowhere` when
 * no server holds it, `open` when it may still be committed.
 */
export type EntryFate = 'committed' | 'lost' | 'nowhere' | 'open';

/** An answer that a client got for its command. */
export type ClientAnswer =
  | {
      readonly kind: 'done';
      readonly atUs: number;
      readonly index: LogIndex;
      readonly latencyUs: number;
      readonly result: CommandResult;
    }
  | { readonly kind: 'unknown'; readonly atUs: number }
  | { readonly kind: 'refused'; readonly atUs: number };

/** Another entry with the same number of the same session: a retry's copy. Only the first one is applied (rule R4). */
export interface EntryCopy {
  readonly index: LogIndex;
  readonly term: Term;
  readonly fate: EntryFate;
}

/** The client behind an entry. */
export interface AskedBy {
  readonly client: string;
  /** The server that it asked last before the entry was proposed, and when; null when the trace does not hold that. */
  readonly asked: { readonly atUs: number; readonly server: ServerId } | null;
  /** Earliest first: after *unknown* a client may still learn the result. Empty while it waits. */
  readonly answers: readonly ClientAnswer[];
  readonly copies: readonly EntryCopy[];
}

/** One entry of the index. */
export interface EntryLife extends StoodEntry {
  readonly fate: EntryFate;
  /** Null for a no-op and for a `Start()`, and when the trace does not say who asked. */
  readonly by: AskedBy | null;
  /** Server on which a person called `Start()` for it; null for any other entry. */
  readonly start: ServerId | null;
}

/** The life of an index. */
export interface IndexLife {
  readonly index: LogIndex;
  /** In the order in which they appeared. */
  readonly entries: readonly EntryLife[];
  readonly stays: readonly EntryStay[];
  /** The answer covers the trace up to here. */
  readonly untilUs: number;
  /** True when later events were left out because there were too many to read. */
  readonly isCut: boolean;
}

/**
 * Tells the life of an index.
 *
 * @param events  in the order of time: at least those about this index, about its copies, and of their clients
 */
export function lifeOfIndex(
  events: readonly TraceEvent[],
  index: LogIndex,
  reach: Pick<IndexLife, 'untilUs' | 'isCut'>,
): IndexLife {
  const found = staysAt(events, index);
  const entries = found.entries.map(
    (stood): EntryLife => ({
      ...stood,
      fate: fateOf(found, stood.term),
      by: askedBy(events, index, stood),
      start: startOf(events, index, stood.term),
    }),
  );
  return { index, entries, stays: found.stays, ...reach };
}

/** The session and number of a command; null for an entry without them. */
export function numberOf(entry: WireEntry): { readonly session: LogIndex; readonly sequence: number } | null {
  if (entry.type !== 'command' || entry.session === null || entry.sequence === null) return null;
  return { session: entry.session, sequence: entry.sequence };
}

/** The other entries with the number of this one, where a leader proposed them. */
export function copiesOf(events: readonly TraceEvent[], entry: WireEntry): readonly WireEntry[] {
  const number = numberOf(entry);
  if (number === null) return [];
  return events.flatMap((event) => {
    if (event.event !== 'EntriesProposed') return [];
    return event.entries.filter((other) => {
      const its = numberOf(other);
      const isSame = its?.session === number.session && its.sequence === number.sequence;
      return isSame && (other.index !== entry.index || other.term !== entry.term);
    });
  });
}

/** Fate of the entry of this term. */
function fateOf({ entries, stays }: IndexStays, term: Term): EntryFate {
  if (entries.some((one) => one.term === term && one.committed !== null)) return 'committed';
  if (entries.some((one) => one.committed !== null)) return 'lost';
  return stays.some((stay) => stay.term === term && stay.toUs === null) ? 'open' : 'nowhere';
}

function askedBy(events: readonly TraceEvent[], index: LogIndex, { proposal }: StoodEntry): AskedBy | null {
  if (proposal === null) return null;
  const { entry, atUs } = proposal;
  if (entry.type === 'session') {
    const opened = events.find((event) => event.event === 'SessionOpened' && event.session === index);
    return opened === undefined ? null : { client: opened.source, asked: null, answers: [], copies: [] };
  }
  const number = numberOf(entry);
  const invoked = events.find(
    (event) =>
      event.event === 'CommandInvoked' && event.session === number?.session && event.sequence === number.sequence,
  );
  if (number === null || invoked?.event !== 'CommandInvoked') return null;
  const ofCommand = events.filter((event) => 'operation' in event && event.operation === invoked.operation);
  const sent = ofCommand.filter((event) => event.event === 'CommandSent' && event.timeUs <= atUs).at(-1);
  return {
    client: invoked.client,
    asked: sent?.event === 'CommandSent' ? { atUs: sent.timeUs, server: sent.to } : null,
    answers: ofCommand.flatMap(answerIn),
    copies: copiesOf(events, entry).map((copy) => ({
      index: copy.index,
      term: copy.term,
      fate: fateOf(staysAt(events, copy.index), copy.term),
    })),
  };
}

function answerIn(event: TraceEvent): readonly ClientAnswer[] {
  const { timeUs: atUs } = event;
  if (event.event === 'CommandDone') {
    const { index, latencyUs, result } = event;
    return [{ kind: 'done', atUs, index, latencyUs, result }];
  }
  if (event.event === 'CommandUnknown') return [{ kind: 'unknown', atUs }];
  return event.event === 'CommandRefused' ? [{ kind: 'refused', atUs }] : [];
}

function startOf(events: readonly TraceEvent[], index: LogIndex, term: Term): ServerId | null {
  const answered = events.find(
    (event) => event.event === 'StartAnswered' && event.index === index && event.term === term,
  );
  return answered?.event === 'StartAnswered' ? answered.server : null;
}
