/**
 * The theme of the window's frame, menus and dialogs: the page's own choice, which is kept in a file, because the
 * page's storage cannot be read before there is a page. Flow: read at the start, set by the page, written again.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WINDOW_THEMES, type WindowTheme } from '../core/lab-api/index.ts';

const FILE = 'window.json';

/** True for one of the themes of the list. */
export function isTheme(value: unknown): value is WindowTheme {
  return WINDOW_THEMES.some((theme) => theme === value);
}

/** The theme chosen last; `system` when there is none, or the file cannot be understood. */
export function readTheme(folder: string): WindowTheme {
  try {
    const { theme } = JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as { readonly theme?: unknown };
    return isTheme(theme) ? theme : 'system';
  } catch {
    // Not there yet, or damaged: only a preference is lost.
    return 'system';
  }
}

/** Keeps the theme for the next start; a disk that refuses is reported on stderr and no more. */
export function saveTheme(folder: string, theme: WindowTheme): void {
  const path = join(folder, FILE);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${path}.part`, JSON.stringify({ theme }), { mode: 0o600 });
    renameSync(`${path}.part`, path);
  } catch (problem) {
    console.error(`The theme is not remembered: ${String(problem)}`);
  }
}
