/** The form of a caption's row, in the table of captions and in the row of an event that a caption repeats. */
import type { ClauseCode } from './clauses.ts';
import type { ParamTypes } from './params.ts';

/** One caption. */
export interface CaptionRow {
  /** 4: what a person must not miss. 3: a step of the protocol. 2: progress. 1: background. */
  readonly rank: 1 | 2 | 3 | 4;
  /** Absent: neutral. */
  readonly tone?: 'warning' | 'good';
  /**
   * How a repetition within a short time joins the item of the story that is there already. Absent: it is an item of its own.
   * `counted`: the item takes the newest parameters, and its parameter `times`, if it has one, adds up.
   * `lasting`: an equal item stands for it, however old, until a server or messages stop or come back.
   * `by-server`: the item names one server more. All parameters must be equal but `server`, `many` (the number of servers) and times.
   */
  readonly repeats?: 'counted' | 'lasting' | 'by-server';
  /** Clause that repeats it in few words before an arrow. The clause's parameters are some of the caption's. */
  readonly clause?: ClauseCode;
  /** Set when a server or messages between servers stop, or when they come back. A later sentence may begin with it. */
  readonly effect?: 'stops' | 'returns';
  /** Parameters, for the gaps of its sentence. */
  readonly params: ParamTypes;
}

/** A caption that repeats its event: each parameter is the event's field of that name, and `server` also its source. */
export interface EventCaption extends CaptionRow {
  readonly code: string;
}
