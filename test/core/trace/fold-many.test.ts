/** `foldMany` gives the same view as folding the events one by one, and does not change its input. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyView } from '../../../src/core/trace/empty-view.ts';
import type { TraceEvent } from '../../../src/core/trace/events.ts';
import { fold, foldMany } from '../../../src/core/trace/fold.ts';
import { MAX_CLIENT_LINKS } from '../../../src/core/trace/fold-network.ts';
import { deliveredTo } from '../../../src/core/trace/predicates.ts';
import type { ClusterView } from '../../../src/core/trace/view.ts';
import type { LinkId } from '../../../src/core/vocabulary/index.ts';
import { checkProperty } from '../../helpers/property.ts';
import { createStory, cutOff, elect, heal, replicate, type Story, startCluster } from './story.ts';

const FILE = 'test/core/trace/fold-many.test.ts';

function message(story: Story, link: LinkId, number: number): void {
  const about = { id: `m${number}`, link, kind: 'request', rpc: 'AppendEntries' } as const;
  story.tell('network', { event: 'MessageSent', ...about, term: 1, dueUs: 0, bytes: 300 });
  if (number % 5 === 0) story.tell('network', { event: 'MessageDropped', ...about, reason: 'cut' });
  else story.tell('network', { event: 'MessageDelivered', ...about });
}

/** A trace with more entries than a view keeps, many messages, client links, a cut, a heal and a restart of the lab. */
function busyStory(): readonly TraceEvent[] {
  const story = createStory();
  message(story, 'C1>S1', 0);
  startCluster(story);
  elect(story, { leader: 'S3', term: 1, voters: ['S3', 'S1', 'S2'], followers: ['S1', 'S2', 'S4', 'S5'] });
  for (let index = 1; index <= 400; index += 1) {
    replicate(story, { leader: 'S3', term: 1, index, followers: ['S1', 'S2'], commit: index % 3 !== 0 });
    message(story, index % 2 === 0 ? 'S3>S1' : 'C7>S3', index);
    if (index === 200) cutOff(story, 'F1', ['S3', 'S4']);
    if (index === 300) heal(story, 'F1', ['S3', 'S4']);
  }
  story.tell('lab', { event: 'LabRestarted', startedAt: '', raftLab: '0.1.0' });
  message(story, 'S1>S2', 401);
  return story.events;
}

const events = busyStory();
const views: readonly ClusterView[] = viewsOf(events);
const viewAfter = (count: number): ClusterView => (count === 0 ? emptyView : (views[count - 1] ?? emptyView));

function viewsOf(story: readonly TraceEvent[]): readonly ClusterView[] {
  let view = emptyView;
  return story.map((event) => {
    view = fold(view, event);
    return view;
  });
}

test('foldMany: any stretch of a trace → the same view as folding event by event', () => {
  expect(Object.keys(viewAfter(events.length).entries).length).toBeLessThanOrEqual(256);
  const place = fc.integer({ min: 0, max: events.length });
  const property = fc.property(place, place, (a, b) => {
    const [from, to] = [Math.min(a, b), Math.max(a, b)];
    const before = structuredClone(viewAfter(from));
    const many = foldMany(viewAfter(from), events.slice(from, to));
    expect(many).toEqual(viewAfter(to));
    expect(Object.keys(many.entries)).toEqual(Object.keys(viewAfter(to).entries));
    expect(Object.keys(many.links)).toEqual(Object.keys(viewAfter(to).links));
    expect(viewAfter(from)).toEqual(before);
  });
  checkProperty(FILE, property, 60);
});

test('foldMany: message after the deadline of a stuck command → told as by fold', () => {
  const story = createStory();
  startCluster(story);
  elect(story, { leader: 'S3', term: 1, voters: ['S3', 'S1', 'S2'], followers: ['S1', 'S2', 'S4', 'S5'] });
  cutOff(story, 'F1', ['S3', 'S4']);
  replicate(story, { leader: 'S3', term: 1, index: 1, followers: ['S4'], commit: false });
  const about = { id: 'm1', link: 'S3>S4', kind: 'request', rpc: 'AppendEntries' } as const;
  // One election timeout has passed, and the next check for silence is not due yet.
  story.tell('network', { event: 'MessageSent', ...about, term: 1, dueUs: 0, bytes: 300 }, 160);
  expect(foldMany(emptyView, story.events)).toEqual(story.view());
  expect(story.view().story.at(-1)?.code).toBe('minority-cannot-commit');
});

test('links: messages of 250 clients → a bounded number of links, and every message is counted', () => {
  const story = createStory();
  startCluster(story);
  for (let client = 1; client <= 250; client += 1) {
    message(story, `C${client}>S1`, client);
    message(story, `S1>C${client}`, client);
  }
  const many = foldMany(emptyView, story.events);
  expect(many).toEqual(story.events.reduce(fold, emptyView));
  const links = Object.values(many.links);
  expect(links.filter(({ id }) => id.includes('C'))).toHaveLength(MAX_CLIENT_LINKS);
  expect(links.reduce((sum, { sent }) => sum + sent, 0)).toBe(500);
  // Every fifth message is dropped.
  expect(deliveredTo(many, 'S1')).toBe(200);
  expect(many.links['clients>S1']?.sent).toBe(250 - MAX_CLIENT_LINKS / 2);
});

test('foldMany: parts that the batch does not change → the same objects', () => {
  const start = viewAfter(events.length - 10);
  expect(foldMany(start, [])).toBe(start);
  const sent = events.find((event) => event.event === 'MessageSent');
  const next = foldMany(start, sent === undefined ? [] : [sent]);
  expect([next.entries === start.entries, next.servers === start.servers, next.links === start.links]).toEqual([
    true,
    true,
    false,
  ]);
});
