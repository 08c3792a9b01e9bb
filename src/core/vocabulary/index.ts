/**
 * Vocabulary that all rooms share: names, terms of the Raft paper, links, commands. It imports nothing of the project.
 */
export {
  COMMAND_OPS,
  COMMAND_REFUSALS,
  type Command,
  type CommandOp,
  type CommandRefusal,
  type CommandResult,
  fieldsOf,
  isCommand,
  MAX_KEY_LENGTH,
  MAX_VALUE_LENGTH,
  parseCommand,
} from './command.ts';
export {
  type CommandLineError,
  type CommandLineErrorCode,
  completeCommandLine,
  formatCommand,
  hintFor,
  type ParsedCommandLine,
  parseCommandLine,
  usageOf,
} from './command-line.ts';
export { describeCommand, describeResult } from './command-text.ts';
export {
  type Experiment,
  type ExperimentWarning,
  experimentWarnings,
  isSettled,
  type WarningCode,
} from './experiment-warnings.ts';
export { fillSentence, gapsOf, plainText } from './fill-sentence.ts';
export { type Endpoint, isClientId, isEndpoint, isRunId, isServerId, type ServerId } from './ids.ts';
export { isJson, type Json } from './json.ts';
export type { BothLanguages } from './language.ts';
export { ALL_CLIENTS, endsOf, type LinkEnds, type LinkId, linkOf, reversed } from './link.ts';
export {
  carries,
  type LinkPolicy,
  type LinkShape,
  LONG_REORDERING,
  PLAIN_SHAPE,
  samePolicy,
  UNRELIABLE,
} from './link-policy.ts';
export { linkPolicySchema } from './link-policy-schema.ts';
export { PACES, type PaceName } from './pace.ts';
export type {
  Chain,
  EntryContent,
  EntryId,
  LogEntry,
  LogIndex,
  ProtocolFlags,
  RoleName,
  Term,
  TermRun,
  WireEntry,
} from './raft.ts';
export { CLIENT_RPCS, type ClientRpc, MEMBER_RPCS, type MemberRpc, RPCS, type Rpc } from './rpc.ts';
export {
  changedTiming,
  DEFAULT_TIMING,
  isWithinLimits,
  type Lengths,
  lengthsOf,
  longestElectionTicks,
  TIMING_FIELDS,
  TIMING_LIMITS,
  type Timing,
  type TimingChange,
  timingOf,
  withTiming,
} from './timing.ts';
