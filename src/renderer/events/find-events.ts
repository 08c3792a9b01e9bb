/**
 * Finds the events whose line on the screen contains the typed text. Only the page knows the texts, so it asks the lab for
 * pages of events, newest first, and searches them. The answer says how far back it searched. Later searches ask only for
 * events that have come since.
 */
import type { Answer, EventQuery, LabResult } from '../../core/lab-api/index.ts';
import type { TraceEvent } from '../../core/trace/index.ts';

/** A search: the query that the lab answers, and the match over the texts. */
export interface Search {
  readonly query: EventQuery;
  /** The query of the list without a filter: its events are counted. */
  readonly scope: EventQuery;
  /** Null matches every event of the query. */
  readonly isWanted: ((event: TraceEvent) => boolean) | null;
}

/** The found events, in any order, and how far the search reached. */
export interface FoundEvents {
  readonly events: readonly TraceEvent[];
  /** Number of older events of the query that the bounded page leaves out. */
  readonly leftOut: number;
  /** Events before this time (microseconds since the run began) were not searched; null when all were. */
  readonly searchedToUs: number | null;
  /** Number of events of the list without a filter. */
  readonly total: number;
  /** Time of the newest searched event. */
  readonly seenUs: number;
}

type Matches = Omit<FoundEvents, 'total'>;

export type AskEvents = (query: EventQuery) => Promise<LabResult<Answer<'events'>>>;

const MOST_SHOWN = 500;
/** Number of events in one request. Translating more at once would delay the picture. */
const PAGE = 500;
/** Maximum number of events that one search translates. */
const MOST_SEARCHED = 10_000;
/** Longest delay of one source's events behind those of another source (µs). */
const LATE_US = 1_000_000;

/** Returns the newest matching events, at most 500. */
export async function findEvents(ask: AskEvents, search: Search): Promise<LabResult<FoundEvents>> {
  const { scope } = search;
  const newest = await ask({ ...scope, newest: true, limit: 1 });
  if (!newest.ok) return newest;
  const total = newest.value.events.length + newest.value.leftOut;
  const found = await findMatches(ask, search);
  return found.ok ? { ok: true, value: { ...found.value, total } } : found;
}

async function findMatches(ask: AskEvents, { query, isWanted }: Search): Promise<LabResult<Matches>> {
  if (isWanted === null) {
    const page = await ask({ ...query, newest: true, limit: MOST_SHOWN });
    return page.ok ? { ok: true, value: { ...page.value, searchedToUs: null, seenUs: 0 } } : page;
  }
  const found = new Map<number, TraceEvent>();
  let { toUs } = query;
  let seenUs = 0;
  for (let searched = 0; ; searched += PAGE) {
    const page = await ask({ ...query, newest: true, limit: PAGE, ...(toUs === undefined ? {} : { toUs }) });
    if (!page.ok) return page;
    const { events, leftOut } = page.value;
    for (const event of events) if (isWanted(event)) found.set(event.seq, event);
    seenUs = Math.max(seenUs, events[0]?.timeUs ?? 0);
    const oldest = events.at(-1);
    const isAll = leftOut === 0 || oldest === undefined;
    if (isAll || found.size >= MOST_SHOWN || searched + PAGE >= MOST_SEARCHED) {
      const searchedToUs = isAll ? null : oldest.timeUs;
      return { ok: true, value: bounded({ events: [...found.values()], leftOut: 0, searchedToUs, seenUs }) };
    }
    // The next page begins at the last time of this one, since there may be more events of that time.
    toUs = oldest.timeUs === toUs ? toUs - 1 : oldest.timeUs;
  }
}

/** Finds the matches after an earlier result and joins both. @param before  result of the same search */
export async function findMore(ask: AskEvents, search: Search, before: FoundEvents): Promise<LabResult<FoundEvents>> {
  if (search.isWanted === null || before.seenUs === 0) return await findEvents(ask, search);
  const since = { ...search, query: { ...search.query, fromUs: Math.max(0, before.seenUs - LATE_US) } };
  const added = await findEvents(ask, since);
  if (!added.ok) return added;
  const { events, searchedToUs, seenUs, total } = added.value;
  const all = new Map([...before.events, ...events].map((event) => [event.seq, event]));
  const value = { events: [...all.values()], leftOut: 0, searchedToUs: searchedToUs ?? before.searchedToUs };
  return { ok: true, value: { ...bounded({ ...value, seenUs: Math.max(seenUs, before.seenUs) }), total } };
}

/** The newest 500 of these events. */
function bounded(found: Matches): Matches {
  if (found.events.length <= MOST_SHOWN) return found;
  const events = found.events.toSorted((a, b) => b.timeUs - a.timeUs || b.seq - a.seq).slice(0, MOST_SHOWN);
  return { ...found, events, searchedToUs: events.at(-1)?.timeUs ?? found.searchedToUs };
}
