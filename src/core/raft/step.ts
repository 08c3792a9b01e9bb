/**
 * The consensus algorithm as one function: it takes state and input, and returns the next state and a Ready. The term
 * rule is applied here, before any handler sees a message, so no handler can forget it.
 */
import { answerStaleAppend, handleAppendEntries } from './append-entries.ts';
import { handleAppendEntriesReply } from './append-entries-reply.ts';
import { handleRequestVoteReply } from './campaign.ts';
import { applyCommitted } from './commit.ts';
import type { RaftConfig } from './config.ts';
import { type Context, newContext, readyOf } from './context.ts';
import { type Input, proposalsLast } from './input.ts';
import { assertInvariant } from './invariant.ts';
import { lastIndex } from './log.ts';
import { mergeReadys } from './merge-ready.ts';
import type { Message } from './messages.ts';
import { handlePersisted } from './persisted.ts';
import { propose } from './propose.ts';
import type { Ready } from './ready.ts';
import { denyVote, handleRequestVote, ignoreDisruptiveVote } from './request-vote.ts';
import { becomeFollower } from './roles.ts';
import type { RaftState } from './state.ts';
import { handleTick } from './tick.ts';

/** The result of a step: the next state, and the work that must be done before others may rely on that state. */
export interface Stepped {
  readonly state: RaftState;
  readonly ready: Ready;
}

/**
 * Steps one input. Equal configuration, state and input give the same result, byte for byte. Costs O(batch), not
 * O(log).
 *
 * @throws InvariantError when this server's own state is impossible; never because of a message's content
 */
export function step(config: RaftConfig, state: RaftState, input: Input): Stepped {
  const context = newContext(config, state);
  const next = applyCommitted(context, handle(context, state, input));
  assertOrder(next);
  return { state: next, ready: readyOf(context, next) };
}

/**
 * Steps all inputs of one turn and merges their Readys, so that the turn has one write (group commit). Proposals are
 * gathered into one input at the end, so a turn has one broadcast and one `EntriesProposed` for any number of callers.
 */
export function stepAll(config: RaftConfig, state: RaftState, inputs: readonly Input[]): Stepped {
  let current = state;
  const readys: Ready[] = [];
  for (const input of proposalsLast(inputs)) {
    const stepped = step(config, current, input);
    current = stepped.state;
    readys.push(stepped.ready);
  }
  return { state: current, ready: mergeReadys(readys) };
}

function handle(context: Context, state: RaftState, input: Input): RaftState {
  switch (input.type) {
    case 'tick':
      return handleTick(context, state);
    case 'message':
      return receive(context, state, input.message);
    case 'propose':
      return propose(context, state, input.proposals);
    case 'persisted':
      return handlePersisted(context, state, input);
  }
}

/**
 * Applies the term rule (§3.3), then calls the handler. Three kinds of message do not change the term: a PreVote
 * request and a granted PreVote reply, whose term is only requested (P1), and, with CheckQuorum, a vote request while
 * the leader lives (P5). A request of an older term is answered with the current term (P3). The handler of a late reply
 * decides whether it counts (E4, L10).
 */
function receive(context: Context, state: RaftState, message: Message): RaftState {
  const { rules, flags, voters, electionTicks } = context.config;
  if (message.to !== state.id || message.from === state.id || !voters.includes(message.from)) {
    return state;
  }
  if (!Number.isSafeInteger(message.term)) {
    return state;
  }
  if (message.term < state.currentTerm) {
    return answerStale(context, state, message);
  }
  if (rules.carriesAskedTerm(message) || !rules.adoptsTerm(message.term, state.currentTerm)) {
    return dispatch(context, state, message);
  }
  if (flags.checkQuorum && message.type === 'RequestVote' && rules.isInLeaderLease(state, electionTicks)) {
    return ignoreDisruptiveVote(context, state, message);
  }
  const follower = becomeFollower(context, state, { term: message.term, reason: 'E5-higher-term' });
  return dispatch(context, follower, message);
}

function answerStale(context: Context, state: RaftState, message: Message): RaftState {
  const answers = context.config.rules.answersStale(message);
  switch (message.type) {
    case 'AppendEntries':
      return answers ? answerStaleAppend(context, state, message) : state;
    case 'RequestVote':
      return answers ? denyVote(context, state, message, 'E1-stale-term') : state;
    case 'AppendEntriesReply':
    case 'RequestVoteReply':
      return dispatch(context, state, message);
  }
}

function dispatch(context: Context, state: RaftState, message: Message): RaftState {
  switch (message.type) {
    case 'RequestVote':
      return handleRequestVote(context, state, message);
    case 'RequestVoteReply':
      return handleRequestVoteReply(context, state, message);
    case 'AppendEntries':
      return handleAppendEntries(context, state, message);
    case 'AppendEntriesReply':
      return handleAppendEntriesReply(context, state, message);
  }
}

/** Checks the order that every state must keep: applied ≤ committed ≤ last, and durable ≤ last. */
function assertOrder(state: RaftState): void {
  const { lastApplied, commitIndex, durable } = state;
  const last = lastIndex(state.log);
  assertInvariant(
    lastApplied <= commitIndex && commitIndex <= last && durable.index <= last,
    () => `${state.id}: applied ${lastApplied}, committed ${commitIndex}, durable ${durable.index}, last ${last}`,
  );
}
