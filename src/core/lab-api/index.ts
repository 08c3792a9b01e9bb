/** The lab's interface for doors: the requests, their answers, the pushes, and the guard that checks a request. */
export { isRequestName, LIMITS, type ParsedAsk, parseAsk, REQUEST_NAMES } from '../actions/index.ts';
export { type ErrorArguments, errorRow, type LabErrorCode } from '../catalogue/index.ts';
export { flawInWords, flawWord, type TraceFlaw } from '../trace/index.ts';
export type {
  BothLanguages,
  Command,
  CommandResult,
  Json,
  LinkId,
  LinkPolicy,
  LogIndex,
  ProtocolFlags,
  RoleName,
  ServerId,
  Term,
  TermRun,
  WireEntry,
} from '../vocabulary/index.ts';
export {
  type CommandLineError,
  type CommandLineErrorCode,
  type CommandOp,
  completeCommandLine,
  formatCommand,
  hintFor,
  type ParsedCommandLine,
  parseCommandLine,
} from '../vocabulary/index.ts';
export type * from './api.ts';
export { kindOfFile, OPENED_ENDINGS, SCENARIO_ENDINGS } from './opened-file.ts';
export { openPushValve, type PushValve } from './push-valve.ts';
export {
  DEFAULT_SETTINGS,
  type Language,
  parseSettings,
  parseSettingsChange,
  type Settings,
  type SettingsChange,
  WINDOW_THEMES,
  type WindowTheme,
} from './settings.ts';
export { type DecodedText, decodeUtf8 } from './utf8.ts';
export {
  CHANNELS,
  SETTINGS_ACTS,
  type SettingsAct,
  type SettingsState,
  type WindowAction,
  type WindowBridge,
} from './window-channels.ts';
