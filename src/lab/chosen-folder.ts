/**
 * The folder of the recordings that a person chose in the settings: every door follows it, unless a folder was named for
 * this start. The settings themselves stay in the usual folder.
 */
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { makeFolderSync } from '../program/make-folder.ts';
import { existingParent } from './folder-probes.ts';
import { readSettings } from './settings-file.ts';

/** Beginning of the name of what is made to try a folder. */
const PROBE = '.raft-lab-';

/** A chosen folder that cannot be used, because its disk is not plugged in, say, and the system's code for the reason. */
export interface UnusableFolder {
  readonly path: string;
  readonly errno: string;
}

/** The folder to use; `unusable` is the chosen one when it is another. */
export interface RecordingsFolder {
  readonly folder: string;
  readonly unusable: UnusableFolder | null;
}

/**
 * @param chosen  null: none was chosen
 * @param use     `write` makes a folder that is missing and tries it by making something inside it; `read` changes nothing
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

/** Not by the rights it has: on Windows, and on a disk that is mounted for reading, they say nothing. */
function tryWriting(folder: string): void {
  rmdirSync(mkdtempSync(join(existingParent(folder), PROBE)));
  makeFolderSync(folder);
  rmdirSync(mkdtempSync(join(folder, PROBE)));
}

/** The same, as the settings in the usual folder say. A file of settings that is damaged is left to the window. */
export function chosenRecordingsFolder(usual: string, use: 'write' | 'read'): RecordingsFolder {
  return recordingsFolder(usual, readSettings(usual).settings.dataFolder, use);
}

/** @returns where the recordings are instead, in the language of the words */
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
