/**
 * Opens a recording by its place: an exported file, any run folder, or a run of the data folder. Flow: door → lab →
 * here → copy of the file (stage-file.ts) or run folder → workspace.
 */
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';
import type { Readable } from 'node:stream';
import type { LabMode } from '../core/lab-api/index.ts';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import { openForeignFile } from '../program/foreign-file.ts';
import { inMib } from '../recording/index.ts';
import { assertReadable } from '../recording/judge-folder.ts';
import { MAX_OPENED_BYTES, type OpenedSource, stageFile } from '../recording/opened/stage-file.ts';
import { mayEndWhen } from './doors/live-use.ts';
import type { Workspace } from './workspace.ts';

const PIECE_BYTES = 1024 ** 2;

/** Opens the recording in a place. @throws LabProblem with the problem of the place or of its content */
export async function openPlace(workspace: Workspace, place: string, endLive: boolean): Promise<LabMode> {
  const mayEnd = mayEndWhen(endLive);
  if (!isAbsolute(place)) return await workspace.open(place, { mayEnd });
  const found = await statOf(place);
  if (found.isDirectory()) {
    await assertReadable(place);
    return await workspace.openFolder(place, null, { mayEnd });
  }
  const file = basename(place);
  if (found.isFile() && found.size > MAX_OPENED_BYTES) {
    throw new LabProblem('recording-too-large', { file, most: inMib(MAX_OPENED_BYTES) });
  }
  const handle = await openForeignFile(place).catch((cause) => unreadable(place, cause));
  const bytes = handle.createReadStream({ highWaterMark: PIECE_BYTES });
  try {
    return await openBytes(workspace, { name: file, bytes: readFrom(bytes, place) }, endLive);
  } finally {
    bytes.destroy();
  }
}

/** Reads a file. A system's error names the file. */
async function* readFrom(bytes: Readable, place: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* bytes;
  } catch (cause) {
    unreadable(place, cause);
  }
}

/** Opens a recording from bytes. The copy is removed when it cannot be opened. */
export async function openBytes(workspace: Workspace, source: OpenedSource, endLive: boolean): Promise<LabMode> {
  const mayEnd = mayEndWhen(endLive);
  // The check comes before the copy, so that a refused file is not copied in vain.
  mayEnd(workspace.current());
  const staged = await stageFile(workspace.dataFolder, source);
  try {
    return await workspace.openFolder(staged.folder, staged, { mayEnd });
  } catch (problem) {
    await staged.discard();
    throw problem;
  }
}

async function statOf(place: string): Promise<Stats> {
  return await stat(place).catch((cause) => unreadable(place, cause));
}

/** Throws a system's error so that it names the person's file instead of the data folder. */
function unreadable(path: string, cause: unknown): never {
  if (cause instanceof LabProblem) throw cause;
  throw new LabProblem('cannot-read', { path, errno: (cause as NodeJS.ErrnoException).code ?? String(cause) });
}
