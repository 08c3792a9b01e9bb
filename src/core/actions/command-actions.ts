/** Commands of the store: through a client, or directly on one server. */
import * as v from 'valibot';
import type { CommandResult, LogIndex, ServerId, Term } from '../vocabulary/index.ts';
import { command, serverId } from './fields.ts';
import { action, answer } from './row.ts';

/** The result of Start(command) on one server, at once and without a retry. */
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
  /** Through a client: finds the leader, retries, exactly once. The step fails unless the command is done. */
  submit: action({
    ask: v.strictObject({ command }),
    answer: answer<SubmitAnswer>(),
    uses: true,
    step: { main: 'command', fields: { command: COMMAND } },
  }),
  /** Start(command) on one server, over its control channel: at once, without a retry. */
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
