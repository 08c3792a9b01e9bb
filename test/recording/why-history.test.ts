/** The reason of an event, asked of an opened recording: the same answer as from all its events in memory. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { namesWith } from '../../src/core/catalogue/index.ts';
import type { TraceEvent } from '../../src/core/trace/events.ts';
import { openRun } from '../../src/recording/open-run.ts';
import { whyAmong } from '../helpers/why-of.ts';
import { temporaryFolder } from './helpers.ts';

/** An index size at which most blocks have to be read from the file again. */
const SMALL = { blockEvents: 40, keptBlocks: 1 };

test('why: opened recording → the same reason as from all events in memory; null for no event', async () => {
  const folder = join(await temporaryFolder(), 'violated');
  await cp('test/fixtures/trace-1/violated', folder, { recursive: true });
  const opened = await openRun(folder, SMALL);
  if (!opened.ok) throw new Error(opened.error.code);
  const { events: all } = await opened.value.events({ limit: 1_000 });
  const names = [...new Set(all.map(({ event }) => event))];
  const messages = await opened.value.events({ limit: 1_000, names: [...namesWith('perMessage')] });
  const events: readonly TraceEvent[] = [...all, ...messages.events];
  expect(names.length).toBeGreaterThan(15);
  for (const name of names) {
    const { seq } = all.findLast((one) => one.event === name) as TraceEvent;
    for (const of of ['story', 'event'] as const) {
      expect(await opened.value.why({ seq, of }), `${name} ${seq}`).toEqual(whyAmong(events, { seq, of }));
    }
  }
  expect(await opened.value.why({ seq: opened.value.size + 1 })).toBeNull();
});
