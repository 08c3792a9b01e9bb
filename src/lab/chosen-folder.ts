/**
 * The folder of the recordings that a person chose in the settings. Every door uses it, unless a folder was named at
 * its start. The settings themselves stay in the usual folder.
 */
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { makeFolderSync } from '../program/make-folder.ts';
import { existingParent } from './folder-probes.ts';
import { readSettings } from './settings-file.ts';

/** Prefix of the name of a temporary folder, which is made to test whether a folder is writable. */
const PROBE = '.raft-lab-';

/**
 * A chosen folder that cannot be used, for example because its disk is not plugged in, and the system's code for the
 * reason.
 */
export interface UnusableFolder {
  readonly path: string;
  readonly errno: string;
}

/** The folder to use. `unusable` is the chosen folder when another one is used instead. */
export interface RecordingsFolder {
  readonly folder: string;
  readonly unusable: UnusableFolder | null;
}

/**
 * Chooses the folder of the recordings.
 *
 * @param chosen  the chosen folder; null without one
 * @param use     `write` makes a missing folder and tests it by writing into it; `read` changes nothing
 */
export function recordingsFolder(usual: string, chosen: string | null, use: 'write' | 'read'): RecordingsFolder {
  if (chosen === null) return { folder: usual, unusable: null };
  try {
    if (!isAbsolute(chosen)) return { folder: usual, unusable: { path: chosen, errno: 'EINVAL' } };
    if (use === 'write') tryWriting(chosen);
    else readdirSync(chosen);
    return { folder: chosen, unusable: null };
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException;
    return { folder: usual, unusable: { path: chosen, errno: code ?? String(problem) } };
  }
}

/**
 * Tests a folder by writing into it, because its access rights prove nothing on Windows or on a disk that is mounted
 * read-only.
 */
function tryWriting(folder: string): void {
  rmdirSync(mkdtempSync(join(existingParent(folder), PROBE)));
  makeFolderSync(folder);
  rmdirSync(mkdtempSync(join(folder, PROBE)));
}

/**
 * Chooses the folder by the settings in the usual folder. Damaged settings are left unchanged for the window to report.
 */
export function chosenRecordingsFolder(usual: string, use: 'write' | 'read'): RecordingsFolder {
  return recordingsFolder(usual, readSettings(usual).settings.dataFolder, use);
}

/** @returns the sentence that names the folder in use instead */
export function unusableFolderSentence(
  { path, errno }: UnusableFolder,
  usual: string,
  words: { readonly unusable: string },
): string {
  return words.unusable
    .replace('{{path}}', () => path)
    .replace('{{errno}}', errno)
    .replace('{{usual}}', () => usual);
}
