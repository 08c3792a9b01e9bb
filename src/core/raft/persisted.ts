/**
 * Storage answered: what was handed out to be written is on this server's disk. A candidate may now count its own
 * vote, a leader its own entries, and committed entries may be applied.
 */

import type { LogIndex } from '../vocabulary/index.ts';
import { countOwnVote } from './campaign.ts';
import { countQuorum } from './commit.ts';
import type { Context } from './context.ts';
import type { Input } from './input.ts';
import { chainAt, entriesBetween, knownTermAt, lastEntryId, termAt, termRuns } from './log.ts';
import type { RaftState } from './state.ts';

type Persisted = Extract<Input, { type: 'persisted' }>;

/**
 * The answer to give the core once the Ready that came with `state` has been written: all of `state` is durable.
 * The driver steps it at once, before any input that arrived meanwhile.
 */
export function persistedInput(state: RaftState): Persisted {
  const { currentTerm, votedFor, log } = state;
  return { type: 'persisted', hardState: { currentTerm, votedFor }, upTo: lastEntryId(log) };
}

/** Notes what is durable. An entry counts only if the log still has that term at that index. */
export function handlePersisted(context: Context, state: RaftState, input: Persisted): RaftState {
  const { hardState, upTo } = input;
  const { durable, log } = state;
  if (hardState.currentTerm < durable.currentTerm) {
    // The answer to an older write than one already answered.
    return state;
  }
  const stillThere = termAt(log, upTo.index) === upTo.term;
  const index = stillThere ? Math.max(durable.index, upTo.index) : durable.index;
  const { currentTerm } = hardState;
  // A vote on disk stays valid for its term, independent of the order in which writes are answered.
  const votedFor = currentTerm === durable.currentTerm ? (durable.votedFor ?? hardState.votedFor) : hardState.votedFor;
  const next: RaftState = { ...state, durable: { index, term: knownTermAt(log, index), currentTerm, votedFor } };
  if (next.role.name === 'leader' && index > durable.index) {
    noteAppended(context, next, durable.index + 1, index);
  }
  return countQuorum(context, countOwnVote(context, next));
}

/** A follower reports this in the step that appends; a leader, which sends entries before its write, only now. */
function noteAppended(context: Context, state: RaftState, first: LogIndex, last: LogIndex): void {
  const runs = termRuns(entriesBetween(state.log, first, last));
  const chain = chainAt(state.log, last);
  context.events.push({ event: 'EntriesAppended', term: state.currentTerm, first, last, chain, runs });
}
