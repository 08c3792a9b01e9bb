/** The style sheets: each is beside a component that imports it, and each rule is for a class that exists. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../src/renderer');
const MAX_LINES = 400;

interface File {
  /** Path relative to src/renderer. */
  readonly path: string;
  readonly text: string;
}

const files: readonly File[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:css|tsx?)$/.test(name))
  .map((name) => ({ path: name.replaceAll('\\', '/'), text: readFileSync(join(folder, name), 'utf8') }));
const sheets = files.filter(({ path }) => path.endsWith('.css'));
const code = files.filter(({ path }) => !path.endsWith('.css'));

/** Classes that the selectors of a sheet name, without those of Mantine. */
function classesOf(text: string): readonly string[] {
  const selectors = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\{[^{}]*\}/g, '{}');
  const names = [...selectors.matchAll(/\.([a-zA-Z][\w-]*)/g)].map((match) => match[1] ?? '');
  return [...new Set(names)].filter((name) => !name.startsWith('mantine-'));
}

/** Texts in the `className` attributes of all components; a template's text ends with `${` where a value follows. */
const classTexts: readonly string[] = code.flatMap(({ text }) =>
  [...text.matchAll(/className=("[^"]*"|\{(?:[^{}]|\{[^{}]*\})*\})/g)].flatMap(([, value = '']) =>
    [...value.matchAll(/["'`]([^"'`]*)["'`]/g)].flatMap((match) => (match[1] ?? '').split(/\s+/)),
  ),
);
const whole = new Set(classTexts.filter((text) => !text.includes('$')));
const beginnings = [
  ...new Set(classTexts.filter((text) => text.includes('$')).map((text) => text.split('$')[0] ?? '')),
];

function isUsed(name: string): boolean {
  return whole.has(name) || beginnings.some((beginning) => beginning !== '' && name.startsWith(beginning));
}

test('every rule of a sheet: for a class that a component uses', () => {
  expect(sheets.length).toBeGreaterThan(20);
  const unused = sheets.flatMap(({ path, text }) =>
    classesOf(text)
      .filter((name) => !isUsed(name))
      .map((name) => `${path}: .${name}`),
  );
  expect(unused).toEqual([]);
});

test('every sheet: imported by a file of its folder or by dashboard.tsx, once', () => {
  const importers = sheets.map(({ path }) => {
    const found = code.filter((file) => {
      const isNear = dirname(file.path) === dirname(path) || file.path === 'dashboard.tsx';
      return isNear && file.text.includes(`/${basename(path)}';`);
    });
    return `${path}: ${found.length}`;
  });
  expect(importers.filter((line) => !line.endsWith(': 1'))).toEqual([]);
});

test(`every sheet: at most ${MAX_LINES} lines`, () => {
  expect(sheets.filter(({ text }) => text.split('\n').length > MAX_LINES)).toEqual([]);
});
