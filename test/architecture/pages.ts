/**
 * The rules for pages as a function: links lead to files, and comments name no page outside of the repository. Given texts
 * and the paths of the repository, it returns what is wrong.
 */
import { posix } from 'node:path';
import { lineAt, type SourceFile } from './house.ts';

/** `[text](target)` and `![text](target)`, without the part after `#`. */
const LINK = /\]\(([^)#\s]*)[^)]*\)/g;
/** A page's name in a comment or page, such as `docs/terminal.md`. */
const PAGE_NAME = /[\w./-]*\w\.md\b/g;

/**
 * Links of a page that lead to no file.
 *
 * @param paths  every file of the repository
 */
export function brokenLinks(page: SourceFile, paths: ReadonlySet<string>): readonly string[] {
  const folders = foldersOf(paths);
  return [...page.text.matchAll(LINK)].flatMap((match) => {
    const target = match[1] ?? '';
    if (target === '' || /^[a-z]+:/.test(target)) return [];
    const path = posix.join(posix.dirname(page.path), target).replace(/\/$/, '');
    if (paths.has(path) || folders.has(path)) return [];
    return [`${page.path}:${lineAt(page.text, match.index)} leads to ${path}, which does not exist`];
  });
}

/**
 * Pages that a file names and the repository does not have. The folder may be left out.
 *
 * @param foreign  names of pages of other projects that may be cited
 */
export function strangePages(
  file: SourceFile,
  paths: ReadonlySet<string>,
  foreign: ReadonlySet<string>,
): readonly string[] {
  const names = new Set([...paths].map((path) => posix.basename(path)));
  return [...file.text.matchAll(PAGE_NAME)].flatMap((match) => {
    const name = posix.basename(match[0]);
    if (names.has(name) || foreign.has(name)) return [];
    return [`${file.path}:${lineAt(file.text, match.index)} names ${match[0]}, which the repository does not have`];
  });
}

function foldersOf(paths: ReadonlySet<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) folders.add(folder);
  }
  return folders;
}
