/**
 * The settings on disk: `settings.json` beside the recordings. The file is read before a page is loaded, and always
 * replaced as a whole. A file that cannot be understood is kept under another name, so that text written by a person is
 * not lost.
 */
import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_SETTINGS, parseSettings, type Settings } from '../core/lab-api/index.ts';
import { makeFolderSync } from '../program/make-folder.ts';

const FILE = 'settings.json';
/** File in which older versions kept the theme of the window's frame. */
const OLD_FILE = 'window.json';

/** The settings, and the problem with their file; null when the file is valid or missing. */
export interface FoundSettings {
  readonly settings: Settings;
  readonly problem: string | null;
}

/** Reads the settings of this folder. Never throws: a missing or invalid value is replaced by its default. */
export function readSettings(folder: string): FoundSettings {
  const file = join(folder, FILE);
  const { text, problem } = textOf(file);
  if (problem !== null) return { settings: DEFAULT_SETTINGS, problem: `${file} cannot be read (${problem}).` };
  if (text === null) {
    return { settings: parseSettings(jsonOf(textOf(join(folder, OLD_FILE)).text ?? '')).settings, problem: null };
  }
  const { settings, bad } = parseSettings(jsonOf(text));
  if (bad.length === 0) return { settings, problem: null };
  const what = bad[0] === 'file' ? 'is not a file of settings' : `has no usable value for ${bad.join(', ')}`;
  return { settings, problem: `${file} ${what}; the defaults hold instead.` };
}

/**
 * Replaces the file. Values with names that this version does not know are kept, because a later version wrote them.
 *
 * @throws the system's error when the file cannot be written
 */
export function saveSettings(folder: string, settings: Settings): void {
  const file = join(folder, FILE);
  const part = `${file}.part`;
  makeFolderSync(folder);
  const whole = { ...objectIn(jsonOf(textOf(file).text ?? '')), ...settings };
  try {
    writeFileSync(part, `${JSON.stringify(whole, null, 2)}\n`, { mode: 0o600, flush: true });
    renameSync(part, file);
  } catch (problem) {
    rmSync(part, { force: true });
    throw problem;
  }
  // The new file also holds the values of the old file.
  rmSync(join(folder, OLD_FILE), { force: true });
}

/** Reads a file. Both fields are null when it does not exist; `problem` is the system's code when it cannot be read. */
function textOf(file: string): { readonly text: string | null; readonly problem: string | null } {
  try {
    return { text: readFileSync(file, 'utf8'), problem: null };
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException;
    return { text: null, problem: code === 'ENOENT' || code === 'ENOTDIR' ? null : (code ?? String(problem)) };
  }
}

/** Parses JSON; returns null for a text that is no JSON. */
function jsonOf(text: string): unknown {
  try {
    // The editor of Windows may put a byte order mark in front, which JSON does not allow.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}

function objectIn(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/**
 * Keeps a file with invalid values under another name, and replaces it by one that holds the valid values, so that
 * these are still set at the next start.
 *
 * @returns a sentence with the other name
 */
export function setSettingsAside(folder: string, usable: Settings): string {
  const file = join(folder, FILE);
  const kept = `${file}.bad-${new Date().toISOString().replaceAll(':', '-')}`;
  try {
    copyFileSync(file, kept);
    saveSettings(folder, usable);
    return `It was kept as ${kept}.`;
  } catch (problem) {
    return `It could not be set aside: ${String(problem)}`;
  }
}
