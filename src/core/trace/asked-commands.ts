/**
 * The commands of a run as their clients and the lab asked them: the attempts, the copies in the logs, the end, and the fate of a
 * command whose end left it open. Flow: command-ledger.ts makes them from a trace, the face *Asked* shows them.
 */
import type { CommandResult, Json, LogIndex, ServerId, Term } from '../vocabulary/index.ts';
import type { TraceEvent } from './events.ts';

/** An event that asks a command. */
export type AskingEvent = Extract<TraceEvent, { readonly event: 'CommandInvoked' | 'StartOrdered' }>;

/** Names of these events, for requests to the lab. */
export const ASKING_NAMES = ['CommandInvoked', 'StartOrdered'] as const satisfies readonly AskingEvent['event'][];

/** True for an event that asks a command. */
export function isAsking(event: TraceEvent): event is AskingEvent {
  return ASKING_NAMES.some((name) => name === event.event);
}

/** One attempt: the command was sent to this server. Times are microseconds since the run began. */
export interface CommandAttempt {
  readonly server: ServerId;
  readonly atUs: number;
  /**
   * How the attempt ended. `redirected`: the server did not lead. `taken`: it wrote the command into its log. `dropped`: the
   * network lost the message. `server-ended`: the server's process was down, or ended before it answered. `open`: none of these
   * is in the trace, so the server may still take the command.
   */
  readonly end: 'open' | 'redirected' | 'taken' | 'dropped' | 'server-ended';
  /** The leader that a redirect named; null without one. */
  readonly to: ServerId | null;
}

/** A log entry that holds the command. A retry that reaches a leader again makes another copy. */
export interface CommandCopy {
  readonly index: LogIndex;
  readonly term: Term;
  /** The leader that wrote it first. */
  readonly by: ServerId;
  readonly atUs: number;
  /**
   * `applied`: the first committed copy. `repeated`: a later committed copy, which is not applied (rule R4). `overwritten`:
   * another entry is committed at its index. `open`: nothing is committed at its index.
   */
  readonly fate: 'open' | 'applied' | 'repeated' | 'overwritten';
}

/** The answer to a command. */
export type CommandEnd =
  | {
      readonly is: 'done';
      readonly index: LogIndex;
      readonly term: Term;
      readonly server: ServerId;
      readonly result: CommandResult;
    }
  | { readonly is: 'refused'; readonly reason: string }
  /** The client gave up. The command may have been applied, or may still be. */
  | { readonly is: 'unknown' }
  /** The answer to Start(): the leader wrote the command into its log and promised nothing. */
  | { readonly is: 'accepted'; readonly index: LogIndex; readonly term: Term };

/** The fate of a command that ended as unknown or accepted, as far as the trace proves it. */
export type CommandFate =
  /** A copy of it is committed, so it is applied. */
  | { readonly is: 'committed'; readonly index: LogIndex; readonly atUs: number }
  /** Every copy is overwritten and no attempt can make another one, so it will never be applied. */
  | { readonly is: 'lost'; readonly atUs: number }
  /** The trace proves neither. */
  | { readonly is: 'open' };

/** A command and all that the trace tells about it. */
export interface AskedCommand {
  /** `seq` of the event that asked it. */
  readonly seq: number;
  /** The client; null for Start() on one server. */
  readonly client: string | null;
  readonly command: Json;
  readonly askedUs: number;
  readonly attempts: readonly CommandAttempt[];
  /** Null while it waits. */
  readonly end: CommandEnd | null;
  /** From the request to the end, in microseconds; null while it waits. */
  readonly tookUs: number | null;
  /** In the order in which they were written. */
  readonly copies: readonly CommandCopy[];
  /** Null for a command whose end already tells its fate, and while it waits. */
  readonly fate: CommandFate | null;
}

/** Half of the answered commands took at most this long, in microseconds; null when none is answered. */
export function halfWithinUs(commands: readonly AskedCommand[]): number | null {
  const took = commands.flatMap(({ end, tookUs }) => (end?.is === 'done' && tookUs !== null ? [tookUs] : []));
  return took.toSorted((a, b) => a - b)[Math.ceil(took.length / 2) - 1] ?? null;
}
