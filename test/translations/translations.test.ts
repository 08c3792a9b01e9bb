/** The loader of the texts reads every file, and each text exists in each language. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LANGUAGES, languageFor, type Texts, TRANSLATIONS } from '../../src/translations/index.ts';

interface Leaf {
  /** The topic and the key: `caption.vote-denied`. */
  readonly key: string;
  readonly text: Readonly<Record<string, string>>;
}

function leavesOf(texts: object, prefix = ''): readonly Leaf[] {
  return Object.entries(texts).flatMap(([name, inner]) => {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    const isLeaf = Object.values(inner).every((value) => typeof value === 'string');
    return isLeaf ? [{ key, text: inner }] : leavesOf(inner, key);
  });
}

const folder = join(import.meta.dirname, '../../resources/words');
const leaves = readdirSync(folder).flatMap((name) => leavesOf(JSON.parse(readFileSync(join(folder, name), 'utf8'))));

function loaded(language: (typeof LANGUAGES)[number], key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], TRANSLATIONS[language]);
}

test('texts: every file → loaded under its key, in each language', () => {
  expect(leaves.length).toBeGreaterThan(900);
  for (const { key, text } of leaves) {
    expect([key, ...LANGUAGES.map((language) => loaded(language, key))]).toEqual([key, text.en, text['zh-CN']]);
  }
});

test('text: each one → has exactly the known languages', () => {
  const wrong = leaves.filter(({ text }) => Object.keys(text).sort().join() !== [...LANGUAGES].sort().join());
  expect(wrong).toEqual([]);
});

test('key: each one → in one file only', () => {
  const keys = leaves.map(({ key }) => key);
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});

test('text: one language missing → does not compile', () => {
  const whole = { en: 'Close', 'zh-CN': '关闭' };
  const incomplete = { en: 'Close' };
  const accepted: Texts = { crash: { close: whole } };
  // @ts-expect-error `zh-CN` is absent
  const refused: Texts = { crash: { close: incomplete } };
  expect(Object.keys(accepted)).toEqual(Object.keys(refused));
});

test('locale: Chinese → Simplified Chinese; another or none → English', () => {
  expect(['zh-Hans-CN', 'zh-TW', 'en-US', 'de-DE'].map((locale) => languageFor([locale]))).toEqual([
    'zh-CN',
    'zh-CN',
    'en',
    'en',
  ]);
  expect([languageFor([]), languageFor(['de', 'zh'])]).toEqual(['en', 'en']);
});

test('text with a program’s message → no full stop after it, since messages may have their own', () => {
  const twice = leaves.filter(({ text }) => Object.values(text).some((one) => /\{\{message\}\}[.。]/.test(one)));
  expect(twice).toEqual([]);
});
