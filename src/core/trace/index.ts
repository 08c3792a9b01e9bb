/** The public face of this folder: events, the view that they fold into, patches of the view, questions about the view. */

export {
  type AnyEvent,
  type ClientEvent,
  EVENT_NAMES,
  type EventName,
  EXPORT_FORMATS,
  EXPORTS,
  type ExitCause,
  type ExportFormat,
  type FaultKind,
  formatNamed,
  formatOfFile,
  type LabEvent,
  type NemesisKind,
  type NetworkEvent,
  namesWith,
  type Proof,
  type RunSettings,
  type ScenarioVerdict,
  type ServerProgramEvent,
  type TicksLate,
} from '../catalogue/index.ts';
export { type BothLanguages, describeCommand, PACES, type PaceName } from '../vocabulary/index.ts';
export { arrowsListed } from './arrows.ts';
export {
  ASKING_NAMES,
  type AskedCommand,
  type AskingEvent,
  type CommandAttempt,
  type CommandCopy,
  type CommandEnd,
  type CommandFate,
  halfWithinUs,
  isAsking,
} from './asked-commands.ts';
export { type ClientsInView, clientsOf } from './clients.ts';
export { type CommandLedger, createCommandLedger } from './command-ledger.ts';
export { type LeaderStanding, leaderStanding } from './committability.ts';
export { type Condition, conditionOf, type Fact } from './condition.ts';
export { emptyView } from './empty-view.ts';
export {
  type EventKind,
  isMessageEvent,
  tellerOf,
} from './event-kinds.ts';
export * from './events.ts';
export { type FlawKind, type FlawWord, flawInWords, flawWord, type TraceFlaw } from './flaw.ts';
export { fold } from './fold.ts';
export { entryKey } from './fold-entries.ts';
export {
  type AskedBy,
  type ClientAnswer,
  type EntryFate,
  type EntryLife,
  type IndexLife,
  lifeOfIndex,
} from './index-life.ts';
export type { EntryStay } from './index-stays.ts';
export { agreeUpTo, termAt } from './log-runs.ts';
export type { EventKey } from './order.ts';
export { type ParsedLine, parseTraceLine } from './parse-line.ts';
export { applyPatch, diffView } from './patches.ts';
export {
  aliveCount,
  isRecovered,
  leaderOfMajority,
  majorityOf,
  serverCount,
  unreadOf,
} from './predicates.ts';
export { createGraphCollector, type GraphSpan, type RunGraphs } from './run-graphs.ts';
export { sleptInWords } from './slept.ts';
export type * from './view.ts';
