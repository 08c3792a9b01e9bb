/** Files of the repository with their texts, for the architecture tests: the tracked ones and those that git would add. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from './house.ts';

/** The repository's top. */
const top = join(import.meta.dirname, '../..');

/**
 * Reads files in the order of their paths.
 *
 * @param places  files and folders, from the repository's top
 * @param names  the paths to read among them
 */
export function filesIn(places: readonly string[], names: RegExp): readonly SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...places], { cwd: top });
  return listed
    .toString()
    .split('\n')
    .filter((path) => names.test(path) && existsSync(join(top, path)))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(top, path), 'utf8') }));
}
