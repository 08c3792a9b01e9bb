/**
 * The errors of the lab, each with its English sentence: what happened, where, and what to do. Inside the lab an error
 * travels as a `LabProblem`; the dispatcher turns it into a value, so a door never sees a rejection.
 */
import { TRACE_VERSION } from '../trace/index.ts';
import type { LabError, LabErrorCode, LabResult } from './api.ts';

type Params = LabError['params'];

const SENTENCES: Readonly<Record<LabErrorCode, (params: Params) => string>> = {
  'bad-request': ({ detail }) => `The request was not understood: ${detail}.`,
  'no-run': () => 'No run is open. Start a new run, continue the last one, or open a recorded one.',
  'past-run': () => 'This run is a recording and takes no commands. Continue it, or start a new run.',
  'unknown-server': ({ server }) => `There is no server ${server} in this run.`,
  'already-down': ({ server }) => `${server} is not running. Restart it first.`,
  'already-up': ({ server }) => `${server} is running already. Kill it first.`,
  'not-up': ({ server }) => `${server} is not up. Wait until it is, or start it.`,
  'already-frozen': ({ server }) => `${server} is frozen already. Resume or kill it.`,
  'not-frozen': ({ server }) => `${server} is not frozen.`,
  'cannot-freeze': ({ server, detail }) => `${server} cannot be frozen: ${detail}.`,
  'unknown-link': ({ link }) => `There is no link ${link} between servers of this run.`,
  'unknown-fault': ({ fault }) => `There is no fault ${fault} to heal; it may have been healed already.`,
  'nothing-to-cut': () => 'Nothing would be cut off: name at least one server, but not all of them.',
  'unknown-scenario': ({ name }) => `There is no scenario ${name}.`,
  'bad-scenario': ({ file, line, column, detail }) => `${file}, line ${line}, column ${column}: ${detail}.`,
  'unknown-file': ({ file, endings }) =>
    `${file} is neither a scenario nor a recording: the name of one ends in ${endings}.`,
  'cannot-read': ({ path, errno }) => `${path} cannot be read (${errno}).`,
  'file-too-large': ({ file, most }) => `${file} is too large for a scenario, which has at most ${most} characters.`,
  'not-a-file': ({ path }) => `${path} is not a file that can be read: it is a folder, a pipe, a socket or a device.`,
  'not-utf8': ({ file, line }) => `${file}, line ${line}: this is not UTF-8 text. Save the file as UTF-8.`,
  'unknown-mutant': ({ mutant, known }) => `There is no mutant ${mutant}. There are: ${known}.`,
  'unknown-run': ({ runId }) => `There is no run ${runId} in the data folder.`,
  'run-open': ({ runId }) => `Run ${runId} is running. Close it before you delete it.`,
  'run-in-use': ({ runId }) =>
    `Run ${runId} goes on and would be closed. Close it first, or say that it may be closed.`,
  'runs-changed': () => 'The list of runs has changed meanwhile, so nothing was deleted. Look again.',
  'run-locked': ({ runId, pid, since }) =>
    `Another Raft Lab uses this data folder, run ${runId} (process ${pid}, since ${since}). Close that one, or choose another folder with RAFT_LAB_DATA_DIR.`,
  'run-locked-stopped': ({ runId, pid, since }) =>
    `Another Raft Lab holds this data folder, run ${runId}, but is stopped, as by Ctrl-Z (process ${pid}, since ${since}). Let it go on (fg in its terminal, or kill -CONT ${pid}) and close it, or choose another folder with RAFT_LAB_DATA_DIR.`,
  'run-locked-elsewhere': ({ runId, host, pid, since, seen }) =>
    `A Raft Lab on another computer or in another container uses this data folder, run ${runId} (${host}, process ${pid} there, since ${since}, last seen ${seen}). Close that one. If it is gone, the folder is free 30 seconds after it was last seen.`,
  'run-locked-unreadable': ({ runId }) =>
    `The lock of this data folder, run ${runId}, is being taken by somebody else, or cannot be removed. Try again in a moment; if it stays, remove the file lock in the data folder and in the run's folder.`,
  'run-left-elsewhere': ({ runId, host, pid, seen }) =>
    `Run ${runId} was open on another computer or in another container (${host}, process ${pid} there, last seen ${seen}) and was not closed. If it still runs there, going on with it here spoils the recording. Make sure that it has ended there.`,
  'not-a-recording': ({ file }) =>
    `${file} is not a recording: one begins with the event RunStarted, as raft-lab export and the page's export write it.`,
  'recording-empty': ({ file }) => `${file} is empty: there is nothing to open.`,
  'recording-compressed': ({ file }) => `${file} is compressed. Unpack it first, and open the .jsonl file.`,
  'recording-later': ({ file, version }) =>
    `${file} is a recording of trace version ${version}, and this Raft Lab reads up to ${TRACE_VERSION}. Open it with a newer Raft Lab.`,
  'recording-too-large': ({ file, most }) =>
    `${file} is larger than ${most} MiB, which is the most that is opened. raft-lab check judges it, and a run folder of any size is opened by its name.`,
  'recording-changed': () =>
    'The recording was changed or removed on the disk while it was open, so this cannot be read. Open it again.',
  'file-damaged': ({ file }) =>
    `${file} cannot be opened: line 1, byte 0, which says how the run was made, is damaged or missing.`,
  'several-files': ({ count }) =>
    `${count} files were dropped, and one is opened at a time. Drop the one that is meant.`,
  'no-server-files': ({ file }) =>
    `${file} holds the events of a run. The files of its servers are not in it: they stay in the run's folder.`,
  'run-damaged': ({ runId, file, detail }) => `Run ${runId} cannot be opened: ${file}: ${detail}.`,
  'run-future': ({ runId, field, version, reads }) =>
    `Run ${runId} was recorded by a newer Raft Lab: its ${field} is ${version}, and this one reads up to ${reads}. Open it with a newer Raft Lab.`,
  'run-flawed': ({ runId, line, offset }) =>
    `Run ${runId} is damaged at line ${line}, byte ${offset}, so it cannot be continued. Open it: what is whole before that line can be looked at, judged and exported.`,
  'cannot-open': ({ path, problem }) => `${path} could not be opened: ${problem}`,
  'cannot-write': ({ path, errno }) => `${path} cannot be written (${errno}). Check free space and permissions.`,
  'disk-nearly-full': ({ path, free, least }) =>
    `Only ${free} MiB are free on the disk of ${path}, and a run needs ${least} MiB. Free some, choose another folder with RAFT_LAB_DATA_DIR, or lower the bound with RAFT_LAB_MIN_FREE_MIB.`,
  'spawn-failed': ({ server, errno }) =>
    `${server} could not be started (${errno}). Close other programs and try again; raft-lab doctor looks for the cause.`,
  'node-gone': ({ server, path }) =>
    `${server} could not be started: ${path}, which runs this lab, is gone. Start Raft Lab again.`,
  'folder-gone': ({ server, path }) =>
    `${server} could not be started: its folder ${path} is gone. Put it back, or start a new run.`,
  'too-many-files': ({ errno }) =>
    `No more files can be opened (${errno}). Close other programs, or raise the limit (ulimit -n) and start Raft Lab again.`,
  'no-runs': () => 'There is no run to continue yet. Start a new one.',
  busy: () => 'The lab is doing this or something that excludes it just now. Try again in a moment.',
  'connection-lost': () => 'The connection to the lab was lost. What was asked may or may not have been done.',
  'lab-failed': ({ detail }) => `The lab itself failed: ${detail}.`,
};

/** An expected outcome on its way to the dispatcher. */
export class LabProblem extends Error {
  readonly error: LabError;

  constructor(code: LabErrorCode, params: Params = {}) {
    const error: LabError = { code, params, message: SENTENCES[code](params) };
    super(error.message);
    this.error = error;
  }
}

/** The value of an answer. @throws LabProblem its error */
export function unwrapped<Value>(result: LabResult<Value>): Value {
  if (result.ok) return result.value;
  const { code, params } = result.error;
  throw new LabProblem(code, params);
}

/** Errors of a recording of which nothing can be read: there is no verdict on it. */
const NO_VERDICT: ReadonlySet<LabErrorCode> = new Set<LabErrorCode>([
  ...(['run-damaged', 'run-flawed', 'run-future', 'file-damaged', 'recording-empty', 'recording-later'] as const),
]);

/** Whether a program that was to look at a recording ends with the exit code for "no verdict". */
export function givesNoVerdict({ code }: LabError): boolean {
  return NO_VERDICT.has(code);
}
