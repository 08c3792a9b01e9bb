/** The page for people and the list that the tests skip by name are one list. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { top } from '../scripts/scripts.ts';
import { ONLY_ELECTRON, SEEN_BY_NOBODY } from './only-electron.ts';

test('docs: what only the real Electron proves, and what nobody sees → the lists of the tests', () => {
  const page = readFileSync(join(top, 'docs', 'window-tests.md'), 'utf8');
  const section = page.slice(page.indexOf('## What only'), page.indexOf('## Faults'));
  const listed = [...section.matchAll(/^- (.+)$/gm)].map((match) => match[1]);
  expect(listed).toEqual([...ONLY_ELECTRON.map(({ title }) => title), ...SEEN_BY_NOBODY]);
});

test('docs: tests named in the table of faults → there', () => {
  const page = readFileSync(join(top, 'docs', 'window-tests.md'), 'utf8');
  const text = readFileSync(join(top, 'test', 'e2e', 'window.test.ts'), 'utf8');
  const table = page.slice(page.indexOf('## Faults'));
  const named = [...table.matchAll(/`window\.test\.ts`: \*(.+?)\*/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((title) => !text.includes(`test('${title}`))).toEqual([]);
});
