/**
 * Follows chosen commands through a trace: it hears the events after the first of them in the order of time, and knows at any
 * moment what became of each. A fate is final when it is known: a committed entry is never replaced (Leader Completeness, §5.4),
 * and a command is lost only when nothing can write it into a log any more.
 *
 * A client gives up its session after an unknown command, so no later command of the session supersedes this one.
 */
import type { TermRun } from '../vocabulary/index.ts';
import { type AskedCommand, type AskingEvent, isAsking } from './asked-commands.ts';
import { isMessageEvent } from './event-kinds.ts';
import type { TraceEvent } from './events.ts';
import { fold } from './fold.ts';
import { FollowedCommand } from './followed-command.ts';
import { lastIndexOf, sliceRuns } from './log-runs.ts';
import type { ClusterView } from './view.ts';

export interface CommandLedger {
  /** Hears the next event in the order of time. */
  hear(event: TraceEvent): void;
  /** True when no later event can change a command of the list. */
  isSettled(): boolean;
  /** The commands, in the order of the list. */
  commands(): readonly AskedCommand[];
}

/**
 * @param asked  the commands to follow
 * @param before  the view before the earliest of them
 */
export function createCommandLedger(asked: readonly AskingEvent[], before: ClusterView): CommandLedger {
  const followed = asked.map((event) => new FollowedCommand(event));
  const bySeq = new Map(followed.map((one) => [one.asked.seq, one]));
  /** Commands that were asked and are not settled. */
  const current = new Set<FollowedCommand>();
  let waiting = followed.length;
  let view = before;
  let committed = committedIn(before);

  function hear(event: TraceEvent): void {
    const begun = isAsking(event) ? bySeq.get(event.seq) : undefined;
    if (begun !== undefined) {
      current.add(begun);
      waiting -= 1;
    }
    for (const one of current) if (one.hear(event, view)) break;
    // Messages change no log, and they are nine tenths of a trace.
    if (!isMessageEvent(event.event)) view = fold(view, event);
    committed = withCommit(committed, view, event);
    for (const one of current) {
      one.decide(committed, event.timeUs);
      if (one.isSettled) current.delete(one);
    }
  }

  return {
    hear,
    isSettled: () => waiting === 0 && current.size === 0,
    commands: () => followed.map(({ shown }) => shown),
  };
}

/** The stretches of the log that some server has counted as committed. */
function committedIn(view: ClusterView): readonly TermRun[] {
  const servers = Object.values(view.servers);
  const most = servers.reduce((sum, { commitIndex }) => Math.max(sum, commitIndex), 0);
  const log = servers.find(({ commitIndex }) => commitIndex === most)?.log ?? [];
  return sliceRuns(log, 1, most);
}

/** The committed stretches after this event. Only a commit beyond the known end changes them. */
function withCommit(committed: readonly TermRun[], view: ClusterView, event: TraceEvent): readonly TermRun[] {
  if (event.event !== 'CommitAdvanced' || event.to <= lastIndexOf(committed)) return committed;
  const log = sliceRuns(view.servers[event.source]?.log ?? [], 1, event.to);
  return lastIndexOf(log) > lastIndexOf(committed) ? log : committed;
}
