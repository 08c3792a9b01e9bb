/**
 * The rules clients rely on (R4–R6 of SPEC.md): at most once, honest about what is not known, and redirects that
 * cannot run in circles. Pure functions, called through `config.rules`.
 */
import type { ServerId } from './types.ts';

/**
 * `apply`: new, apply it. `repeat`: the stored first answer is given again. The others are refused and change
 * nothing.
 */
export type SessionDecision = 'apply' | 'repeat' | 'superseded' | 'unknown-session';

/**
 * What happens to a command with a session: each number is applied at most once, numbers only rise, and a session
 * nobody opened is an error, never opened in silence.
 *
 * @param lastSequence highest number applied in this session, 0 for none; null: no such session
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
 * The answer to a command that was applied before: the first one, which its session keeps. The store may have changed
 * since, and what it would answer now would tell the caller of a change that never happened.
 *
 * @param first the answer given when the command was applied
 * @param _anew computes what the store would answer now, without changing it; it does not matter
 * @source §6.3 "along with the associated response"; rule R4
 */
export function answerToRepeat<Result>(first: Result, _anew: () => Result): Result {
  return first;
}

/** What a caller is told about a command whose leader lost its leadership before applying it. */
export type LostOutcome = 'unknown' | 'not-leader';

/**
 * A command accepted by a leader that is one no longer may still be committed by the next: it is unknown, never
 * "did not happen".
 *
 * @source §6.3; rule R5
 */
export function outcomeWhenLeadershipLost(): LostOutcome {
  return 'unknown';
}

/**
 * The leader a server knows after its term has changed: none, until it hears one. Otherwise clients would be sent
 * back to a leader that is gone.
 *
 * @source §6.2; rule R6
 */
export function leaderAfterTermChange(_known: ServerId | null): ServerId | null {
  return null;
}
