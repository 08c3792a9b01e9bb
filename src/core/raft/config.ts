/** The configuration of one server, and the protocol presets, timing and limits it has by default. */

import type { ProtocolFlags, ServerId } from '../vocabulary/index.ts';
import { type Rules, rules } from './rules.ts';

/** Configuration of one server. Constant for a whole life. Times are in ticks. */
export interface RaftConfig {
  readonly id: ServerId;
  /** All voting members, this server included. */
  readonly voters: readonly ServerId[];
  readonly flags: ProtocolFlags;
  /** T: the election timeout is drawn from [T, 2T] anew each time the timer starts (§3.4, §9.3). */
  readonly electionTicks: number;
  readonly heartbeatTicks: number;
  readonly maxEntriesPerMessage: number;
  readonly maxBytesPerMessage: number;
  /** Unanswered AppendEntries with entries a follower may have outstanding (rule L12). */
  readonly maxInFlight: number;
  /** Proposals beyond this many uncommitted entries are answered `busy`. */
  readonly maxUncommittedEntries: number;
  /** Every rule of SPEC.md as one function; a mutant replaces one of them. */
  readonly rules: Rules;
}

/** `paper`: Figure 2 as it stands, what the course tests need. `production`: every extension on. */
export const PROTOCOL: Readonly<Record<'paper' | 'production', ProtocolFlags>> = {
  paper: { preVote: false, checkQuorum: false, noop: false },
  production: { preVote: true, checkQuorum: true, noop: true },
};

/** Ticks: at 10 ms a tick an election timeout of 150–300 ms and a heartbeat every 50 ms (§9.3). */
export const DEFAULT_TICKS = { electionTicks: 15, heartbeatTicks: 5 } as const;

/**
 * Bounds of what a leader sends and keeps. Few messages in flight let batches grow under load; 64 KiB keeps one
 * message from delaying a heartbeat behind it.
 */
export const DEFAULT_LIMITS = {
  maxEntriesPerMessage: 256,
  maxBytesPerMessage: 65_536,
  maxInFlight: 4,
  maxUncommittedEntries: 4_096,
} as const;

/**
 * A complete configuration: `paper` flags and the defaults above, unless `choices` says otherwise.
 *
 * @param choices the server's own id, all voters, and anything to change
 */
export function defaultConfig(
  choices: { readonly id: ServerId; readonly voters: readonly ServerId[] } & Partial<RaftConfig>,
): RaftConfig {
  return { flags: PROTOCOL.paper, ...DEFAULT_TICKS, ...DEFAULT_LIMITS, rules, ...choices };
}
