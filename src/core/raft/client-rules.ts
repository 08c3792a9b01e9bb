/**
 * The rules that clients rely on (R4–R6 of SPEC.md): a command is applied at most once, an unknown outcome is reported
 * as unknown, and redirects cannot loop. Pure functions, called through `config.rules`.
 */
import type { ServerId } from '../vocabulary/index.ts';

/**
 * Decision about a command of a session. `apply`: the command is new. `repeat`: the command was applied before, and its
 * first answer is returned again. The other decisions refuse the command, and the store does not change.
 */
export type SessionDecision = 'apply' | 'repeat' | 'superseded' | 'unknown-session';

/**
 * Decides what to do with a command of a session. Each sequence number is applied at most once, and numbers only rise.
 * A command of an unknown session is refused; a session is never opened implicitly.
 *
 * @param lastSequence highest number applied in this session; 0 when no command was applied, null when the session does
 *   not exist
 * @source §6.3; rule R4
 */
export function sessionDecision(lastSequence: number | null, sequence: number): SessionDecision {
  if (lastSequence === null) {
    return 'unknown-session';
  }
  if (sequence > lastSequence) {
    return 'apply';
  }
  return sequence === lastSequence && sequence > 0 ? 'repeat' : 'superseded';
}

/**
 * Returns the first answer to a command that was applied before; the session keeps it. An answer computed now could
 * report a change that this command did not make, because the store may have changed since.
 *
 * @param first the answer given when the command was applied
 * @param _anew computes what the store would answer now, without changing it; unused by the correct rule
 * @source §6.3 "along with the associated response"; rule R4
 */
export function answerToRepeat<Result>(first: Result, _anew: () => Result): Result {
  return first;
}

/** Outcome reported to the caller of a command whose leader lost its leadership before applying it. */
export type LostOutcome = 'unknown' | 'not-leader';

/**
 * Returns the outcome of a command whose leader stepped down. It is unknown, never "did not happen", because the next
 * leader may still commit the command.
 *
 * @source §6.3; rule R5
 */
export function outcomeWhenLeadershipLost(): LostOutcome {
  return 'unknown';
}

/**
 * Returns the leader that a server knows after its term has changed: null until the new term's leader sends a message.
 * Otherwise clients would be redirected to a server that no longer leads.
 *
 * @source §6.2; rule R6
 */
export function leaderAfterTermChange(_known: ServerId | null): ServerId | null {
  return null;
}
