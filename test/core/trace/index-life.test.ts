/** The life of an index: what stood there, what became of it, and the answers of its clients. */
import { describe, expect, test } from 'vitest';
import { type IndexLife, lifeOfIndex } from '../../../src/core/trace/index-life.ts';
import { chain, createStory, elect, kill, replicate, restart, type Story, startCluster } from './story.ts';

const lifeIn = (story: Story, index: number): IndexLife =>
  lifeOfIndex(story.events, index, { untilUs: story.view().timeUs, isCut: false });

/** The stays in short: server, term, and how they ended. */
const staysOf = (life: IndexLife): readonly string[] =>
  life.stays.map(
    ({ server, term, durableUs, end }) => `${server} ${term} ${durableUs === null ? 'memory' : 'disk'} ${end}`,
  );

const fatesOf = (life: IndexLife): readonly string[] => life.entries.map(({ term, fate }) => `${term} ${fate}`);

/** Five servers; S3 leads term 1. */
function ledByS3(): Story {
  const story = createStory();
  startCluster(story);
  elect(story, { leader: 'S3', term: 1, voters: ['S3', 'S1', 'S2'], followers: ['S1', 'S2', 'S4', 'S5'] });
  return story;
}

/** The client sends the command that `replicate` puts at this index. */
function ask(story: Story, { to, index, sequence = index }: { to: string; index: number; sequence?: number }): string {
  const operation = `C1.1.op${index}`;
  const command = { op: 'set', key: 'x', value: String(index) } as const;
  story.tell('C1', { event: 'CommandInvoked', operation, client: 'C1', session: 1, sequence, command });
  story.tell('C1', { event: 'CommandSent', operation, to, attempt: 1 });
  return operation;
}

describe('one entry', () => {
  test('index life: simple commit → asked, durable, committed on three disks, applied, answered', () => {
    const story = ledByS3();
    const operation = ask(story, { to: 'S3', index: 1 });
    replicate(story, { leader: 'S3', term: 1, index: 1, followers: ['S1', 'S2'], session: 1 });
    story.tell('S3', { event: 'EntriesApplied', first: 1, last: 1, chain: chain(1) });
    const result = { ok: true, value: '1', previous: null } as const;
    const done = { operation, index: 1, term: 1, server: 'S3', latencyUs: 900, result };
    const { timeUs: atUs } = story.tell('C1', { event: 'CommandDone', ...done });
    const life = lifeIn(story, 1);
    expect(staysOf(life)).toEqual(['S3 1 disk null', 'S1 1 disk null', 'S2 1 disk null']);
    expect(life.stays.map(({ appliedUs }) => appliedUs !== null)).toEqual([true, false, false]);
    expect(life.entries).toMatchObject([
      {
        fate: 'committed',
        committed: { by: 'S3', on: ['S3', 'S1', 'S2'] },
        by: { client: 'C1', asked: { server: 'S3' }, answers: [{ kind: 'done', atUs, index: 1 }], copies: [] },
      },
    ]);
  });

  test('index life: server killed before a write was durable → nowhere, unless its disk has it', () => {
    const story = ledByS3();
    const entries = [{ type: 'noop', index: 1, term: 1 } as const];
    story.tell('S3', { event: 'EntriesProposed', term: 1, first: 1, last: 1, chain: chain(1), entries });
    kill(story, 'S3', 1);
    expect(staysOf(lifeIn(story, 1))).toEqual(['S3 1 memory not-durable']);
    expect(fatesOf(lifeIn(story, 1))).toEqual(['1 nowhere']);
    const seen = { ok: true, term: 1, votedFor: 'S3', lastIndex: 1, chain: chain(1), tornBytes: 0, message: '' };
    story.tell('lab', { event: 'DiskObserved', server: 'S3', ofLife: 1, ...seen });
    expect(staysOf(lifeIn(story, 1))).toEqual(['S3 1 disk null']);
    expect(fatesOf(lifeIn(story, 1))).toEqual(['1 open']);
  });

  test('index life: killed while it wrote, torn tail → the entry is gone after the restart', () => {
    const story = ledByS3();
    replicate(story, { leader: 'S3', term: 1, index: 1, followers: ['S1', 'S2'] });
    const entries = [{ type: 'noop', index: 2, term: 1 } as const];
    story.tell('S3', { event: 'EntriesProposed', term: 1, first: 2, last: 2, chain: chain(2), entries });
    kill(story, 'S3', 1);
    const seen = { ok: true, term: 1, votedFor: 'S3', lastIndex: 1, chain: chain(1), tornBytes: 33, message: '' };
    story.tell('lab', { event: 'DiskObserved', server: 'S3', ofLife: 1, ...seen });
    restart(story, { server: 'S3', ofLife: 2, term: 1, lastIndex: 1, logTerm: 1 });
    expect(staysOf(lifeIn(story, 2))).toEqual(['S3 1 memory not-durable']);
    expect(staysOf(lifeIn(story, 1))).toEqual(['S3 1 disk null', 'S1 1 disk null', 'S2 1 disk null']);
  });

  test('index life: restart without a report of the disk → its restored log decides', () => {
    const story = ledByS3();
    const entries = [{ type: 'noop', index: 1, term: 1 } as const];
    story.tell('S3', { event: 'EntriesProposed', term: 1, first: 1, last: 1, chain: chain(1), entries });
    kill(story, 'S3', 1);
    restart(story, { server: 'S3', ofLife: 2, term: 1, lastIndex: 1, logTerm: 1 });
    expect(staysOf(lifeIn(story, 1))).toEqual(['S3 1 disk null']);
  });

  test('index life: nothing stood there → no entries, no stays', () => {
    expect(lifeIn(ledByS3(), 5)).toMatchObject({ index: 5, entries: [], stays: [] });
  });

  test('index life: session, Start() → the client and the server that were asked', () => {
    const story = ledByS3();
    const range = { term: 1, chain: chain(1) };
    const session = { type: 'session', index: 1, term: 1 } as const;
    story.tell('S3', { event: 'EntriesProposed', ...range, first: 1, last: 1, entries: [session] });
    story.tell('C4', { event: 'SessionOpened', client: 'C4', session: 1 });
    replicate(story, { leader: 'S3', term: 1, index: 2, followers: ['S1', 'S2'] });
    const answered = { outcome: 'accepted', index: 2, term: 1, leaderId: 'S3' } as const;
    story.tell('lab', { event: 'StartAnswered', server: 'S3', ...answered });
    expect(lifeIn(story, 1).entries).toMatchObject([{ by: { client: 'C4', asked: null, answers: [] }, start: null }]);
    expect(lifeIn(story, 2).entries).toMatchObject([{ by: null, start: 'S3' }]);
  });
});

/** S1 takes an entry that only S2 stores; S3 wins a newer term and overwrites it. */
function overwritten(): Story {
  const story = createStory();
  startCluster(story);
  elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S4'], followers: ['S2', 'S3', 'S4', 'S5'] });
  const operation = ask(story, { to: 'S1', index: 1 });
  replicate(story, { leader: 'S1', term: 2, index: 1, followers: ['S2'], commit: false, session: 1 });
  story.tell('C1', { event: 'CommandUnknown', operation, reason: 'timed-out', attempts: 1 }, 1_000);
  elect(story, { leader: 'S3', term: 3, voters: ['S3', 'S4', 'S5'], followers: ['S4', 'S5'] });
  replicate(story, { leader: 'S3', term: 3, index: 1, followers: ['S4', 'S5'] });
  const why = { term: 3, from: 1, last: 1, reason: 'L2-conflict', conflictTerm: 2, leaderTerm: 3 } as const;
  for (const server of ['S1', 'S2']) {
    story.tell(server, { event: 'EntriesTruncated', ...why }, 20);
    const runs = [{ term: 3, first: 1, last: 1 }];
    story.tell(server, { event: 'EntriesAppended', term: 3, first: 1, last: 1, chain: chain(1), runs });
  }
  return story;
}

describe('two entries', () => {
  test('index life: minority’s entry overwritten, client told unknown → lost', () => {
    const life = lifeIn(overwritten(), 1);
    expect(fatesOf(life)).toEqual(['2 lost', '3 committed']);
    expect(staysOf(life).slice(0, 2)).toEqual(['S1 2 disk overwritten', 'S2 2 disk overwritten']);
    expect(life.stays.slice(0, 2).map(({ droppedFor }) => droppedFor)).toEqual([3, 3]);
    expect(life.entries[0]?.by).toMatchObject({ client: 'C1', answers: [{ kind: 'unknown' }], copies: [] });
    expect(life.entries[1]?.committed?.on).toEqual(['S3', 'S4', 'S5']);
  });

  test('index life: Figure 8, on a majority but of an old term → overwritten, never committed', () => {
    const story = createStory();
    startCluster(story);
    elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S3'], followers: ['S2', 'S3', 'S4', 'S5'] });
    replicate(story, { leader: 'S1', term: 2, index: 2, followers: ['S2'], commit: false });
    elect(story, { leader: 'S5', term: 3, voters: ['S5', 'S3', 'S4'], followers: ['S3', 'S4'] });
    replicate(story, { leader: 'S5', term: 3, index: 2, followers: [], commit: false });
    elect(story, { leader: 'S1', term: 4, voters: ['S1', 'S2', 'S3'], followers: ['S2', 'S3'] });
    const runs = [{ term: 2, first: 2, last: 2 }];
    story.tell('S3', { event: 'EntriesAppended', term: 4, first: 2, last: 2, chain: chain(2), runs });
    story.tell('S1', { event: 'NotCommitted', term: 4, index: 2, entryTerm: 2, reason: 'L1-old-term' });
    expect(fatesOf(lifeIn(story, 2))).toEqual(['2 open', '3 open']);
    elect(story, { leader: 'S5', term: 5, voters: ['S5', 'S2', 'S3', 'S4'], followers: ['S2', 'S3', 'S4'] });
    const why = { term: 5, from: 2, last: 2, reason: 'L2-conflict', conflictTerm: 2, leaderTerm: 5 } as const;
    for (const server of ['S1', 'S2', 'S3']) {
      story.tell(server, { event: 'EntriesTruncated', ...why });
      const other = [{ term: 3, first: 2, last: 2 }];
      story.tell(server, { event: 'EntriesAppended', term: 5, first: 2, last: 2, chain: chain(2), runs: other });
    }
    const life = lifeIn(story, 2);
    expect(fatesOf(life)).toEqual(['2 nowhere', '3 open']);
    story.tell('S5', { event: 'CommitAdvanced', term: 5, from: 1, to: 2, reason: 'quorum', chain: chain(2) });
    expect(fatesOf(lifeIn(story, 2))).toEqual(['2 lost', '3 committed']);
    expect(staysOf(life).filter((stay) => stay.includes(' 2 '))).toEqual([
      'S1 2 disk overwritten',
      'S2 2 disk overwritten',
      'S3 2 disk overwritten',
    ]);
  });

  test('index life: retry wrote the command twice → each copy names the other and its fate', () => {
    const story = ledByS3();
    ask(story, { to: 'S3', index: 7 });
    replicate(story, { leader: 'S3', term: 1, index: 7, followers: ['S1', 'S2'], session: 1 });
    elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S4'], followers: ['S2', 'S4'] });
    const command = { op: 'set', key: 'x', value: '7' };
    const again = { type: 'command', index: 8, term: 2, session: 1, sequence: 7, command } as const;
    story.tell('S1', { event: 'EntriesProposed', term: 2, first: 8, last: 8, chain: chain(8), entries: [again] });
    expect(lifeIn(story, 8).entries[0]).toMatchObject({
      fate: 'open',
      by: { client: 'C1', copies: [{ index: 7, term: 1, fate: 'committed' }] },
    });
    expect(lifeIn(story, 7).entries[0]?.by?.copies).toEqual([{ index: 8, term: 2, fate: 'open' }]);
  });
});
