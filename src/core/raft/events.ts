/** Types of the events that a server's core reports; their rows and fields are in core/catalogue/events/raft.ts. */
import type { RaftEvent } from '../catalogue/index.ts';

export type { RaftEvent } from '../catalogue/index.ts';

type ReasonOf<Name extends RaftEvent['event']> = Extract<RaftEvent, { event: Name; reason: string }>['reason'];

/** Why the election timer restarted. */
export type TimerReason = ReasonOf<'ElectionTimerReset'>;
/** Why a vote was denied. */
export type VoteDenialReason = ReasonOf<'VoteDenied'>;
/** Why a candidate or leader became a follower. */
export type StepDownReason = ReasonOf<'SteppedDown'>;
