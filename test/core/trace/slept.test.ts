/** Texts for how long the computer slept, in the unit that a person would use. */
import { expect, test } from 'vitest';
import { sleptInWords } from '../../../src/core/trace/slept.ts';
import { createStory, startCluster } from './story.ts';

test.each([
  [1_000, '1 second', '1 秒'],
  [45_400, '45 seconds', '45 秒'],
  [119_999, '120 seconds', '120 秒'],
  [120_000, '2 minutes', '2 分钟'],
  [840_000, '14 minutes', '14 分钟'],
  [7_200_000, '2 hours', '2 小时'],
  [30_600_000, '8.5 hours', '8.5 小时'],
])('slept %i ms → %s', (ms, en, zh) => {
  expect(sleptInWords(ms)).toEqual({ en, zh });
});

test('story: the computer sleeps and wakes → a sentence each, no other change', () => {
  const story = createStory();
  startCluster(story);
  const before = story.view();
  story.tell('lab', { event: 'ComputerSuspended' }, 5_000);
  expect(story.view().story.at(-1)).toMatchObject({ code: 'computer-suspended', params: {} });
  story.tell('lab', { event: 'ComputerResumed', sleptMs: 840_000, sinceUs: 5_000_000 }, 845_000);
  expect(story.view().story.at(-1)).toMatchObject({ code: 'computer-resumed', params: { sleptMs: 840_000 } });
  expect(story.view().servers).toEqual(before.servers);
});
