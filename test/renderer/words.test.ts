/** The texts: both languages use the same parameters, and every code that can be shown has a text. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CAPTIONS, type CaptionCode, ERRORS, fixedValues, type LabErrorCode } from '../../src/core/catalogue/index.ts';
import { MUTANTS } from '../../src/core/mutants/index.ts';
import { EVENT_NAMES, PACES, type TryStep } from '../../src/core/trace/index.ts';
import { COMMAND_REFUSALS, gapsOf } from '../../src/core/vocabulary/index.ts';
import { CLIENT_REFUSALS } from '../../src/core/wire/client-protocol.ts';
import { createTranslations, firstLanguage, translateOf } from '../../src/renderer/texts/translations.ts';
import { LANGUAGES, TRANSLATIONS } from '../../src/translations/index.ts';

/** Texts by key (`a.b.c`) without plural endings, because languages have different plurals. */
function flat(words: object, prefix = ''): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof value === 'string') all.set(path.replace(/_(zero|one|two|few|many|other)$/, ''), value);
    else for (const [inner, text] of flat(value as object, path)) all.set(inner, text);
  }
  return all;
}

const { en, 'zh-CN': zhCN } = TRANSLATIONS;
const english = flat(en);
const chinese = flat(zhCN);
const parameters = (text: string): readonly string[] => [...new Set(text.match(/\{\{\s*\w+\s*\}\}/g) ?? [])].sort();

const STEPS: { readonly [Step in TryStep]: true } = {
  submit: true,
  'kill-leader': true,
  restart: true,
  minority: true,
  drop: true,
};

describe('texts', () => {
  test('text: asked again with other numbers or language → its own words, taken apart once', async () => {
    const translations = createTranslations('en', () => undefined);
    let count = 0;
    const interpolator = translations.services.interpolator as { interpolate: (...given: never[]) => string };
    const { interpolate } = interpolator;
    interpolator.interpolate = (...given) => {
      count += 1;
      return interpolate.apply(interpolator, given);
    };
    const both = () => [2, 3, 2].map((term) => translateOf(translations)('stage.term', { term }));
    expect(both()).toEqual(['term 2', 'term 3', 'term 2']);
    const once = count;
    expect(once).toBeGreaterThan(0);
    expect(both()).toEqual(['term 2', 'term 3', 'term 2']);
    expect(count).toBe(once);
    await translations.changeLanguage('zh-CN');
    expect(both()).toEqual(['任期 2', '任期 3', '任期 2']);
    expect(translateOf(translations)('stage.term', { term: 2 })).toBe('任期 2');
  });

  test('texts: both languages → same parameters', () => {
    const differing = [...english].filter(([key, text]) => {
      return parameters(text).join() !== parameters(chinese.get(key) ?? '').join();
    });
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  test('texts: every text → not empty', () => {
    expect([...english, ...chinese].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test('Chinese: terms of Raft → the terms of the course', () => {
    expect([zhCN.role.leader, zhCN.role.follower, zhCN.role.candidate]).toEqual(['领袖', '追随者', '候选者']);
    const all = [...chinese.values()].join('\n');
    for (const other of ['领导者', '跟随者', '候选人', '复制'])
      expect(all).not.toContain(other === '复制' ? '日志复制' : other);
  });

  test('Chinese: texts, scenarios and README → one word for each term', () => {
    const scenarios = join(import.meta.dirname, '../../resources/scenarios');
    const texts = [
      ...chinese.values(),
      ...readdirSync(scenarios).map((name) => readFileSync(join(scenarios, name), 'utf8')),
    ].join('\n');
    // An entry is 日志项, the dashboard is 仪表板, and to play a scenario is 运行.
    for (const second of ['条目', '仪表盘', '播放']) expect(texts).not.toContain(second);
    const readme = readFileSync(join(import.meta.dirname, '../../README.zh-CN.md'), 'utf8');
    for (const preset of [zhCN.preset.paper, zhCN.preset.production]) expect(readme).toContain(`*${preset}*`);
  });

  test('verdict of a scenario: same words as in the list of runs and in the terminal', () => {
    for (const words of [en, zhCN]) {
      for (const verdict of ['valid', 'violated', 'unknown'] as const) {
        const shown = words.scenario.verdict[verdict].toLowerCase();
        const elsewhere = [words.runsList.verdict[verdict], words.terminal[`outcome-${verdict}`].toLowerCase()];
        expect(elsewhere).toEqual([shown, shown]);
      }
    }
  });

  test('texts: every text → no Markdown', () => {
    expect([...english, ...chinese].filter(([, text]) => text.includes('`'))).toEqual([]);
  });
});

describe('texts of codes', () => {
  const groups: readonly (readonly [string, readonly string[]])[] = [
    ['caption', Object.keys(CAPTIONS)],
    ['error', Object.keys(ERRORS)],
    ['event', EVENT_NAMES],
    ['pace', Object.keys(PACES)],
    ['try', Object.keys(STEPS)],
  ];
  test.each(groups)('codes of %s → each has a text', (group, codes) => {
    expect(codes.filter((code) => !english.has(`${group}.${code}`))).toEqual([]);
  });

  test.each(Object.entries(ERRORS))(
    'error %s: gaps of its sentences → the parameters of its row',
    (code, { params }) => {
      const gaps = gapsOf(TRANSLATIONS.en.error[code as LabErrorCode]);
      expect(gaps.filter((gap) => !Object.hasOwn(params, gap))).toEqual([]);
      expect(Object.keys(params).filter((name) => !gaps.includes(name))).toEqual([]);
    },
  );

  test.each(Object.entries(CAPTIONS))('caption %s: gaps of its sentences → parameters of its row', (code, row) => {
    const given: readonly string[] = Object.keys(row.params);
    // The page computes these from other parameters: entries `from` to `last`, and the length of a sleep or silence.
    const made = [
      ...(given.includes('last') ? ['range', 'count'] : []),
      ...(given.includes('sleptMs') ? ['slept'] : []),
      ...(given.includes('silentMs') ? ['silent'] : []),
    ];
    for (const language of LANGUAGES) {
      const gaps = gapsOf(TRANSLATIONS[language].caption[code as CaptionCode]);
      expect(gaps.filter((gap) => !given.includes(gap) && !made.includes(gap))).toEqual([]);
    }
  });

  test('reasons of events, refused commands and refused requests → each has a text', () => {
    const codes = [...fixedValues('reason'), ...COMMAND_REFUSALS, ...CLIENT_REFUSALS];
    expect(codes.length).toBeGreaterThan(20);
    // When the outcome is unknown, the client reports CommandUnknown, which has its own caption.
    expect(codes.filter((code) => !english.has(`reason.${code}`))).toEqual(['unknown']);
  });
});

test('keys in the dashboard’s source → all are in the files of texts', () => {
  const used = rendererFiles().flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    return [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  });
  expect(used.length).toBeGreaterThan(150);
  const isBranch = (key: string): boolean => [...english.keys()].some((one) => one.startsWith(`${key}.`));
  expect([...new Set(used)].filter((key) => !english.has(key) && !isBranch(key))).toEqual([]);
});

describe('numbers', () => {
  const COUNTS = [
    'count',
    'bytes',
    'acts',
    'attempts',
    'lastIndex',
    'index',
    'fileIndex',
    'needed',
    'votes',
    'servers',
  ];
  const counts: readonly string[] = [...COUNTS, 'events', 'connections', 'timeoutTicks'];

  test('English: count is 1 → no plural noun', () => {
    const words = createTranslations('en');
    const t = words.t as (key: string, params: Record<string, unknown>) => string;
    const page = [...english.keys()].filter((key) => !/^(terminal|start|menu)\./.test(key));
    const said = page.map((key) => {
      const names = [...(english.get(key) ?? '').matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1] ?? '');
      return t(key, Object.fromEntries(names.map((name) => [name, counts.includes(name) ? 1 : 'X'])));
    });
    expect(
      said.filter((text) => /\b1 ((more|older|random|message) )?(?!is\b|was\b|has\b)[a-z]+s\b/.test(text)),
    ).toEqual([]);
    expect(said.filter((text) => text.includes('{{'))).toEqual([]);
  });

  test('English: count above 1 → the plural', () => {
    const { t } = createTranslations('en');
    expect([1, 2].map((count) => t('fault.frozen', { server: 'S1', count }))).toEqual([
      'S1 frozen, 1 message unread',
      'S1 frozen, 2 messages unread',
    ]);
  });
});

test('translation: key in no file → reported', () => {
  const missing: string[] = [];
  const words = createTranslations('zh-CN', (key) => missing.push(key));
  const t = words.t as (key: string) => string;
  expect(t('sentence.idle')).toBe(zhCN.sentence.idle);
  expect(missing).toEqual([]);
  t('sentence.nonsense');
  expect(missing).toEqual(['sentence.nonsense']);
});

test('first language: a stored choice → that; none → the browser’s', () => {
  expect(firstLanguage('zh-CN', ['en-GB'])).toBe('zh-CN');
  expect(firstLanguage(null, ['zh-TW', 'en'])).toBe('zh-CN');
  expect(firstLanguage(null, ['de-CH', 'zh'])).toBe('en');
  expect(firstLanguage('klingon', [])).toBe('en');
});

function rendererFiles(): readonly string[] {
  const folder = join(import.meta.dirname, '../../src/renderer');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.tsx?$/.test(name)).map((name) => join(folder, name));
}

test('mutants: offered → each has a sentence; the English one equals its definition', () => {
  expect(en.mutants).toEqual(Object.fromEntries(MUTANTS.map(({ id, what }) => [id, what])));
});
