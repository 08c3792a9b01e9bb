/**
 * The errors of the lab: each row holds the parameters of one, and how programs treat it. A new error needs a row here and a
 * sentence in both languages in resources/words/error.json, which window, terminal and log share.
 */
import type { ParamsOf, ParamTypes } from './params.ts';

/** One error. */
export interface ErrorRow {
  /** Parameters, for the gaps of its sentence. */
  readonly params: ParamTypes;
  /** Set when the recording cannot be read at all. A program that should judge it exits with the code for "no verdict". */
  readonly noVerdict?: true;
  /** Set for errors of a file that a person opened. They are shown beside the place where files are opened. */
  readonly ofFile?: true;
  /** Set when a step does not fit the state of the cluster, such as a restart of a running server. The scenario gets no verdict. */
  readonly misfit?: true;
  /** Set for a scenario file that cannot be played. Nothing was started; the terminal exits as for a wrong command line. */
  readonly unplayable?: true;
}

const text = 'text';
const number = 'number';
const server = text;
const runId = text;
const file = text;
const path = text;

/** Every error by its code. */
export const ERRORS = {
  'bad-request': { params: { detail: text }, misfit: true },
  'no-run': { params: {} },
  'past-run': { params: {} },
  'unknown-server': { params: { server }, misfit: true },
  'already-down': { params: { server }, misfit: true },
  'already-up': { params: { server }, misfit: true },
  'not-up': { params: { server }, misfit: true },
  'already-frozen': { params: { server }, misfit: true },
  'not-frozen': { params: { server }, misfit: true },
  'cannot-freeze': { params: { server, detail: text } },
  'unknown-link': { params: { link: text }, misfit: true },
  'unknown-fault': { params: { fault: text }, misfit: true },
  'nothing-to-cut': { params: {}, misfit: true },
  'unknown-mutant': { params: { mutant: text, known: text } },
  'unknown-scenario': { params: { name: text } },
  'bad-scenario': { params: { file, line: number, column: number, detail: text }, ofFile: true },
  'unknown-file': { params: { file, endings: text }, ofFile: true },
  'cannot-read': { params: { path, errno: text }, ofFile: true },
  /** `most`: characters. */
  'file-too-large': { params: { file, most: number }, ofFile: true, unplayable: true },
  'not-a-file': { params: { path }, ofFile: true, unplayable: true },
  'not-utf8': { params: { file, line: number }, ofFile: true, unplayable: true },
  'unknown-run': { params: { runId }, ofFile: true },
  'run-open': { params: { runId } },
  'run-in-use': { params: { runId } },
  'runs-changed': { params: {} },
  'run-locked': { params: { runId, pid: number, since: text } },
  'run-locked-stopped': { params: { runId, pid: number, since: text } },
  'run-locked-elsewhere': { params: { runId, host: text, pid: number, since: text, seen: text } },
  'run-locked-unreadable': { params: { runId } },
  /** The lab continues the run when the request is repeated with `takeOver`. */
  'run-left-elsewhere': { params: { runId, host: text, pid: number, seen: text } },
  'run-damaged': { params: { runId, file, detail: text }, ofFile: true, noVerdict: true },
  'run-flawed': { params: { runId, line: number, offset: number }, noVerdict: true },
  'run-future': { params: { runId, field: text, version: number, reads: number }, noVerdict: true },
  'not-a-recording': { params: { file }, ofFile: true },
  'recording-empty': { params: { file }, ofFile: true, noVerdict: true },
  'recording-compressed': { params: { file }, ofFile: true },
  'recording-later': { params: { file, version: number, reads: number }, ofFile: true, noVerdict: true },
  /** `most`: MiB. */
  'recording-too-large': { params: { file, most: number }, ofFile: true },
  'recording-changed': { params: {} },
  'file-damaged': { params: { file }, ofFile: true, noVerdict: true },
  'several-files': { params: { count: number } },
  'no-server-files': { params: { file } },
  'cannot-write': { params: { path, errno: text } },
  /** `free` and `least`: MiB. */
  'disk-nearly-full': { params: { path, free: number, least: number } },
  'cannot-open': { params: { path, problem: text } },
  'spawn-failed': { params: { server, errno: text } },
  'node-gone': { params: { server, path } },
  'folder-gone': { params: { server, path } },
  'too-many-files': { params: { errno: text } },
  'no-runs': { params: {} },
  busy: { params: {} },
  'lab-failed': { params: { detail: text } },
  /** The door lost its connection. The request may or may not have reached the lab. */
  'connection-lost': { params: {} },
} as const satisfies Readonly<Record<string, ErrorRow>>;

/** Code of an error. */
export type LabErrorCode = keyof typeof ERRORS;
/** Parameters of an error. */
export type ErrorParams<Code extends LabErrorCode> = ParamsOf<(typeof ERRORS)[Code]['params']>;
/** Code and parameters of an error; without parameters where its row has none. */
export type ErrorArguments<Code extends LabErrorCode = LabErrorCode> = Code extends LabErrorCode
  ? keyof ErrorParams<Code> extends never
    ? readonly [code: Code]
    : readonly [code: Code, params: ErrorParams<Code>]
  : never;

/** The row of an error; undefined for the code of a later version. */
export function errorRow(code: string): ErrorRow | undefined {
  return Object.hasOwn(ERRORS, code) ? ERRORS[code as LabErrorCode] : undefined;
}
