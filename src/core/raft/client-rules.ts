/**
 * The rules clients rely on (R4–R6 of SPEC.md): a command is applied at most once, an outcome that is not known is
 * reported as unknown, and redirects cannot loop. Pure functions, called through `config.rules`.
 */
import type { ServerId } from '../vocabulary/index.ts';

/**
 * `apply`: the command is new. `repeat`: it was applied before, and its stored first answer is given again. The other
 * decisions refuse the command, which then changes nothing.
 */
export type SessionDecision = 'apply' | 'repeat' | 'superseded' | 'unknown-session';

/**
 * Decides what to do with a command of a session: each number is applied at most once and numbers only rise. An unknown
 * session is an error; it is never opened implicitly.
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
 * The answer to a command that was applied before: its first answer, which the session keeps. The store may have changed
 * since, so an answer computed now could report a change that this command did not make.
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
 * The outcome of a command whose leader stepped down is unknown, never "did not happen": the next leader may still
 * commit it.
 *
 * @source §6.3; rule R5
 */
export function outcomeWhenLeadershipLost(): LostOutcome {
  return 'unknown';
}

/**
 * The leader a server knows after its term has changed: null, until the new term's leader sends a message. Otherwise
 * clients would be redirected to a leader that no longer leads.
 *
 * @source §6.2; rule R6
 */
export function leaderAfterTermChange(_known: ServerId | null): ServerId | null {
  return null;
}
