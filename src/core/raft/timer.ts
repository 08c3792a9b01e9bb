/**
 * The election timer, counted in ticks. It restarts only for the causes that rule E6 allows, with a timeout drawn by
 * rule E9.
 */
import type { RaftConfig } from './config.ts';
import type { Context } from './context.ts';
import type { TimerCause } from './election-rules.ts';
import type { RaftState } from './state.ts';

/**
 * Restarts the election timer if rule E6 allows it for `cause`. A timer that has not run for a tick is left alone while
 * the role stays the same: nothing would change, and the event would repeat within the tick.
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
  const { timeoutTicks, random } = drawTimeout(config, state.random);
  context.timerRestarted = true;
  events.push({ event: 'ElectionTimerReset', term: state.currentTerm, timeoutTicks, reason });
  return { ...state, electionElapsed: 0, electionTimeout: timeoutTicks, random };
}

/** Draws the next election timeout from the range of the configuration (rule E9). */
export function drawTimeout({ rules, electionTicks, electionMaxTicks }: RaftConfig, random: number) {
  return rules.drawElectionTimeout(electionTicks, random, electionMaxTicks);
}
