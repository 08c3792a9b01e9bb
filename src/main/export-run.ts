/** Saves the run from the window. The system's dialog asks for the place; the file appears there whole or not at all. */

import type { Readable } from 'node:stream';
import type { LabResult } from '../core/lab-api/index.ts';
import { labError } from '../core/lab-api/lab-problem.ts';
import { EXPORT_FORMATS, type ExportFormat, formatOfFile, type Lab, writeWholeFile } from '../lab/index.ts';

/** Asks for a place; resolves with the chosen path, or null when the person cancelled. */
export type ChoosePath = (suggestedName: string) => Promise<string | null>;

/**
 * Saves the open run in the format that belongs to the extension of the chosen name; JSONL for an unknown one. Never rejects: a
 * failed write is `cannot-write` with the system's reason, a dialog that cannot be shown is `lab-failed`.
 */
export async function exportRun(
  lab: Pick<Lab, 'exportRun'>,
  choosePath: ChoosePath,
): Promise<LabResult<{ readonly savedAs: string | null }>> {
  const result = await lab.exportRun();
  if (!result.ok) return result;
  const { fileName, stream } = result.value;
  // The stream has no reader while the dialog is open. Its error must not end the app; writing reports it later.
  stream.on('error', () => undefined);
  let path: string | null;
  try {
    path = await choosePath(fileName);
  } catch (problem) {
    stream.destroy();
    const detail = `no place to save could be chosen: ${problem instanceof Error ? problem.message : String(problem)}`;
    return { ok: false, error: labError('lab-failed', { detail }) };
  }
  if (path === null) {
    stream.destroy();
    return { ok: true, value: { savedAs: null } };
  }
  const bytes = await inFormat(lab, stream, formatOfFile(path));
  if (!bytes.ok) return bytes;
  try {
    // The dialog has asked before it replaces an existing file.
    await writeWholeFile(bytes.value, path, { overwrite: true });
    return { ok: true, value: { savedAs: path } };
  } catch (problem) {
    bytes.value.destroy();
    const { code = 'UNKNOWN' } = problem as NodeJS.ErrnoException;
    return { ok: false, error: labError('cannot-write', { path, errno: code }) };
  }
}

/** The run in the chosen format. Keeps the stream that began before the choice when it has this format. */
async function inFormat(
  lab: Pick<Lab, 'exportRun'>,
  first: Readable,
  format: ExportFormat,
): Promise<LabResult<Readable>> {
  if (format === EXPORT_FORMATS[0]) return { ok: true, value: first };
  first.destroy();
  const other = await lab.exportRun(format);
  return other.ok ? { ok: true, value: other.value.stream } : other;
}
