/**
 * The lines of *Try this*. A line is ticked when the trace shows that its task was done, by any person and from any door. A ticked
 * line stays ticked.
 */
import type { TraceEvent } from './events.ts';
import { entryKey } from './fold-entries.ts';
import { termAt } from './log-runs.ts';
import { holdsCommitted } from './predicates.ts';
import type { ClusterView, TryStep, WatchView } from './view.ts';
import { isStillStuck, longestElectionTimeoutUs } from './watch.ts';

type Stuck = NonNullable<WatchView['stuck']>;

/** The view with its lines brought up to date; the same object when the event completes none of them. */
export function withTried(before: ClusterView, next: ClusterView, event: TraceEvent): ClusterView {
  const seen = droppedLater(before, strandedLater(before, next, event), event);
  const done = completed(before, seen, event);
  if (done.length === 0) return seen;
  return { ...seen, tryThis: { ...seen.tryThis, ...Object.fromEntries(done.map((step) => [step, event.timeUs])) } };
}

/** The lines that this event ticks. It is asked for every event, so a ticked line costs no look at the entries. */
function completed(before: ClusterView, next: ClusterView, event: TraceEvent): readonly TryStep[] {
  const { tryThis, stranded } = next;
  const steps: TryStep[] = [];
  if (tryThis.submit === null && isSubmitted(next, event)) steps.push('submit');
  if (tryThis['kill-leader'] === null && isLeaderKilled(before, event)) steps.push('kill-leader');
  if (tryThis.restart === null && isRestarted(before, next)) steps.push('restart');
  if (tryThis.minority === null && stranded !== null) steps.push('minority');
  if (tryThis.drop === null && stranded !== null && stranded.droppedBy.length > 0) steps.push('drop');
  return steps;
}

/** Remembers the entry of a minority. An entry that was dropped stays; one that survived gives way to the next. */
function strandedLater(before: ClusterView, next: ClusterView, event: TraceEvent): ClusterView {
  const { stuck } = before.watch;
  if (stuck === null || next.tryThis.drop !== null || !isMinoritySeen(stuck, next, event)) return next;
  const { index, term } = stuck;
  if (next.stranded?.index === index && next.stranded.term === term) return next;
  const entry = next.entries[entryKey(index, term)]?.entry;
  if (entry?.type !== 'command') return next;
  return { ...next, stranded: { index, term, command: entry.command, droppedBy: [] } };
}

/** Adds the server to those that dropped the stranded entry, when this event is its truncation. */
function droppedLater(before: ClusterView, next: ClusterView, event: TraceEvent): ClusterView {
  const { stranded } = next;
  if (event.event !== 'EntriesTruncated' || stranded === null || event.from > stranded.index) return next;
  const held = before.servers[event.source];
  if (held === undefined || termAt(held.log, stranded.index) !== stranded.term) return next;
  return { ...next, stranded: { ...stranded, droppedBy: [...stranded.droppedBy, event.source] } };
}

/** A client's command was answered, or a command given with Start() was committed. */
function isSubmitted(next: ClusterView, event: TraceEvent): boolean {
  if (event.event === 'CommandDone') return true;
  if (event.event !== 'CommitAdvanced') return false;
  return Object.values(next.entries).some((view) => view.entry.type === 'command' && view.committedUs !== null);
}

/** The leader died of SIGKILL, sent by the lab or from a terminal. */
function isLeaderKilled(before: ClusterView, event: TraceEvent): boolean {
  return event.event === 'ServerExited' && event.signal === 'SIGKILL' && before.leader?.server === event.server;
}

/** A killed server runs again and holds all committed entries. */
function isRestarted(before: ClusterView, next: ClusterView): boolean {
  return Object.entries(before.watch.catchingUp).some(([id, why]) => why === 'killed' && holdsCommitted(next, id));
}

/** The smaller side of a cut took a command, and it is uncommitted after twice the longest election timeout, or at heal. */
function isMinoritySeen(stuck: Stuck, next: ClusterView, event: TraceEvent): boolean {
  if (!stuck.duringCut || !isStillStuck(next, stuck)) return false;
  if (event.event === 'FaultEnded') return next.watch.stuck === null;
  return event.timeUs >= stuck.sinceUs + 2 * longestElectionTimeoutUs(next);
}
