/**
 * The lab: one cluster at a time, started, commanded, watched, recorded and stopped on request. Every door uses this
 * one object, and so can a test. Flow of requests: door → ask → dispatcher → workspace → processes. Flow of events:
 * recorder → push hub → door.
 */
import { join, resolve } from 'node:path';
import { sweepSurvivors } from '../cluster/processes/survivors.ts';
import type { LabResult } from '../core/lab-api/index.ts';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import type { ExportFormat } from '../core/trace/index.ts';
import { makeFolder } from '../program/make-folder.ts';
import { exportRunFolder } from '../recording/index.ts';
import { sweepStaged } from '../recording/opened/stage-file.ts';
import { dispatch } from './doors/dispatch.ts';
import { createPushHub } from './doors/push-hub.ts';
import { openBytes, openPlace } from './open-place.ts';
import { labErrorOf } from './thrown-error.ts';
import type { Lab, LabOptions } from './types.ts';
import { Workspace } from './workspace.ts';

type Exported = Awaited<ReturnType<Lab['exportRun']>>;

/**
 * Opens a lab on a data folder. Creates a missing folder, and kills processes that a dead lab left running there.
 *
 * @throws the file system's error when the folder cannot be made
 */
export async function createLab(given: LabOptions): Promise<Lab> {
  // The programs of a run work in folders of their own, where a relative path would mean another folder.
  const options = { ...given, dataFolder: resolve(given.dataFolder) };
  await makeFolder(options.dataFolder);
  await sweepStaged(options.dataFolder);
  await sweepSurvivors(join(options.dataFolder, 'runs'), (message) => process.emitWarning(message, 'RaftLab'));
  const hub = createPushHub();
  const workspace = new Workspace(options, hub);
  let closing: Promise<void> | null = null;

  async function close(): Promise<void> {
    workspace.hurry();
    try {
      await workspace.closeRun();
    } finally {
      hub.close();
    }
  }

  async function answered<Value>(work: () => Promise<Value>): Promise<LabResult<Value>> {
    if (closing !== null) return failed(new LabProblem('busy'), workspace);
    try {
      return { ok: true, value: await work() };
    } catch (cause) {
      return failed(cause, workspace);
    }
  }

  return {
    ask: async (name, ask) => {
      if (closing !== null) return failed(new LabProblem('busy'), workspace);
      return await dispatch(workspace, name, ask);
    },
    listen: hub.listen,
    play: (request) => answered(async () => await (await workspace.scenarios.begin(request)).outcome),
    openPlace: (place, endLive = false) => answered(() => openPlace(workspace, place, endLive)),
    openBytes: (source, endLive = false) => answered(() => openBytes(workspace, source, endLive)),
    exportRun: async (format = 'jsonl') => await exported(workspace, format),
    close: () => {
      closing ??= close();
      return closing;
    },
    notePower: (change) => workspace.notePower(change),
    killNow: () => workspace.killNow(),
  };
}

/** Returns the events recorded up to the request. The export itself is noted after them. */
async function exported(workspace: Workspace, format: ExportFormat): Promise<Exported> {
  try {
    const current = workspace.current();
    if (current.mode === 'idle') throw new LabProblem('no-run');
    if (current.mode === 'live') await current.reader.written();
    const name = current.mode === 'past' ? (current.staged?.name ?? null) : null;
    const { fileName, stream } = await exportRunFolder(current.folder, name ?? current.reader.runId, format);
    if (current.mode === 'live') {
      current.reader.note({ event: 'RunExported', format, events: current.reader.view().counts.events });
    }
    return { ok: true, value: { fileName, stream } };
  } catch (cause) {
    return failed(cause, workspace);
  }
}

function failed(cause: unknown, { dataFolder }: Workspace): LabResult<never> {
  return { ok: false, error: labErrorOf(cause, dataFolder) };
}
