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

/** Output of one step under construction. `step` owns it and drops it at the end of the step. */
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
  /** True once this step has restarted the election timer, so that the timeout is not drawn a second time. */
  timerRestarted: boolean;
}

/** Returns the empty output with which a step begins. */
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

/** Queues a message to be sent before or after the write, as rule E1 allows. */
export function sendMessage(context: Context, state: RaftState, message: Message): void {
  const early = context.config.rules.sendsBeforeWrite(message, state.durable.currentTerm);
  (early ? context.send : context.sendAfterPersist).push(message);
}

/** Returns the finished Ready. It contains term and vote when the step changed them. */
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

/** Returns every voter except this server, in the order of the configuration. */
export function otherVoters(config: RaftConfig): readonly string[] {
  return config.voters.filter((voter) => voter !== config.id);
}
