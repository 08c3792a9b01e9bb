/** Pages of the repository: links lead somewhere, ARCHITECTURE.md has the import table, and decisions have their form. */
import { describe, expect, test } from 'vitest';
import { filesIn, pathsIn } from './files.ts';
import { ROOMS } from './house.ts';
import { brokenLinks, strangePages } from './pages.ts';

const paths: ReadonlySet<string> = new Set(pathsIn(['.'], /./));
const pages = filesIn(['*.md'], /\.md$/);
const code = filesIn(['src', 'scripts', 'resources'], /\.(?:tsx?|mjs|css|yaml|yml|json)$/);
/** openraft's page on the order of writes, cited for a mutant. */
const FOREIGN: ReadonlySet<string> = new Set(['io_ordering.md']);

const textOf = (path: string): string => pages.find((page) => page.path === path)?.text ?? '';

test('links: every page → lead to files of the repository', () => {
  expect(pages.length).toBeGreaterThan(10);
  expect(pages.flatMap((page) => brokenLinks(page, paths))).toEqual([]);
});

test('names of pages: code and pages → are pages of the repository', () => {
  expect([...code, ...pages].flatMap((file) => strangePages(file, paths, FOREIGN))).toEqual([]);
});

test('ARCHITECTURE.md: its table of rooms → has the rooms and imports of the import table', () => {
  const rows = [...textOf('ARCHITECTURE.md').matchAll(/^\| `([\w/-]+)` \| .+ \| (.+) \|$/gm)];
  const written = rows.map(([, room = '', cell = '']) => [room, cell.split(', ').sort()]);
  const wanted = Object.entries(ROOMS).map(([name, room]) => [name, importsInWords(room)]);
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(wanted));
});

/** Rooms without `core/`, with all or all but one of the core's rooms as "the core"; sorted. */
function importsInWords({ values, faces = [], types = [] }: (typeof ROOMS)[string]): readonly string[] {
  const rooms = [...values, ...faces];
  const core = Object.keys(ROOMS).filter((name) => name.startsWith('core/'));
  const hasCore = rooms.filter((room) => core.includes(room)).length >= core.length - 1;
  const named = hasCore ? ['the core', ...rooms.filter((room) => !core.includes(room))] : rooms;
  const short = named.map((room) => room.replace('core/', ''));
  if (short.length > 0) return short.sort();
  return types.length === 0 ? ['nothing'] : `types of ${types.join(', ').replaceAll('core/', '')}`.split(', ').sort();
}

test('ARCHITECTURE.md: its length → at most 120 lines', () => {
  expect(textOf('ARCHITECTURE.md').split('\n').length - 1).toBeLessThanOrEqual(120);
});

describe('decisions', () => {
  const decisions = pages.filter(({ path }) => /^docs\/decisions\/\d/.test(path));

  test('each page → number, date, context, decision, consequences', () => {
    expect(decisions.length).toBeGreaterThan(20);
    const form =
      /^# .+\n\nDate: \d{4}-\d\d-\d\d\n\n## Context\n\n[^#]+\n## Decision\n\n[^#]+\n## Consequences\n\n[^#]+$/;
    expect(decisions.filter(({ text }) => !form.test(text)).map(({ path }) => path)).toEqual([]);
    const numbers = decisions.map(({ path }) => Number(/\/(\d{3})-[a-z0-9-]+\.md$/.exec(path)?.[1]));
    expect(numbers).toEqual(decisions.map((_, at) => at + 1));
  });

  test('the list → has each page with its date and title', () => {
    const rows = decisions.map(({ path, text }) => {
      const [, title, date] = /^# (.+)\n\nDate: (.+)\n/.exec(text) ?? [];
      const name = path.slice('docs/decisions/'.length);
      return `| [${name.slice(0, 3)}](${name}) | ${date} | ${title} |`;
    });
    const listed = textOf('docs/decisions/README.md').split('\n');
    expect(listed.filter((line) => line.startsWith('| ['))).toEqual(rows);
  });
});

describe('the test of the test', () => {
  const known = new Set(['docs/a.md', 'docs/pictures/one.png', 'README.md']);

  test('links: a missing file, also from a folder → found with its line', () => {
    const page = { path: 'docs/a.md', text: 'See\n[b](b.md#part) and [c](../c.png), [one](pictures/one.png).\n' };
    expect(brokenLinks(page, known)).toEqual([
      'docs/a.md:2 leads to docs/b.md, which does not exist',
      'docs/a.md:2 leads to c.png, which does not exist',
    ]);
  });

  test('links: a file, a folder, a part of the page, another site → allowed', () => {
    const text = '[a](docs/a.md#part) [b](docs/pictures) [c](#part) [d](https://example.org/x.md)';
    expect(brokenLinks({ path: 'README.md', text }, known)).toEqual([]);
  });

  test('names of pages: one that the repository does not have → found; others → allowed', () => {
    const text = '/** As docs/a.md and README.md say. */\n// See plan.md, and their io.md.\n';
    expect(strangePages({ path: 'src/a.ts', text }, known, new Set(['io.md']))).toEqual([
      'src/a.ts:2 names plan.md, which the repository does not have',
    ]);
  });
});
