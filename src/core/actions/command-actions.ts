/** Commands of the store: through a client, or directly on one server. */
import * as v from 'valibot';
import type { CommandResult, LogIndex, ServerId, Term } from '../vocabulary/index.ts';
import { command, serverId } from './fields.ts';
import { action, answer } from './row.ts';

/** The immediate result of Start(command) on one server. */
export interface StartAnswer {
  readonly outcome: 'accepted' | 'not-leader' | 'busy' | 'no-answer' | 'refused';
  readonly index: LogIndex | null;
  readonly term: Term | null;
  readonly isLeader: boolean;
  readonly leaderId: ServerId | null;
}

/** The outcome of a command at its client; `unknown` means that it may or may not have been applied (R5). */
export type SubmitAnswer =
  | {
      readonly outcome: 'done';
      readonly index: LogIndex;
      readonly term: Term;
      readonly server: ServerId;
      readonly result: CommandResult;
      readonly latencyMs: number;
    }
  | { readonly outcome: 'unknown'; readonly attempts: number }
  | { readonly outcome: 'refused'; readonly reason: string };

const COMMAND = { kind: 'command', needed: true } as const;

export const COMMAND_ACTIONS = {
  /** Sends a command through a client, which finds the leader and retries, exactly once. A step fails unless it is done. */
  submit: action({
    ask: v.strictObject({ command }),
    answer: answer<SubmitAnswer>(),
    uses: true,
    step: { main: 'command', fields: { command: COMMAND } },
  }),
  /** Calls Start(command) on one server over its control channel, without a retry. */
  startCommand: action({
    ask: v.strictObject({ server: serverId, command }),
    answer: answer<StartAnswer>(),
    uses: true,
    step: {
      main: null,
      fields: { server: { kind: 'server', needed: true }, command: COMMAND },
      result: 'outcome',
    },
  }),
};
