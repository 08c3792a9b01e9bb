/** Files of the repository with their texts, for the architecture tests: the tracked ones and those that git would add. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from './house.ts';

/** The repository's top. */
const top = join(import.meta.dirname, '../..');

/**
 * Lists files in the order of their paths.
 *
 * @param places  files and folders, from the repository's top
 * @param names  the paths to list among them
 */
export function pathsIn(places: readonly string[], names: RegExp): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...places], { cwd: top });
  const paths = listed.toString().split('\n');
  return paths.filter((path) => names.test(path) && existsSync(join(top, path))).sort();
}

/** Reads the files that `pathsIn` lists. */
export function filesIn(places: readonly string[], names: RegExp): readonly SourceFile[] {
  return pathsIn(places, names).map((path) => ({ path, text: readFileSync(join(top, path), 'utf8') }));
}
