/** Questions others ask of a state: they need not know how roles are built. */

import type { ServerId } from '../vocabulary/index.ts';
import type { RaftState } from './state.ts';

/** The leader this server knows of, itself included; null when it knows none. */
export function leaderOf(state: RaftState): ServerId | null {
  const { role } = state;
  return role.name === 'leader' ? state.id : role.name === 'follower' ? role.leaderId : null;
}
