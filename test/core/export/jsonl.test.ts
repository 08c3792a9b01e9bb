/** The plain export: the trace as it is, without the run's secret. */
import { expect, test } from 'vitest';
import { traceLine } from '../../../src/core/export/jsonl.ts';
import { createStory, startCluster } from '../trace/story.ts';

test('one object a line, nothing added and nothing left out', () => {
  const story = createStory();
  startCluster(story);
  const lines = story.events.map((event) => traceLine(event, ''));
  expect(lines.every((line) => line.endsWith('\n') && !line.slice(0, -1).includes('\n'))).toBe(true);
  expect(lines.map((line) => JSON.parse(line))).toEqual(story.events);
});

test('a secret that slipped into a message does not leave', () => {
  const story = createStory();
  const event = story.tell('lab', { event: 'LabFailed', message: 'Bearer 00ff00ff, again 00ff00ff' });
  expect(JSON.parse(traceLine(event, '00ff00ff')).message).toBe('Bearer [secret], again [secret]');
  expect(traceLine(event, '')).toBe(`${JSON.stringify(event)}\n`);
});
