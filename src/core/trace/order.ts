/**
 * The order in which a trace is read: by time, then by source, then by the source's own count. The order of arrival (`seq`)
 * decides only between events that are equal in all three.
 */

/** The fields that place an event in the trace. Every TraceEvent has them. */
export interface EventKey {
  readonly timeUs: number;
  readonly source: string;
  readonly nseq: number;
  readonly seq: number;
}

/** Compares two events for sorting; negative when `a` comes first. */
export function compareEvents(a: EventKey, b: EventKey): number {
  if (a.timeUs !== b.timeUs) return a.timeUs - b.timeUs;
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.nseq - b.nseq || a.seq - b.seq;
}

/** A key before every event of this time. */
export function keyBefore(timeUs: number): EventKey {
  return { timeUs, source: '', nseq: 0, seq: 0 };
}

/** A key after every event of this time. */
export function keyAfter(timeUs: number): EventKey {
  return { timeUs, source: '\uffff', nseq: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER };
}
