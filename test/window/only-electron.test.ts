/** docs/window-tests.md and the tests have the same list of facts that only the real Electron proves. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { top } from '../scripts/scripts.ts';
import { ONLY_ELECTRON, SEEN_BY_NOBODY } from './only-electron.ts';

test('docs: facts that only the real Electron proves, and untested facts → as in the tests', () => {
  const page = readFileSync(join(top, 'docs', 'window-tests.md'), 'utf8');
  const section = page.slice(page.indexOf('## What only'), page.indexOf('## Faults'));
  const listed = [...section.matchAll(/^- (.+)$/gm)].map((match) => match[1]);
  expect(listed).toEqual([...ONLY_ELECTRON.map(({ title }) => title), ...SEEN_BY_NOBODY]);
});

test('docs: tests named in the table of faults → exist', () => {
  const page = readFileSync(join(top, 'docs', 'window-tests.md'), 'utf8');
  const text = readFileSync(join(top, 'test', 'e2e', 'window.test.ts'), 'utf8');
  const table = page.slice(page.indexOf('## Faults'));
  const named = [...table.matchAll(/`window\.test\.ts`: \*(.+?)\*/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((title) => !text.includes(`test('${title}`))).toEqual([]);
});
