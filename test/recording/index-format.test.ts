/**
 * An index keeps folded views for years, so an index with views of an earlier fold must not be read. If a change of the
 * fold changes these views, increase INDEX_FORMAT and add the new sum here.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyView } from '../../src/core/trace/empty-view.ts';
import { fold } from '../../src/core/trace/fold.ts';
import { compareEvents } from '../../src/core/trace/order.ts';
import { parseTraceLine } from '../../src/core/trace/parse-line.ts';
import type { ClusterView } from '../../src/core/trace/view.ts';
import { INDEX_FORMAT } from '../../src/recording/index-line.ts';
import { top } from '../scripts/scripts.ts';

/** SHA-256 of the views of these recordings, by format of the index. */
const VIEWS: Readonly<Record<number, string>> = {
  2: '44c1c91a21be2322ada70b89d5fdb315d894c3d9ce1b57bbefa54a5f561d80e5',
  3: 'b0fdf708d28747635a8499569526edac67d4ad3f70c551c6403286d52d692da9',
  4: 'f0c526a8586b446e5ca3ff76bb16ca32c4373995c55c5a02be5f2c1fa8230270',
  5: '13736530de63bdb3a085015d093a71ab9d7589f9e0549bbbd9493e8c7be3aaab',
  6: '725116d286ce7c2b46a6c45594a8c4f7297bdbf5299f109722ed417c172969da',
  7: '8af16bd8aaa4d586910364f7f0a830391b73b591c4b2906aa11eb0043e606a48',
};
const RECORDINGS = ['scenario', 'continued', 'killed', 'violated'];
/** Number of events from one hashed view to the next. It is small, so that short-lived parts of a view are hashed, too. */
const EVERY = 10;

async function viewsOf(name: string): Promise<readonly ClusterView[]> {
  const text = await readFile(join(top, 'test', 'fixtures', 'trace-1', name, 'events.jsonl'), 'utf8');
  const events = text.split('\n').flatMap((line) => {
    const parsed = parseTraceLine(line);
    return parsed.ok ? [parsed.event] : [];
  });
  let view = emptyView;
  const views: ClusterView[] = [];
  for (const [at, event] of events.sort(compareEvents).entries()) {
    view = fold(view, event);
    if (at % EVERY === 0 || at === events.length - 1) views.push(view);
  }
  return views;
}

test('index format: views of the recordings changed → INDEX_FORMAT must rise', async () => {
  const sum = createHash('sha256');
  for (const name of RECORDINGS) for (const view of await viewsOf(name)) sum.update(JSON.stringify(view));
  expect(sum.digest('hex')).toBe(VIEWS[INDEX_FORMAT]);
});
