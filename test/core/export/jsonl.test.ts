/** The JSONL export: the trace without changes, except that the run's secret is replaced. */
import { expect, test } from 'vitest';
import { traceJson } from '../../../src/core/export/jsonl.ts';
import { createStory, startCluster } from '../trace/story.ts';

test('traceJson: events → one line each, no field lost or added', () => {
  const story = createStory();
  startCluster(story);
  const texts = story.events.map((event) => traceJson(event, '').json);
  expect(texts.filter((text) => text.includes('\n'))).toEqual([]);
  expect(texts.map((text) => JSON.parse(text))).toEqual(story.events);
});

test('traceJson: message that contains the secret → secret replaced', () => {
  const story = createStory();
  const event = story.tell('lab', { event: 'LabFailed', message: 'Bearer 00ff00ff, again 00ff00ff' });
  const { json, isBlotted } = traceJson(event, '00ff00ff');
  expect(JSON.parse(json).message).toBe('Bearer [secret], again [secret]');
  expect(isBlotted).toBe(true);
  expect(traceJson(event, '')).toEqual({ json: JSON.stringify(event), isBlotted: false });
});
