/** Which events the three lines at the bottom show: what a person follows, not what every message repeats. */
import { EVENT_KINDS, type TraceEvent } from '../../core/trace/index.ts';
import type { EventName } from '../contract.ts';

/** Too frequent, or said again by another event that is shown. */
const QUIET: ReadonlySet<string> = new Set<EventName>([
  'ElectionTimerReset',
  'MessagesReceived',
  'MessageSent',
  'MessageDelivered',
  'MessageDropped',
  'ProgressChanged',
  'EntriesApplied',
  'EventsCoalesced',
  'SegmentSealed',
  'TicksBegan',
  'TicksLate',
  'CommandSent',
  'LinkPolicyChanged',
  'TermAdvanced',
]);

/** True for an event of the three lines. */
export function isNotable(event: TraceEvent): boolean {
  // Every follower learns of every commit: the leader's own line says it once.
  if (event.event === 'CommitAdvanced' && event.reason === 'leader-commit') return false;
  return isNotableName(event.event);
}

/** The same, by the event's name. */
function isNotableName(name: string): boolean {
  return !QUIET.has(name);
}

/** Names of the events of the three lines, to ask the lab for them. */
export const NOTABLE_NAMES: readonly string[] = Object.keys(EVENT_KINDS).filter(isNotableName);
