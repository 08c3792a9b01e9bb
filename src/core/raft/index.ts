/** The public surface of the consensus core. Types are imported from their own files (state.ts, messages.ts, …). */
export { type ApplicationQueue, createApplicationQueue, isForApplication } from './application-queue.ts';
export { chainOf, GENESIS_CHAIN } from './chain.ts';
export { defaultConfig, PROTOCOL } from './config.ts';
export { effects } from './effects.ts';
export { InvariantError } from './invariant.ts';
export {
  allEntries,
  append,
  chainAt,
  EMPTY_LOG,
  entriesBetween,
  entryAt,
  lastEntryId,
  lastIndex,
  logOf,
  SEGMENT_ENTRIES,
  termAt,
  termRuns,
  truncateFrom,
} from './log.ts';
export { emptyReady, mergeReadys } from './merge-ready.ts';
export { persistedInput } from './persisted.ts';
export { quorumIndex } from './quorum.ts';

export type { DiskWrite } from './replication-rules.ts';
export { restore } from './restore.ts';
export { RULE_IDS, type RuleId, type Rules, rules } from './rules.ts';
export { type Stepped, step, stepAll } from './step.ts';
export { leaderOf } from './view.ts';
