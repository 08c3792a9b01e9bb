/** The election timer: counted in ticks, started anew only for the causes rule E6 allows, drawn anew by rule E9. */
import type { Context } from './context.ts';
import type { TimerCause } from './election-rules.ts';
import type { RaftState } from './state.ts';

/**
 * Starts the election timer anew if `cause` is a reason to. A timer that has not run for a single tick and whose
 * server kept its role is left alone: nothing would change, and so its event comes at most once a tick.
 */
export function restartTimer(context: Context, state: RaftState, cause: TimerCause): RaftState {
  const { config, before, events } = context;
  const reason = config.rules.restartsElectionTimer(cause);
  if (reason === null || context.timerRestarted) {
    return state;
  }
  if (state.electionElapsed === 0 && state.role.name === before.role.name && cause !== 'election-started') {
    return state;
  }
  const { timeoutTicks, random } = config.rules.drawElectionTimeout(config.electionTicks, state.random);
  context.timerRestarted = true;
  events.push({ event: 'ElectionTimerReset', term: state.currentTerm, timeoutTicks, reason });
  return { ...state, electionElapsed: 0, electionTimeout: timeoutTicks, random };
}
