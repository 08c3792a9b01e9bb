/**
 * Committing and applying. The leader counts which entries a quorum stores (L1, E8), and a server applies only entries
 * that are on its own disk.
 */

import type { LogIndex } from '../vocabulary/index.ts';
import type { Context } from './context.ts';
import { chainAt, entriesBetween, lastIndex, termAt } from './log.ts';
import { quorumIndex } from './quorum.ts';
import type { RaftState } from './state.ts';

/** Raises commitIndex to the highest index that the quorum rule allows. No effect unless this server leads. */
export function countQuorum(context: Context, state: RaftState): RaftState {
  const { role } = state;
  if (role.name !== 'leader') {
    return state;
  }
  const { config, events } = context;
  const own = config.rules.durablePart(lastIndex(state.log), state.durable.index);
  const matchIndexes = config.voters.map((voter) => role.progress[voter]?.matchIndex ?? own);
  const stored = quorumIndex(matchIndexes);
  const { lastIndexBeforeTerm } = role;
  const { commitIndex } = state;
  const to = config.rules.nextCommitIndex({ matchIndexes, commitIndex, lastIndexBeforeTerm });
  const entryTerm = termAt(state.log, stored);
  if (to === commitIndex && stored > commitIndex && stored > role.quorumIndex && entryTerm !== null) {
    const term = state.currentTerm;
    events.push({ event: 'NotCommitted', term, index: stored, entryTerm, reason: 'L1-old-term' });
  }
  const counted: RaftState = { ...state, role: { ...role, quorumIndex: Math.max(stored, role.quorumIndex) } };
  return advanceCommit(context, counted, to, 'quorum');
}

/** Raises commitIndex to `to`; never lowers it. */
export function advanceCommit(
  context: Context,
  state: RaftState,
  to: LogIndex,
  reason: 'quorum' | 'leader-commit',
): RaftState {
  if (to <= state.commitIndex) {
    return state;
  }
  context.events.push({
    event: 'CommitAdvanced',
    term: state.currentTerm,
    from: state.commitIndex,
    to,
    reason,
    chain: chainAt(state.log, to),
  });
  return { ...state, commitIndex: to };
}

/**
 * Adds entries that are committed and on this server's own disk (E8) to the entries to apply, in log order. Each entry
 * is handed out once in a life.
 */
export function applyCommitted(context: Context, state: RaftState): RaftState {
  const limit = context.config.rules.durablePart(state.commitIndex, state.durable.index);
  if (limit <= state.lastApplied) {
    return state;
  }
  for (const entry of entriesBetween(state.log, state.lastApplied + 1, limit)) {
    context.apply.push(entry);
  }
  return { ...state, lastApplied: limit };
}
