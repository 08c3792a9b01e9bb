/**
 * The one order in which a trace is read: by time, then source, then that source's own count. Arrival (`seq`)
 * only breaks ties that mean nothing.
 */

/** The fields that place an event in the trace. Every TraceEvent has them. */
export interface EventKey {
  readonly timeUs: number;
  readonly source: string;
  readonly nseq: number;
  readonly seq: number;
}

/** Negative when `a` comes first. */
export function compareEvents(a: EventKey, b: EventKey): number {
  if (a.timeUs !== b.timeUs) return a.timeUs - b.timeUs;
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.nseq - b.nseq || a.seq - b.seq;
}

/** Before every event of this moment. */
export function keyBefore(timeUs: number): EventKey {
  return { timeUs, source: '', nseq: 0, seq: 0 };
}

/** After every event of this moment. */
export function keyAfter(timeUs: number): EventKey {
  return { timeUs, source: '\uffff', nseq: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER };
}
