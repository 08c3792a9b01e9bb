/**
 * The context of a handler during one step: the configuration, the state before the step, and the output that becomes the
 * Ready. A handler returns the next state and adds messages, events and replies to the output.
 */

import type { LogEntry, LogIndex } from '../vocabulary/index.ts';
import type { RaftConfig } from './config.ts';
import type { RaftEvent } from './events.ts';
import type { Message } from './messages.ts';
import type { Ready, Reply } from './ready.ts';
import type { RaftState } from './state.ts';

/** Output of one step under construction. Owned by `step` and never kept. */
export interface Context {
  readonly config: RaftConfig;
  /** The state this step began with. */
  readonly before: RaftState;
  readonly send: Message[];
  readonly sendAfterPersist: Message[];
  readonly apply: LogEntry[];
  readonly replies: Reply[];
  readonly events: RaftEvent[];
  /** Entries this step added to the log, to be written. */
  readonly entries: LogEntry[];
  truncateFrom: LogIndex | null;
  /** The election timer was started anew in this step; it is not drawn a second time. */
  timerRestarted: boolean;
}

/** An output that asks for nothing yet. */
export function newContext(config: RaftConfig, before: RaftState): Context {
  return {
    config,
    before,
    send: [],
    sendAfterPersist: [],
    apply: [],
    replies: [],
    events: [],
    entries: [],
    truncateFrom: null,
    timerRestarted: false,
  };
}

/** Sends a message at the moment rule E1 allows. */
export function sendMessage(context: Context, state: RaftState, message: Message): void {
  const early = context.config.rules.sendsBeforeWrite(message, state.durable.currentTerm);
  (early ? context.send : context.sendAfterPersist).push(message);
}

/** The finished Ready: term and vote are written when the step changed them. */
export function readyOf(context: Context, after: RaftState): Ready {
  const { before, entries, truncateFrom } = context;
  const hardStateChanged = after.currentTerm !== before.currentTerm || after.votedFor !== before.votedFor;
  const writes = hardStateChanged || truncateFrom !== null || entries.length > 0;
  return {
    send: context.send,
    persist: writes
      ? {
          hardState: hardStateChanged ? { currentTerm: after.currentTerm, votedFor: after.votedFor } : null,
          truncateFrom,
          entries,
        }
      : null,
    sendAfterPersist: context.sendAfterPersist,
    apply: context.apply,
    replies: context.replies,
    events: context.events,
  };
}

/** Every voter but this server, in the order of the configuration. */
export function otherVoters(config: RaftConfig): readonly string[] {
  return config.voters.filter((voter) => voter !== config.id);
}
