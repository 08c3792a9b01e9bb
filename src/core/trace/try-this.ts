/**
 * The lines of *Try this*. A line is ticked when the trace shows that its task was done, by any person and from any door. A ticked
 * line stays ticked.
 */
import type { TraceEvent } from './events.ts';
import { holdsCommitted } from './predicates.ts';
import type { ClusterView, TryStep } from './view.ts';
import { electionTimeoutUs, isStillStuck } from './watch.ts';

/** The lines after this event; the same object when the event completes none of them. */
export function tried(before: ClusterView, next: ClusterView, event: TraceEvent): ClusterView['tryThis'] {
  const done = completed(before, next, event).filter((step) => next.tryThis[step] === null);
  if (done.length === 0) return next.tryThis;
  return { ...next.tryThis, ...Object.fromEntries(done.map((step) => [step, event.timeUs])) };
}

function completed(before: ClusterView, next: ClusterView, event: TraceEvent): readonly TryStep[] {
  const steps: TryStep[] = [];
  if (isSubmitted(next, event)) steps.push('submit');
  if (isLeaderKilled(before, event)) steps.push('kill-leader');
  if (isRestarted(before, next)) steps.push('restart');
  if (isMinoritySeen(before, next, event)) steps.push('minority');
  if (event.event === 'RunExported' && next.watch.healedUs !== null) steps.push('heal-and-export');
  return steps;
}

/** A client's command was answered, or a command given with Start() was committed. */
function isSubmitted(next: ClusterView, event: TraceEvent): boolean {
  if (event.event === 'CommandDone') return true;
  if (event.event !== 'CommitAdvanced' || next.tryThis.submit !== null) return false;
  return Object.values(next.entries).some((view) => view.entry.type === 'command' && view.committedUs !== null);
}

/** The leader died of SIGKILL, sent by the lab or from a terminal. */
function isLeaderKilled(before: ClusterView, event: TraceEvent): boolean {
  return event.event === 'ServerExited' && event.signal === 'SIGKILL' && before.leader?.server === event.server;
}

/** A killed server runs again and holds all committed entries. */
function isRestarted(before: ClusterView, next: ClusterView): boolean {
  if (next.tryThis.restart !== null) return false;
  return Object.entries(before.watch.catchingUp).some(([id, why]) => why === 'killed' && holdsCommitted(next, id));
}

/** The smaller side of a cut took a command, and it is uncommitted after twice the longest election timeout, or at heal. */
function isMinoritySeen(before: ClusterView, next: ClusterView, event: TraceEvent): boolean {
  const { stuck } = before.watch;
  if (!stuck?.duringCut || next.tryThis.minority !== null || !isStillStuck(next, stuck)) return false;
  if (event.event === 'FaultEnded') return next.watch.stuck === null;
  return event.timeUs >= stuck.sinceUs + 4 * electionTimeoutUs(next);
}
