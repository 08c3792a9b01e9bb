/**
 * The folder of the recordings that a person chose in the settings: every door follows it, unless a folder was named for
 * this start. The settings themselves stay in the usual folder.
 */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { readSettings } from './settings-file.ts';

/** The folder to use, and a sentence when it is not the chosen one, because its disk is not plugged in, say. */
export interface RecordingsFolder {
  readonly folder: string;
  readonly problem: string | null;
}

/** @param chosen  made when missing; null: none was chosen */
export function recordingsFolder(usual: string, chosen: string | null): RecordingsFolder {
  if (chosen === null) return { folder: usual, problem: null };
  try {
    if (!isAbsolute(chosen)) throw new Error('it is not an absolute path');
    mkdirSync(chosen, { recursive: true, mode: 0o700 });
    accessSync(chosen, constants.W_OK);
    return { folder: chosen, problem: null };
  } catch (problem) {
    return { folder: usual, problem: `${chosen} cannot be used (${String(problem)}); recordings are in ${usual}.` };
  }
}

/** The same, as the settings in the usual folder say. A file of settings that is damaged is left to the window. */
export function chosenRecordingsFolder(usual: string): RecordingsFolder {
  return recordingsFolder(usual, readSettings(usual).settings.dataFolder);
}
