/**
 * The causes of a sentence: `causesOf`, asked of the few events that a view remembers. The whole trace would give more of them, but a
 * view cannot hold it; *why?* asks the trace itself. Flow: fold → here → story.ts.
 */
import { namesWith } from '../catalogue/index.ts';
import { causesOf } from './causes.ts';
import { type Past, pastOf } from './causes-past.ts';
import type { TraceEvent } from './events.ts';
import type { StoryClause } from './view.ts';

/** Maximum number of remembered events: two elections of nine servers. */
const MOST_EVENTS = 48;

const REMEMBERED: ReadonlySet<string> = new Set(namesWith('remembered'));

/** The remembered events after this one, oldest first. */
export function remember(events: readonly TraceEvent[], event: TraceEvent): readonly TraceEvent[] {
  // Half of all events are the network's reports about messages, and none of its events is remembered.
  if (event.source === 'network') return events;
  return REMEMBERED.has(event.event) ? [...events.slice(1 - MOST_EVENTS), event] : events;
}

/**
 * Returns `seq` of what led to this event, oldest first: its remembered causes, and the items that its clauses repeat.
 *
 * @param events  the remembered events
 */
export function causesIn(
  events: readonly TraceEvent[],
  event: TraceEvent,
  chain: readonly StoryClause[],
): readonly number[] {
  const causes = causesOf(event, pastIn(events)).map(({ seq }) => seq);
  const told = chain.flatMap(({ tells }) => tells ?? []);
  return [...new Set([...told, ...causes])].sort((a, b) => a - b);
}

/** A past that answers only for names of which the view remembers every event: among others, the newest one may be missing. */
function pastIn(events: readonly TraceEvent[]): Past {
  const past = pastOf(events);
  return {
    ...past,
    newest: (event, names, fits) =>
      names.every((name) => REMEMBERED.has(name)) ? past.newest(event, names, fits) : null,
    each: (event, names, visit) => {
      if (names.every((name) => REMEMBERED.has(name))) past.each(event, names, visit);
    },
  };
}
