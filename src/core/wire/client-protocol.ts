/** Bodies of the frames between a client and a server. */
import type { Command, CommandResult, LogIndex, ServerId, Term } from '../vocabulary/index.ts';

/** Reasons for which a server does not carry out a request. */
export const CLIENT_REFUSALS = [
  'not-leader',
  'busy',
  'unknown',
  'unknown-session',
  'superseded',
  'bad-request',
] as const;
/** Reason for which a server does not carry out a request. */
export type ClientRefusal = (typeof CLIENT_REFUSALS)[number];

/** A request of a client to a server. */
export type ClientRequestBody =
  | { readonly type: 'open-session' }
  | {
      readonly type: 'command';
      readonly session: LogIndex;
      readonly sequence: number;
      readonly command: Command;
    };

/**
 * A reply of a server to a client. `unknown` means that the command may or may not have been applied (rule R5). A
 * request without any reply has an unknown outcome too.
 */
export type ClientReplyBody =
  | {
      readonly ok: true;
      readonly index: LogIndex;
      readonly term: Term;
      readonly result: CommandResult | { readonly session: LogIndex };
    }
  | {
      readonly ok: false;
      readonly reason: ClientRefusal;
      readonly leaderId: ServerId | null;
      readonly message?: string;
    };
