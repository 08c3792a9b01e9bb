/**
 * The handling of a confirmed write: the state that was handed out is on this server's disk. A candidate may now count
 * its own vote, a leader may count its own entries, and committed entries may be applied.
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
 * Returns the input that confirms a write, for use after the Ready that came with `state` has been written: all of
 * `state` is durable. The driver steps it at once, before inputs that arrived meanwhile.
 */
export function persistedInput(state: RaftState): Persisted {
  const { currentTerm, votedFor, log } = state;
  return { type: 'persisted', hardState: { currentTerm, votedFor }, upTo: lastEntryId(log) };
}

/** Records which state is durable. An entry counts only if the log still has that term at that index. */
export function handlePersisted(context: Context, state: RaftState, input: Persisted): RaftState {
  const { hardState, upTo } = input;
  const { durable, log } = state;
  if (hardState.currentTerm < durable.currentTerm) {
    // This write is older than one that was already confirmed.
    return state;
  }
  const stillThere = termAt(log, upTo.index) === upTo.term;
  const index = stillThere ? Math.max(durable.index, upTo.index) : durable.index;
  const { currentTerm } = hardState;
  // A vote on disk stays valid for its term, whatever the order in which writes are confirmed.
  const votedFor = currentTerm === durable.currentTerm ? (durable.votedFor ?? hardState.votedFor) : hardState.votedFor;
  const next: RaftState = { ...state, durable: { index, term: knownTermAt(log, index), currentTerm, votedFor } };
  if (next.role.name === 'leader' && index > durable.index) {
    noteAppended(context, next, durable.index + 1, index);
  }
  return countQuorum(context, countOwnVote(context, next));
}

/**
 * Reports appended entries. A follower reports them in the step that appends; a leader, which sends entries before its
 * own write, reports them when the write is confirmed.
 */
function noteAppended(context: Context, state: RaftState, first: LogIndex, last: LogIndex): void {
  const runs = termRuns(entriesBetween(state.log, first, last));
  const chain = chainAt(state.log, last);
  context.events.push({ event: 'EntriesAppended', term: state.currentTerm, first, last, chain, runs });
}
