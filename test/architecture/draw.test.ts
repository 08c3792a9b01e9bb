/** The draw of comments and titles: the same for the same seed and texts, and of what a person reads only. */
import { expect, test } from 'vitest';
import { drawProse } from './draw.ts';

const files = Array.from({ length: 40 }, (_, at) => ({
  path: `test/a${at}.test.ts`,
  text: `/** The comment of file number ${at}. */\ntest('file: number ${at} → is read', f);\n// biome-ignore lint: not for a reader\n`,
}));

test('draw: same seed → same texts; another seed → others', () => {
  const first = drawProse(files, '7', 5);
  expect(first.comments).toHaveLength(5);
  expect(first.titles).toHaveLength(5);
  expect(drawProse([...files].reverse(), '7', 5)).toEqual(first);
  expect(drawProse(files, '8', 5)).not.toEqual(first);
});

test('draw: each text → with path and line, without marks for tools', () => {
  const all = drawProse(files, '7', 1000);
  expect(all.comments).toHaveLength(40);
  expect(all.comments).toContain('test/a3.test.ts:1 The comment of file number 3.');
  expect(all.titles).toContain('test/a3.test.ts:2 file: number 3 → is read');
});

test('draw: line comments below each other → one text; title → behind its headings', () => {
  const text =
    "// The first line of a comment\n// and its second line.\ndescribe('file', () => describe('name', () => test('a b c d → e', f)));";
  const { comments, titles } = drawProse([{ path: 'test/b.test.ts', text }], '7', 10);
  expect(comments).toEqual(['test/b.test.ts:1 The first line of a comment and its second line.']);
  expect(titles).toEqual(['test/b.test.ts:3 file > name > a b c d → e']);
});

test('draw: one text changed → the others keep their ranks', () => {
  const before = drawProse(files, '7', 10).titles;
  const changed = files.map((file) => ({
    ...file,
    text: file.text.replace('number 39 → is read', 'number 39 → is kept'),
  }));
  const after = drawProse(changed, '7', 11).titles;
  const kept = before.filter((title) => !title.includes('number 39'));
  expect(after.filter((title) => kept.includes(title))).toEqual(kept);
});
