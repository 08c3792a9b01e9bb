/** Committing and applying: the leader counts its quorum (L1, E8), and nothing is applied that is not on its own disk. */

import type { LogIndex } from '../vocabulary/index.ts';
import type { Context } from './context.ts';
import { chainAt, entriesBetween, lastIndex, termAt } from './log.ts';
import { quorumIndex } from './quorum.ts';
import type { RaftState } from './state.ts';

/** The leader looks again what a quorum stores. No effect unless leader. */
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

/** Raises commitIndex; never lowers it. */
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

/** Hands out what is committed and on this server's own disk (E8), in log order, each entry once in a life. */
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
