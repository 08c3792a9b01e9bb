/**
 * The settings on disk: `settings.json` beside the recordings, read before there is a page and replaced whole. A file that
 * cannot be understood is kept under another name, so that nothing a person wrote by hand is lost.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSettings, type Settings } from '../core/lab-api/index.ts';

const FILE = 'settings.json';
/** Where older versions kept the theme of the window's frame. */
const OLD_FILE = 'window.json';

/** Settings, and what was wrong with their file; null: nothing, or there is none. */
export interface FoundSettings {
  readonly settings: Settings;
  readonly problem: string | null;
}

/** Reads the settings of this folder. Never throws: without a usable value the default holds. */
export function readSettings(folder: string): FoundSettings {
  const file = join(folder, FILE);
  const text = readOrNull(file);
  if (text === null)
    return { settings: parseSettings(jsonOf(readOrNull(join(folder, OLD_FILE)) ?? '')).settings, problem: null };
  const { settings, bad } = parseSettings(jsonOf(text));
  if (bad.length === 0) return { settings, problem: null };
  const what = bad[0] === 'file' ? 'is not a file of settings' : `has no usable value for ${bad.join(', ')}`;
  return { settings, problem: `${file} ${what}; the defaults hold instead.` };
}

/**
 * Replaces the file.
 *
 * @throws the system's error when the disk refuses
 */
export function saveSettings(folder: string, settings: Settings): void {
  const file = join(folder, FILE);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.part`, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.part`, file);
  // What it held is in the new file.
  rmSync(join(folder, OLD_FILE), { force: true });
}

/** Null when there is none, or it cannot be read. */
function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Null for a text that is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Keeps a file that cannot be understood under another name. @returns a sentence that says where */
export function setSettingsAside(folder: string): string {
  const file = join(folder, FILE);
  const kept = `${file}.bad-${new Date().toISOString().replaceAll(':', '-')}`;
  try {
    renameSync(file, kept);
    return `It was kept as ${kept}.`;
  } catch (problem) {
    return `It could not be set aside: ${String(problem)}`;
  }
}
