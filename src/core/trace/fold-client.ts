/**
 * Folds the events of clients. The view keeps the commands in progress, as text, so that a caption can name a command when it
 * ends; and the client of a session, in the entry that opened it.
 */
import { describeCommand } from '../vocabulary/index.ts';
import { type ClientTraceEvent, isUnseen, unreachable } from './event-kinds.ts';
import { withSession } from './fold-entries.ts';
import type { ClusterView } from './view.ts';

const MAX_COMMANDS = 64;

/** The view after an event of a client. */
export function foldClient(view: ClusterView, event: ClientTraceEvent): ClusterView {
  switch (event.event) {
    case 'SessionOpened':
      return { ...view, entries: withSession(view.entries, event) };
    case 'CommandInvoked': {
      const under = { ...view.watch.commands, [event.operation]: describeCommand(event.command) };
      const commands = Object.fromEntries(Object.entries(under).slice(-MAX_COMMANDS));
      return { ...view, watch: { ...view.watch, commands } };
    }
    case 'CommandDone':
    case 'CommandUnknown':
    case 'CommandRefused': {
      const { [event.operation]: _, ...commands } = view.watch.commands;
      return { ...view, watch: { ...view.watch, commands } };
    }
    default:
      return isUnseen(event) ? view : unreachable(event);
  }
}
