/** The story tells every important event once, joins repetitions, and says what led to what. */
import { describe, expect, test } from 'vitest';
import { emptyView } from '../../../src/core/trace/empty-view.ts';
import { applyPatch, diffView } from '../../../src/core/trace/patches.ts';
import type { StoryItem } from '../../../src/core/trace/view.ts';
import type { Story } from './story.ts';
import { chain, createStory, cutOff, elect, foldAll, heal, kill, replicate, startCluster } from './story.ts';

const others = ['S1', 'S2', 'S4', 'S5'];

function ledByS3(): Story {
  const story = createStory();
  startCluster(story);
  elect(story, { leader: 'S3', term: 1, voters: ['S3', 'S1', 'S2'], followers: others });
  return story;
}

const toldIn = (story: Story): readonly StoryItem[] => story.view().story;
const codesOf = (story: Story): readonly string[] => toldIn(story).map(({ code }) => code);
const lastOf = (story: Story): StoryItem => toldIn(story).at(-1) ?? expect.fail('an empty story');

/** Lets run time pass without anything to tell. */
function wait(story: Story, ms: number): void {
  story.tell('S1', { event: 'ElectionTimerReset', term: 1, timeoutTicks: 20, reason: 'started' }, ms);
}

describe('what enters the story', () => {
  test('story: kill and election within a second → both stay, in order', () => {
    const story = ledByS3();
    kill(story, 'S3', 1);
    const killed = story.events.length;
    elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S4'], followers: ['S2', 'S4', 'S5'] });
    expect(codesOf(story).slice(-3)).toEqual(['server-killed', 'election-started', 'leader-elected']);
    const item = toldIn(story).at(-3);
    expect(item).toMatchObject({ id: killed, seq: killed, rank: 4, tone: 'warning', params: { server: 'S3' } });
    expect(item?.timeUs).toBe(story.events[killed - 1]?.timeUs);
  });

  test('story: message, timer and vote → nothing to tell', () => {
    const story = ledByS3();
    const before = toldIn(story);
    const message = { id: 'S3.1.1', link: 'S3>S1', kind: 'request', rpc: 'AppendEntries' } as const;
    story.tell('network', { event: 'MessageSent', ...message, term: 1, dueUs: 5, bytes: 90 }, 5_000);
    wait(story, 10);
    expect(toldIn(story)).toEqual(before);
  });

  test('story: 500 commits in a second → one item that counts them', () => {
    const story = ledByS3();
    kill(story, 'S5', 1);
    for (let index = 1; index <= 500; index += 1) {
      const range = { term: 1, first: index, last: index, chain: chain(index) };
      const entry = { type: 'noop', index, term: 1 } as const;
      story.tell('S3', { event: 'EntriesProposed', ...range, entries: [entry] }, 0);
      story.tell('S3', { event: 'CommitAdvanced', ...range, from: index - 1, to: index, reason: 'quorum' });
    }
    expect(codesOf(story).slice(-2)).toEqual(['server-killed', 'committed']);
    const { id, seq, params } = lastOf(story);
    expect(params).toMatchObject({ index: 500, times: 500 });
    expect(seq).toBeGreaterThan(id);
  });

  test('story: commits for a minute → few items, and no older fact is lost', () => {
    const story = ledByS3();
    const before = codesOf(story).filter((code) => code === 'leader-elected' || code === 'election-started');
    for (let index = 1; index <= 120; index += 1) {
      replicate(story, { leader: 'S3', term: 1, index, followers: others });
      wait(story, 500);
    }
    expect(codesOf(story).filter((code) => code === 'committed')).toHaveLength(8);
    expect(codesOf(story).slice(0, -8)).toEqual(before);
    expect(lastOf(story).params).toMatchObject({ index: 120, what: 'set x 120' });
  });

  test('story: 60 important facts → the newest 40 stay', () => {
    const story = ledByS3();
    for (let at = 1; at <= 60; at += 1) story.tell('lab', { event: 'KeepAliveChanged', on: at % 2 === 0 });
    const ids = toldIn(story).map(({ id }) => id);
    expect(ids).toEqual(story.events.slice(-40).map(({ seq }) => seq));
  });

  test('story: 64 clients without an answer → one item with their number', () => {
    const story = ledByS3();
    for (let at = 1; at <= 64; at += 1) {
      const asked = { operation: `C${at}-1`, client: `C${at}`, session: 1, sequence: 1 } as const;
      const command = { op: 'set', key: 'x', value: String(at) } as const;
      story.tell(`C${at}`, { event: 'CommandInvoked', ...asked, command });
    }
    for (let at = 1; at <= 64; at += 1) {
      story.tell(`C${at}`, { event: 'CommandUnknown', operation: `C${at}-1`, reason: 'timed-out', attempts: 3 });
    }
    expect(codesOf(story).filter((code) => code === 'command-unknown')).toHaveLength(1);
    expect(lastOf(story).params).toEqual({ what: 'set x 64', times: 64 });
  });
});

/** S3 and S4 were cut off with one command in their logs. S1 leads the others, and its next entry is not committed yet. */
function healedAfterCut(): Story {
  const story = ledByS3();
  replicate(story, { leader: 'S3', term: 1, index: 1, followers: others });
  cutOff(story, 'F1', ['S3', 'S4']);
  replicate(story, { leader: 'S3', term: 1, index: 2, followers: ['S4'], commit: false });
  elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S5'], followers: ['S2', 'S5'], lastIndex: 1 });
  heal(story, 'F1', ['S3', 'S4']);
  for (const server of ['S3', 'S4']) {
    story.tell(server, { event: 'TermAdvanced', term: 2, from: 1, reason: 'E5-higher-term' });
    story.tell(server, { event: 'LeaderRecognised', term: 2, leaderId: 'S1' });
  }
  replicate(story, { leader: 'S1', term: 2, index: 2, followers: [], commit: false });
  return story;
}

function drop(story: Story, server: string): void {
  const why = { reason: 'L2-conflict', conflictTerm: 1, leaderTerm: 2 } as const;
  story.tell(server, { event: 'EntriesTruncated', term: 2, from: 2, last: 2, ...why });
}

describe('dropped entries', () => {
  test('truncation of the last wrong entry → truncated first, then caught-up', () => {
    const story = healedAfterCut();
    drop(story, 'S3');
    const runs = [{ term: 2, first: 2, last: 2 }];
    story.tell('S3', { event: 'EntriesAppended', term: 2, first: 2, last: 2, chain: chain(2), runs });
    expect(codesOf(story).slice(-2)).toEqual(['truncated', 'caught-up']);
    const dropped = { server: 'S3', many: 1, from: 2, last: 2, leaderTerm: 2, conflictTerm: 1 };
    expect(toldIn(story).at(-2)?.params).toEqual(dropped);
    expect(story.view().watch.catchingUp).not.toHaveProperty('S3');
  });

  test('truncation: two servers drop the same entry → one item with both', () => {
    const story = healedAfterCut();
    drop(story, 'S4');
    const { id } = lastOf(story);
    drop(story, 'S3');
    const dropped = toldIn(story).filter(({ code }) => code === 'truncated');
    expect(dropped).toMatchObject([{ id, params: { server: 'S4, S3', many: 2, from: 2, last: 2 } }]);
  });

  test('truncation: two servers drop different entries → two items', () => {
    const story = healedAfterCut();
    drop(story, 'S4');
    const why = { reason: 'L2-conflict', conflictTerm: 1, leaderTerm: 2 } as const;
    story.tell('S3', { event: 'EntriesTruncated', term: 2, from: 1, last: 2, ...why });
    const dropped = toldIn(story).filter(({ code }) => code === 'truncated');
    expect(dropped.map(({ params }) => params.server)).toEqual(['S4', 'S3']);
  });
});

describe('chains', () => {
  test('first election → the silence and the term before the votes', () => {
    const story = ledByS3();
    const { id } = toldIn(story).findLast(({ code }) => code === 'election-started') ?? expect.fail('nobody stood');
    expect(lastOf(story).code).toBe('leader-elected');
    expect(lastOf(story).chain).toEqual([
      { code: 'heard-nobody', params: { server: 'S3', seconds: 0.2 }, tells: id },
      { code: 'stood', params: { term: 1 }, tells: id },
    ]);
  });
});

describe('patches of the story', () => {
  test('patch: one new item → the other items only by number', () => {
    const story = ledByS3();
    const before = story.view();
    kill(story, 'S3', 1);
    const after = foldAll(story.events.slice(-2), before);
    const patch = diffView(before, after) ?? expect.fail('no patch');
    expect(patch.story?.filter((one) => typeof one !== 'number')).toEqual([lastOf(story)]);
    expect(applyPatch(before, JSON.parse(JSON.stringify(patch))).story).toEqual(after.story);
    expect(diffView(before, foldAll([], before))).toBeNull();
  });

  test('patch: belongs to another view → thrown', () => {
    const patch = diffView(ledByS3().view(), { ...ledByS3().view(), story: [] });
    expect(applyPatch(ledByS3().view(), patch ?? expect.fail('no patch')).story).toEqual([]);
    const other = { top: {}, servers: {}, links: {}, entries: {}, story: [77] };
    expect(() => applyPatch(emptyView, other)).toThrow('E-patch-of-another-view');
  });
});
