/** Functions that read a state for other folders, which need not know how roles are represented. */

import type { ServerId } from '../vocabulary/index.ts';
import type { RaftState } from './state.ts';

/** Returns the leader this server knows, itself included; null when it knows no leader. */
export function leaderOf(state: RaftState): ServerId | null {
  const { role } = state;
  return role.name === 'leader' ? state.id : role.name === 'follower' ? role.leaderId : null;
}
