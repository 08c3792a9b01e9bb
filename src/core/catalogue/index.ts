/**
 * The catalogue: tables of values with one row for each event, caption, error and export format. Types, lists, checks and
 * tests follow from the rows. It imports the vocabulary only.
 */
export type { CaptionRow, EventCaption } from './caption-row.ts';
export {
  CAPTIONS,
  type CaptionCode,
  type CaptionContent,
  type CaptionParams,
  captionRow,
} from './captions.ts';
export { CLAUSES, type ClauseCode, type ClauseContent } from './clauses.ts';
export {
  ERRORS,
  type ErrorArguments,
  type ErrorParams,
  type ErrorRow,
  errorRow,
  type LabErrorCode,
} from './errors.ts';
export * from './events/index.ts';
export type { EventRow } from './events/row.ts';
export { fixedValues } from './events/values.ts';
export { EXPORT_FORMATS, EXPORTS, type ExportFormat, type ExportRow, formatNamed, formatOfFile } from './exports.ts';
export {
  type ExitCause,
  type FaultKind,
  type NemesisKind,
  type Proof,
  type RunSettings,
  type ScenarioVerdict,
  timingFields,
} from './fields.ts';
export { RULE_SOURCES, type RuleId, WHY_FACTS, WHYS, type WhyCode, type WhyFactCode } from './whys.ts';
