/**
 * The handling of one tick, the core's only notion of time. Followers and candidates count towards their election
 * timeout, and candidates repeat their vote requests before it. A leader counts towards its next heartbeat and, with
 * CheckQuorum, checks whether a majority has answered.
 */

import type { ServerId } from '../vocabulary/index.ts';
import { continueCampaign, startCampaign } from './campaign.ts';
import type { Context } from './context.ts';
import { broadcast, tellCommit } from './replicate.ts';
import { becomeFollower } from './roles.ts';
import type { Progress, RaftState, Role } from './state.ts';

type Leader = Extract<Role, { name: 'leader' }>;

/** Handles one tick in any role. */
export function handleTick(context: Context, state: RaftState): RaftState {
  const elapsed: RaftState = { ...state, electionElapsed: state.electionElapsed + 1 };
  const { role } = state;
  if (role.name === 'leader') {
    return leaderTick(context, elapsed, role);
  }
  if (elapsed.electionElapsed >= elapsed.electionTimeout) {
    return startCampaign(context, elapsed);
  }
  continueCampaign(context, elapsed);
  return elapsed;
}

function leaderTick(context: Context, state: RaftState, role: Leader): RaftState {
  const checked = state.electionElapsed >= state.electionTimeout ? checkQuorum(context, state, role) : state;
  if (checked.role.name !== 'leader') {
    return checked;
  }
  const heartbeatElapsed = checked.role.heartbeatElapsed + 1;
  const isDue = heartbeatElapsed >= context.config.heartbeatTicks;
  const counted: RaftState = {
    ...checked,
    role: { ...checked.role, heartbeatElapsed: isDue ? 0 : heartbeatElapsed },
  };
  return isDue ? broadcast(context, counted, 'heartbeat') : tellCommit(context, counted);
}

/**
 * Ends a leader's window of one election timeout. With CheckQuorum, a leader that has not heard from a majority steps
 * down (P4). Otherwise the next window begins.
 */
function checkQuorum(context: Context, state: RaftState, role: Leader): RaftState {
  const { rules, flags, voters } = context.config;
  const active = Object.values(role.progress).filter((progress) => progress.recentlyActive).length;
  if (flags.checkQuorum && !rules.hasQuorumContact(active + 1, voters.length)) {
    return becomeFollower(context, state, { term: state.currentTerm, reason: 'P4-no-quorum-contact' });
  }
  const progress: Record<ServerId, Progress> = {};
  for (const [peer, known] of Object.entries(role.progress)) {
    progress[peer] = { ...known, recentlyActive: false };
  }
  // The timing of a run may have changed, so each window has the election timeout of its beginning.
  const electionTimeout = context.config.electionTicks;
  return { ...state, electionElapsed: 0, electionTimeout, role: { ...role, progress } };
}
