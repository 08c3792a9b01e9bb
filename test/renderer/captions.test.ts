/** Sentences of captions in both languages, and the values that they show. */
import { expect, test } from 'vitest';
import type { Caption } from '../../src/core/trace/index.ts';
import { eventText } from '../../src/renderer/events/event-text.ts';
import { captionText } from '../../src/renderer/texts/reasons.ts';
import { createTranslations } from '../../src/renderer/texts/translations.ts';
import { LANGUAGES, type Language } from '../../src/translations/index.ts';

function inWords(language: Language, said: Pick<Caption, 'code' | 'params'>): string {
  const translations = createTranslations(language, (key) => {
    throw new Error(`there is no word for ${key}`);
  });
  return captionText(translations.t, { ...said, tone: 'neutral', timeUs: 0, seq: 1 });
}

test('stepped-down: higher term seen → names the term that the server led', () => {
  const said = { code: 'stepped-down', params: { server: 'S3', term: 2, reason: 'E5-higher-term' } } as const;
  expect(LANGUAGES.map((language) => inWords(language, said))).toEqual([
    'S3 no longer leads term 2: it saw a higher term.',
    'S3 不再是任期 2 的领袖：看到了更高的任期。',
  ]);
});

test('vote-denied: pre-vote → names the voter’s own term', () => {
  const params = { server: 'S1', candidate: 'S5', term: 1, reason: 'P5-leader-lease' };
  const said = { code: 'vote-denied', params } as const;
  expect(LANGUAGES.map((language) => inWords(language, said))).toEqual([
    'S1, in term 1, denied S5 its vote: a leader was heard a moment ago.',
    'S1（任期 1）拒绝投票给 S5：刚刚还听到领袖。',
  ]);
});

test('computer-resumed: after a sleep → caption and list name its length', () => {
  const said = { code: 'computer-resumed', params: { sleptMs: 840_000 } } as const;
  expect(LANGUAGES.map((language) => inWords(language, said))).toEqual([
    'The computer slept 14 minutes. No server could do anything meanwhile.',
    '计算机睡眠了 14 分钟。期间没有服务器能做任何事。',
  ]);
  const resumed = { event: 'ComputerResumed', sleptMs: 5_400_000, sinceUs: 1 } as const;
  const event = { seq: 1, timeUs: 2, source: 'lab', nseq: 1, life: 1, ...resumed };
  const translations = LANGUAGES.map((language) => createTranslations(language, () => undefined));
  expect(translations.map(({ t }) => eventText(t, event))).toEqual([
    'the computer slept 90 minutes',
    '计算机睡眠了 90 分钟',
  ]);
});

test('reason `closed`: of a run → closed; of a client’s connection → names the connection', () => {
  const at = { seq: 1, timeUs: 2, nseq: 1, life: 1 } as const;
  const ended = { ...at, source: 'lab', event: 'RunEnded', reason: 'closed' } as const;
  const unknown = {
    ...at,
    source: 'C1',
    event: 'CommandUnknown',
    operation: 'o1',
    reason: 'closed',
    attempts: 1,
  } as const;
  const translations = LANGUAGES.map((language) => createTranslations(language, () => undefined));
  expect(translations.map(({ t }) => eventText(t, ended))).toEqual([
    'run ended: it was closed',
    '运行结束：已正常关闭',
  ]);
  for (const { t } of translations) expect(eventText(t, unknown)).toContain(t('reason.closed'));
});
