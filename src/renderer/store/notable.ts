/** Events of the three lines at the bottom: the steps a person follows, without the ones that every message repeats. */
import { EVENT_NAMES, namesWith, type TraceEvent } from '../../core/trace/index.ts';

const QUIET: ReadonlySet<string> = new Set(namesWith('quiet'));

/** True for an event of the three lines. */
export function isNotable(event: TraceEvent): boolean {
  // Every follower learns of every commit: the leader's own line says it once.
  if (event.event === 'CommitAdvanced' && event.reason === 'leader-commit') return false;
  return !QUIET.has(event.event);
}

/** Names of the events of the three lines, to ask the lab for them. */
export const NOTABLE_NAMES: readonly string[] = EVENT_NAMES.filter((name) => !QUIET.has(name));
