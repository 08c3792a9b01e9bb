/** Requests to the lab: one table of requests and actions, and everything that follows from it. */
export type {
  CommandPage,
  DiskView,
  EventPage,
  LabMode,
  ProcessView,
  RunGraphsPage,
  ScenarioSummary,
} from './answers.ts';
export type { StartAnswer, SubmitAnswer } from './command-actions.ts';
export { LIMITS } from './limits.ts';
export type { Begun, MaybeBegun } from './link-actions.ts';
export { type ParsedAsk, parseAsk } from './parse-ask.ts';
export type { EventQuery } from './questions.ts';
export {
  ACTION_NAMES,
  type ActionName,
  type Answer,
  type Ask,
  isActionName,
  isRequestName,
  type NamesThatNeed,
  REQUEST_NAMES,
  REQUESTS,
  type RequestName,
  type Requests,
} from './requests.ts';
export type { Needs } from './row.ts';
export type { RunChoice } from './run-requests.ts';
export type { EndsLive, KeptRuns, RunSummary, RunVerdict } from './runs.ts';
export type { Signalled } from './server-actions.ts';
export type { ActionStep, ArgumentKind, ArgumentSpec, NumberRange } from './step-fields.ts';
export { ACTION_STEPS, OLD_STEPS, type OldStep } from './steps.ts';
