/**
 * Draws comments and test titles for a reader who judges whether each is plain at the first reading. The draw follows from
 * the seed and the texts alone: each text gets a rank by a hash, and the lowest ranks are drawn. So a change of one file
 * changes only the draws of its own texts. Flow: scripts/draw-prose.mjs → here → plain.ts.
 */
import { createHash } from 'node:crypto';
import { filesIn } from './files.ts';
import { lineAt, type SourceFile } from './house.ts';
import { blocksOf, commentsOf, type Prose, titlesOf } from './plain.ts';

/** Comments and titles, each as `path:line text`, in the order of their ranks. */
export interface Drawn {
  readonly comments: readonly string[];
  readonly titles: readonly string[];
}

/** Fewest words of a comment that is drawn; shorter ones are mostly types and marks for tools. */
const FEWEST_WORDS = 4;
const TESTS: ReadonlySet<string> = new Set(['test', 'it']);
const MARK_FOR_TOOL = /^(?:biome-ignore|@vitest|@type|@ts-|<reference)/;

/**
 * @param seed  any text
 * @param count  number of comments, and of titles
 */
export function drawProse(files: readonly SourceFile[], seed: string, count: number): Drawn {
  return {
    comments: drawOf(files, commentsOf, { seed, count }),
    titles: drawOf(
      files.filter(({ path }) => /\.test\.tsx?$/.test(path)),
      titlesWithHeadings,
      { seed, count },
    ),
  };
}

/**
 * Draws from the whole repository.
 *
 * @public  scripts/draw-prose.mjs loads this file by its path
 */
export function drawFromRepository(seed: string, count: number): Drawn {
  return drawProse(filesIn(['src', 'test', 'scripts'], /\.(?:tsx?|mjs|css)$/), seed, count);
}

/** Titles of tests behind the headings of the `describe` blocks around them, as the test runner prints them. */
function titlesWithHeadings(file: SourceFile): readonly Prose[] {
  const headings = blocksOf(file);
  return titlesOf(file, TESTS).map(({ text, at }) => {
    const around = headings.filter(({ start, end }) => start < at && at < end).map(({ heading }) => heading);
    return { text: [...around, text].join(' > '), at };
  });
}

function drawOf(
  files: readonly SourceFile[],
  proseOf: (file: SourceFile) => readonly Prose[],
  { seed, count }: { readonly seed: string; readonly count: number },
): readonly string[] {
  const all = files.flatMap((file) =>
    proseOf(file)
      .filter(({ text }) => text.split(/\s+/).length >= FEWEST_WORDS && !MARK_FOR_TOOL.test(text))
      .map(({ text, at }) => ({ line: `${file.path}:${lineAt(file.text, at)} ${text}`, rank: rankOf(seed, text) })),
  );
  const inOrder = all.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
  return inOrder.slice(0, count).map(({ line }) => line);
}

function rankOf(seed: string, text: string): string {
  return createHash('sha256').update(`${seed}\0${text}`).digest('hex');
}
