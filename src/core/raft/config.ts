/** The configuration of one server, and the protocol presets, timing and limits it has by default. */

import { DEFAULT_TIMING, type ProtocolFlags, type ServerId } from '../vocabulary/index.ts';
import { type Rules, rules } from './rules.ts';

/** Configuration of one server, constant for its whole life. Times are in ticks. */
export interface RaftConfig {
  readonly id: ServerId;
  /** All voting members, this server included. */
  readonly voters: readonly ServerId[];
  readonly flags: ProtocolFlags;
  /** T, the shortest election timeout: each start of the timer draws from [T, `electionMaxTicks`] (§3.4, §9.3). */
  readonly electionTicks: number;
  /** The longest election timeout; 2T when absent. */
  readonly electionMaxTicks?: number;
  readonly heartbeatTicks: number;
  readonly maxEntriesPerMessage: number;
  readonly maxBytesPerMessage: number;
  /** Maximum number of unanswered AppendEntries with entries for one follower (rule L12). */
  readonly maxInFlight: number;
  /** Maximum number of uncommitted entries of the current term; further proposals are answered `busy`. */
  readonly maxUncommittedEntries: number;
  /** Every rule of SPEC.md as one function. A mutant replaces one of them. */
  readonly rules: Rules;
}

/** `paper`: Figure 2 without extensions, as the course tests need it. `production`: every extension on. */
export const PROTOCOL: Readonly<Record<'paper' | 'production', ProtocolFlags>> = {
  paper: { preVote: false, checkQuorum: false, noop: false },
  production: { preVote: true, checkQuorum: true, noop: true },
};

/**
 * Default limits of a leader's messages and uncommitted entries. Few messages in flight let batches grow under load. A
 * limit of 64 KiB keeps one message from delaying the heartbeat behind it.
 */
export const DEFAULT_LIMITS = {
  maxEntriesPerMessage: 256,
  maxBytesPerMessage: 65_536,
  maxInFlight: 4,
  maxUncommittedEntries: 4_096,
} as const;

/**
 * Returns a complete configuration: the `paper` flags, the default timing and the limits above, unless `choices` overrides them.
 *
 * @param choices the server's own id, all voters, and any field to override
 */
export function defaultConfig(
  choices: { readonly id: ServerId; readonly voters: readonly ServerId[] } & Partial<RaftConfig>,
): RaftConfig {
  return { flags: PROTOCOL.paper, ...DEFAULT_TIMING, ...DEFAULT_LIMITS, rules, ...choices };
}
