/**
 * The entries that stood at one index of the log, and from when to when each stood on each server. Times are microseconds
 * since the run began. Flow: events → here → index-life.ts.
 */
import type { LogIndex, ServerId, Term, WireEntry } from '../vocabulary/index.ts';
import type { TraceEvent } from './events.ts';
import { holdsIndex, indexesOf } from './index-events.ts';
import { termAt } from './log-runs.ts';

/** Time for which one entry stood at the index on one server. */
export interface EntryStay {
  readonly server: ServerId;
  readonly term: Term;
  readonly fromUs: number;
  /** Since when it is on this server's disk; null while it is in memory only. */
  readonly durableUs: number | null;
  /** When this server learnt that it is committed. */
  readonly committedUs: number | null;
  readonly appliedUs: number | null;
  /** Null while it stands there. */
  readonly toUs: number | null;
  /** Why it left: dropped for the entry of another leader (rule L2), or lost with the memory of the process. */
  readonly end: 'overwritten' | 'not-durable' | null;
  /** Term of the leader whose log made this server drop it; null when it was not dropped. */
  readonly droppedFor: Term | null;
}

/** One entry of the index. */
export interface StoodEntry {
  readonly term: Term;
  /** Content, server and time of its proposal; null when the trace does not hold the proposal. */
  readonly proposal: { readonly entry: WireEntry; readonly by: ServerId; readonly atUs: number } | null;
  /** When a leader counted it committed, and which disks held it then (rule L1). */
  readonly committed: { readonly atUs: number; readonly by: ServerId; readonly on: readonly ServerId[] } | null;
}

/** Everything that stood at one index. */
export interface IndexStays {
  /** In the order in which they appeared. */
  readonly entries: readonly StoodEntry[];
  /** In the order in which they began. */
  readonly stays: readonly EntryStay[];
}

type Written<Part> = { -readonly [Name in keyof Part]: Part[Name] };

/** Collects the entries that stood at one index. @param events  in the order of time; other events are passed over */
export function staysAt(events: Iterable<TraceEvent>, index: LogIndex): IndexStays {
  const collector = new StayCollector(index);
  for (const event of events) collector.add(event);
  return { entries: [...collector.entries.values()], stays: collector.stays };
}

class StayCollector {
  readonly entries = new Map<Term, Written<StoodEntry>>();
  readonly stays: Written<EntryStay>[] = [];
  readonly #index: LogIndex;
  /** The stay that has not ended, by server. */
  readonly #open = new Map<ServerId, Written<EntryStay>>();
  /** The stay that ended with its process before the disk was read, by server. */
  readonly #unsure = new Map<ServerId, Written<EntryStay>>();

  constructor(index: LogIndex) {
    this.#index = index;
  }

  add(event: TraceEvent): void {
    if (event.event === 'ServerExited') this.#exited(event.server, event.timeUs);
    else if (event.event === 'DiskObserved') this.#observed(event);
    else if (event.event === 'StateRestored') this.#restored(event);
    else if (holdsIndex(indexesOf(event), this.#index)) this.#touched(event);
  }

  #touched(event: TraceEvent): void {
    const { source: server, timeUs } = event;
    const open = this.#open.get(server);
    if (event.event === 'EntriesProposed') {
      const entry = event.entries.find(({ index }) => index === this.#index);
      if (entry === undefined) return;
      this.#begin(server, entry.term, timeUs);
      this.#entry(entry.term).proposal ??= { entry, by: server, atUs: timeUs };
    } else if (event.event === 'EntriesAppended') {
      const term = termAt(event.runs, this.#index);
      if (term !== null) this.#begin(server, term, timeUs).durableUs ??= timeUs;
    } else if (event.event === 'EntriesTruncated') {
      if (open !== undefined) this.#end(open, timeUs, 'overwritten').droppedFor = event.leaderTerm;
    } else if (open === undefined) {
      return;
    } else if (event.event === 'EntriesApplied') {
      open.appliedUs ??= timeUs;
    } else if (event.event === 'CommitAdvanced') {
      open.committedUs ??= timeUs;
      this.#entry(open.term).committed ??= { atUs: timeUs, by: server, on: this.#holders(open.term) };
    }
  }

  #begin(server: ServerId, term: Term, atUs: number): Written<EntryStay> {
    const open = this.#open.get(server);
    if (open?.term === term) return open;
    if (open !== undefined) this.#end(open, atUs, 'overwritten').droppedFor = term;
    const unknown = { durableUs: null, committedUs: null, appliedUs: null, toUs: null, end: null, droppedFor: null };
    const stay: Written<EntryStay> = { server, term, fromUs: atUs, ...unknown };
    this.#entry(term);
    this.#open.set(server, stay);
    this.stays.push(stay);
    return stay;
  }

  #end(stay: Written<EntryStay>, atUs: number, end: EntryStay['end']): Written<EntryStay> {
    stay.toUs = atUs;
    stay.end = end;
    this.#open.delete(stay.server);
    return stay;
  }

  #entry(term: Term): Written<StoodEntry> {
    const known = this.entries.get(term) ?? { term, proposal: null, committed: null };
    this.entries.set(term, known);
    return known;
  }

  #holders(term: Term): readonly ServerId[] {
    return [...this.#open.values()]
      .filter((one) => one.term === term && one.durableUs !== null)
      .map(({ server }) => server);
  }

  /** The memory is gone. An entry that was not reported durable may still have reached the disk. */
  #exited(server: ServerId, atUs: number): void {
    const open = this.#open.get(server);
    if (open === undefined || open.durableUs !== null) return;
    this.#unsure.set(server, this.#end(open, atUs, 'not-durable'));
  }

  #observed({ server, ok, lastIndex, timeUs }: Extract<TraceEvent, { readonly event: 'DiskObserved' }>): void {
    if (!ok) return;
    if (lastIndex >= this.#index) this.#revive(server);
    else {
      const open = this.#open.get(server);
      if (open !== undefined) this.#end(open, timeUs, 'not-durable');
    }
    this.#unsure.delete(server);
  }

  #restored({ source: server, runs, timeUs }: Extract<TraceEvent, { readonly event: 'StateRestored' }>): void {
    const term = termAt(runs, this.#index);
    if (term !== null && this.#unsure.get(server)?.term === term) this.#revive(server);
    this.#unsure.delete(server);
    const open = this.#open.get(server);
    if (term !== null) this.#begin(server, term, timeUs).durableUs ??= timeUs;
    else if (open !== undefined) this.#end(open, timeUs, 'not-durable');
  }

  #revive(server: ServerId): void {
    const stay = this.#unsure.get(server);
    if (stay === undefined) return;
    stay.durableUs = stay.toUs;
    stay.toUs = null;
    stay.end = null;
    this.#open.set(server, stay);
  }
}
