/** Events of the three lines at the bottom: the steps a person follows, without the ones that every message repeats. */
import { EVENT_NAMES, namesWith, type TraceEvent } from '../../core/trace/index.ts';

const QUIET: ReadonlySet<string> = new Set(namesWith('quiet'));

/** True for an event of the three lines. */
export function isNotable(event: TraceEvent): boolean {
  // Only the leader's commit is listed, since every follower reports the same commit again.
  if (event.event === 'CommitAdvanced' && event.reason === 'leader-commit') return false;
  return !QUIET.has(event.event);
}

/** Names of the events of the three lines, for requests to the lab. */
export const NOTABLE_NAMES: readonly string[] = EVENT_NAMES.filter((name) => !QUIET.has(name));

const MARKED: ReadonlySet<string> = new Set(namesWith('marked'));

/** True for an event that lists print bold. The bold row of an ordered end is its order. */
export function isMarked(event: TraceEvent): boolean {
  return MARKED.has(event.event) || (event.event === 'ServerExited' && event.cause !== 'ordered');
}
