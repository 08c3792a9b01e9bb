/**
 * Proposals. A leader appends each to its log at once and replicates it. Any other server refuses it and names the
 * leader it knows.
 */

import type { EntryContent, LogEntry } from '../vocabulary/index.ts';
import { chainOf } from './chain.ts';
import type { Context } from './context.ts';
import type { Proposal } from './input.ts';
import { append, lastIndex } from './log.ts';
import { broadcast, toWire } from './replicate.ts';
import type { RaftState } from './state.ts';

/** Accepts proposals up to the maximum number of uncommitted entries; further ones are answered `busy`. */
export function propose(context: Context, state: RaftState, proposals: readonly Proposal[]): RaftState {
  if (state.role.name !== 'leader') {
    refuse(context, state, proposals, 'not-leader');
    return state;
  }
  // Entries of earlier terms do not count. After a restart commitIndex is 0, and without a no-op only a new entry can
  // commit them. If they counted, the leader could refuse that entry for ever.
  const uncommitted = lastIndex(state.log) - Math.max(state.commitIndex, state.role.lastIndexBeforeTerm);
  const room = Math.max(0, context.config.maxUncommittedEntries - uncommitted);
  const accepted = proposals.slice(0, room);
  refuse(context, state, proposals.slice(room), 'busy');
  if (accepted.length === 0) {
    return state;
  }
  const first = lastIndex(state.log) + 1;
  const next = appendOwn(
    context,
    state,
    accepted.map((proposal) => proposal.content),
  );
  for (const [offset, { requestId }] of accepted.entries()) {
    context.replies.push({ type: 'accepted', requestId, index: first + offset, term: state.currentTerm });
  }
  return broadcast(context, next, 'entries');
}

/** Appends each content to the leader's own log. */
export function appendOwn(context: Context, state: RaftState, contents: readonly EntryContent[]): RaftState {
  const term = state.currentTerm;
  let index = lastIndex(state.log);
  const first = index + 1;
  let chain = state.lastChain;
  const added: LogEntry[] = [];
  for (const content of contents) {
    index++;
    const entry = { ...content, index, term };
    chain = chainOf(chain, entry);
    added.push({ ...entry, chain });
  }
  context.entries.push(...added);
  context.events.push({ event: 'EntriesProposed', term, first, last: index, chain, entries: added.map(toWire) });
  return { ...state, log: append(state.log, added), lastChain: chain };
}

function refuse(
  context: Context,
  state: RaftState,
  proposals: readonly Proposal[],
  reason: 'not-leader' | 'busy',
): void {
  if (proposals.length === 0) {
    return;
  }
  const { role } = state;
  const leaderId = role.name === 'follower' ? role.leaderId : role.name === 'leader' ? state.id : null;
  const term = state.currentTerm;
  context.events.push({ event: 'ProposalRejected', term, reason, leaderId });
  for (const { requestId } of proposals) {
    context.replies.push({ type: 'rejected', requestId, reason, leaderId, term });
  }
}
