/** Sentences of captions in both languages, and the values that they show. */

import { expect, test } from 'vitest';
import { CLAUSES } from '../../src/core/catalogue/index.ts';
import type { StoryItem } from '../../src/core/trace/index.ts';
import { eventText } from '../../src/renderer/events/event-text.ts';
import { captionText, storyText } from '../../src/renderer/texts/reasons.ts';
import { createTranslations } from '../../src/renderer/texts/translations.ts';
import { LANGUAGES, type Language } from '../../src/translations/index.ts';

function fail(key: string): never {
  throw new Error(`there is no word for ${key}`);
}

function inWords(language: Language, said: Pick<StoryItem, 'code' | 'params'>): string {
  return captionText(createTranslations(language, fail).t, said);
}

test('stepped-down: higher term seen → names the term that the server led', () => {
  const said = { code: 'stepped-down', params: { server: 'S3', term: 2, reason: 'E5-higher-term' } } as const;
  expect(LANGUAGES.map((language) => inWords(language, said))).toEqual([
    'S3 no longer leads term 2: it saw a higher term.',
    'S3 不再是任期 2 的领袖：看到了更高的任期。',
  ]);
});

test('vote-denied: pre-vote → names the voter’s own term', () => {
  const params = { server: 'S1', many: 1, candidate: 'S5', term: 1, reason: 'P5-leader-lease' };
  const said = { code: 'vote-denied', params } as const;
  expect(LANGUAGES.map((language) => inWords(language, said))).toEqual([
    'S1, in term 1, denied S5 its vote: a leader was heard a moment ago.',
    'S1（任期 1）拒绝投票给 S5：刚刚还听到领袖。',
  ]);
});

test('election-started: two candidates → no silence, which is the first one’s only', () => {
  const params = { server: 'S1', many: 1, term: 3, silentMs: 1_900 };
  const texts = [params, { ...params, server: 'S1, S2', many: 2 }].map((one) =>
    LANGUAGES.map((language) => inWords(language, { code: 'election-started', params: one })),
  );
  expect(texts).toEqual([
    ['S1 heard nothing for 1.9 s and stands for election in term 3.', 'S1 已有 1.9 秒没有听到领袖，在任期 3 参选。'],
    ['S1, S2 heard no leader and stand for election in term 3.', 'S1, S2 没有听到领袖，都在任期 3 参选。'],
  ]);
});

test('computer-resumed: after a sleep → story and list name its length', () => {
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

test('story: chained sentence → clauses with arrows; the server is named once', () => {
  const counts = { votes: 3, needed: 3, servers: 5, voters: 'S1, S3, S4' };
  const item: StoryItem = {
    ...{ id: 7, seq: 7, timeUs: 1, rank: 4, tone: 'good', causes: [], code: 'leader-elected' },
    params: { server: 'S4', term: 1, ...counts },
    chain: [
      { code: 'heard-nobody', params: { server: 'S4', seconds: 1.6 }, tells: 5 },
      { code: 'stood', params: { term: 1 }, tells: 5 },
    ],
  };
  const told = (one: StoryItem) => LANGUAGES.map((language) => storyText(createTranslations(language, fail).t, one));
  expect(told(item)).toEqual([
    'S4 heard nobody for 1.6 s → stood for term 1 → won with 3 of 5 votes: S1, S3, S4.',
    'S4 有 1.6 秒没有听到领袖 → 在任期 1 参选 → 以 5 票中的 3 票当选领袖：S1, S3, S4。',
  ]);
  expect(told({ ...item, chain: [] })).toEqual([
    'S4 won term 1 with 3 of 5 votes: S1, S3, S4.',
    'S4 以 5 票中的 3 票当选任期 1 的领袖：S1, S3, S4。',
  ]);
});

test('story: repetitions → the number of commands, and the verb of several servers', () => {
  const unknown = { code: 'command-unknown', params: { what: 'set x 1', times: 12 } } as const;
  expect(LANGUAGES.map((language) => inWords(language, unknown))).toEqual([
    '12 commands got no answer, the last of them set x 1. Each may or may not have happened.',
    '12 个命令没有得到回答，最后一个是 set x 1；每个都可能已执行，也可能没有。',
  ]);
  const params = { server: 'S1, S2', many: 2, from: 5, last: 5, leaderTerm: 3, conflictTerm: 2 };
  expect(inWords('en', { code: 'truncated', params })).toMatch(/^S1, S2 dropped their entry 5: /);
});

test('story: links in a clause → in brackets, and the sentence begins with a capital', () => {
  const params = { server: 'S2', term: 2, votes: 3, needed: 3, servers: 5, voters: 'S1, S2, S4' };
  const item: StoryItem = {
    ...{ id: 7, seq: 7, timeUs: 1, rank: 4, tone: 'good', causes: [], code: 'leader-elected', params },
    chain: [{ code: 'links-were-cut', params: { links: 'S3 → S1, S4' }, tells: 5 }],
  };
  const { t } = createTranslations('en', fail);
  expect(storyText(t, item)).toBe('(S3 → S1, S4) was cut → S2 won term 2 with 3 of 5 votes: S1, S2, S4.');
  const split: StoryItem = { ...item, chain: [{ code: 'votes-split', params: { terms: '1' }, tells: 5 }] };
  expect(storyText(t, split)).toMatch(/^The votes of term 1 split → S2 won term 2/);
});

test('story: every clause → a sentence without an open parameter in both languages', () => {
  for (const [code, types] of Object.entries(CLAUSES)) {
    const values = Object.entries(types).map(([name, type]) => [name, type === 'number' ? 2 : 'S1']);
    const chain = [{ code, params: Object.fromEntries(values), tells: null }] as StoryItem['chain'];
    const at = { id: 7, seq: 7, timeUs: 1, rank: 4, tone: 'good', causes: [] } as const;
    const item: StoryItem = { ...at, code: 'joined', params: {}, chain };
    for (const language of LANGUAGES) expect(storyText(createTranslations(language, fail).t, item)).not.toMatch(/[{}]/);
  }
});

test('story: silence before an election → seconds, and milliseconds below one second', () => {
  const stood = (silentMs: number) =>
    ({ code: 'election-started', params: { server: 'S2', many: 1, term: 3, silentMs } }) as const;
  expect([1_900, 240].map((silentMs) => inWords('en', stood(silentMs)))).toEqual([
    'S2 heard nothing for 1.9 s and stands for election in term 3.',
    'S2 heard nothing for 240 ms and stands for election in term 3.',
  ]);
  expect(inWords('zh-CN', stood(1_900))).toBe('S2 已有 1.9 秒没有听到领袖，在任期 3 参选。');
});

test('story: command committed and answered → its name stands once, as a person types it', () => {
  const item: StoryItem = {
    ...{ id: 7, seq: 7, timeUs: 1, rank: 2, tone: 'good', causes: [], code: 'command-done' },
    params: { what: 'set y 2', index: 4, result: '2', times: 1 },
    chain: [{ code: 'is-committed', params: { what: 'set y 2', index: 4, count: 5, servers: 5 }, tells: null }],
  };
  const { t } = createTranslations('en', fail);
  const committed = 'set y 2 is committed at index 4: 5 of 5 servers have it on disk';
  expect(storyText(t, item)).toBe(`${committed} → its client has the answer: 2.`);
  const quiet: StoryItem = { ...item, params: { ...item.params, result: '' } };
  expect(storyText(t, quiet)).toBe(`${committed} → set y 2 is done at index 4.`);
});

test('story: votes of several terms split → the terms in the plural', () => {
  const item: StoryItem = {
    ...{ id: 7, seq: 7, timeUs: 1, rank: 4, tone: 'good', causes: [], code: 'joined', params: {} },
    chain: [{ code: 'votes-split', params: { terms: '2, 3' }, tells: 5 }],
  };
  expect(storyText(createTranslations('en', fail).t, item)).toMatch(/^The votes of terms 2, 3 split → /);
});
