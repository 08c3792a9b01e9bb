/** Each caption becomes an item of the story, with its parameters and its tone. */
import { describe, expect, test } from 'vitest';
import { fold } from '../../../src/core/trace/fold.ts';
import type { StoryItem } from '../../../src/core/trace/view.ts';
import type { Story } from './story.ts';
import { chain, createStory, cutOff, elect, heal, kill, replicate, restart, startCluster } from './story.ts';

const others = ['S1', 'S2', 'S4', 'S5'];

function ledByS3(): Story {
  const story = createStory();
  startCluster(story);
  elect(story, { leader: 'S3', term: 1, voters: ['S3', 'S1', 'S2'], followers: others });
  return story;
}

const codes = (story: Story): readonly string[] => story.view().story.map(({ code }) => code);

function last(story: Story): Pick<StoryItem, 'code' | 'params' | 'tone'> {
  const { code, params, tone } = story.view().story.at(-1) ?? expect.fail('an empty story');
  return { code, params, tone };
}

describe('the first minute', () => {
  test('story: a new cluster → starting, waiting, an election, a leader', () => {
    expect(codes(ledByS3()).filter((code, i, all) => code !== all[i - 1])).toEqual([
      ...['servers-starting', 'waiting-for-election', 'election-started', 'leader-elected'],
    ]);
    const params = { server: 'S3', term: 1, votes: 3, needed: 3, servers: 5, voters: 'S3, S1, S2' };
    expect(last(ledByS3())).toEqual({ code: 'leader-elected', params, tone: 'good' });
  });

  test('story: election after a change of pace → the silence in ms of the new pace', () => {
    const story = createStory();
    startCluster(story);
    story.tell('lab', { event: 'PaceChanged', pace: 'classroom', tickMs: 100, hopDelayMs: 200 }, 2_000);
    const standing = { term: 1, silentTicks: 21, lastLogIndex: 0, lastLogTerm: 0 };
    story.tell('S2', { event: 'ElectionStarted', ...standing, reason: 'election-timeout' });
    expect(last(story)).toMatchObject({ code: 'election-started', params: { server: 'S2', term: 1, silentMs: 2_100 } });
  });

  test('story: command commits → its text and the number of holders; then the answer', () => {
    const story = ledByS3();
    const operation = 'C1-1';
    const command = { op: 'set', key: 'x', value: '1' } as const;
    const asked = { client: 'C1', session: 1, sequence: 1, command };
    story.tell('C1', { event: 'CommandInvoked', operation, ...asked }, 2_000);
    replicate(story, { leader: 'S3', term: 1, index: 1, followers: ['S1', 'S2', 'S4'] });
    const what = 'set x 1';
    const params = { index: 1, count: 4, servers: 5, what, times: 1 };
    expect(last(story)).toEqual({ code: 'committed', params, tone: 'good' });
    const result = { ok: true, value: '1', previous: null } as const;
    const done = { index: 1, term: 1, server: 'S3', latencyUs: 5 };
    story.tell('C1', { event: 'CommandDone', operation, ...done, result });
    expect(last(story)).toMatchObject({ code: 'command-done', params: { what, index: 1, result: '1' } });
    expect(story.view().watch.commands).toEqual({});
  });
});

describe('order of the story', () => {
  test('story: commit of a no-op right after a kill → the newest item, and the kill stays', () => {
    const story = ledByS3();
    kill(story, 'S1', 1);
    const range = { term: 1, first: 1, last: 1, chain: chain(1) };
    story.tell('S3', { event: 'EntriesProposed', ...range, entries: [{ type: 'noop', index: 1, term: 1 }] });
    story.tell('S3', { event: 'CommitAdvanced', ...range, from: 0, to: 1, reason: 'quorum' });
    expect(codes(story).slice(-2)).toEqual(['server-killed', 'committed']);
    expect(last(story)).toMatchObject({ code: 'committed', params: { index: 1, what: '' } });
  });

  test('story: event that arrives minutes late → its item stands at its time, not last', () => {
    const story = ledByS3();
    const ready = story.events.findLast(({ event }) => event === 'ServerReady') ?? expect.fail('no ServerReady');
    kill(story, 'S1', 1);
    const told = story.view();
    const why = { reason: 'L2-conflict', conflictTerm: 1, leaderTerm: 2 } as const;
    const late = { seq: 900, timeUs: ready.timeUs, source: 'S4', nseq: 9, life: 1, late: true, ...why } as const;
    const after = fold(told, { ...late, event: 'EntriesTruncated', term: 2, from: 1, last: 1 }).story;
    expect(after.map(({ timeUs }) => timeUs)).toEqual(after.map(({ timeUs }) => timeUs).toSorted((a, b) => a - b));
    expect(after.map(({ code }) => code)).toContain('truncated');
    expect(after.at(-1)?.code).toBe('server-killed');
  });
});

describe('why a server ended', () => {
  const how = { server: 'S1', ofLife: 1, pid: 42 };
  const cases = [
    [
      { code: null, signal: 'SIGKILL', cause: 'not-ordered' },
      { code: 'server-died', params: { signal: 'SIGKILL' } },
    ],
    [
      { code: 74, signal: null, cause: 'not-ordered' },
      { code: 'server-failed', params: { code: 74, message: 'm' } },
    ],
    [
      { code: 0, signal: null, cause: 'ordered' },
      { code: 'server-stopped', params: { server: 'S1' } },
    ],
    [
      { code: null, signal: 'SIGTERM', cause: 'ordered' },
      { code: 'server-stopped', params: { server: 'S1' } },
    ],
    [
      { code: null, signal: 'SIGKILL', cause: 'ordered' },
      { code: 'server-killed', params: { pid: 42 } },
    ],
  ] as const;
  test.each(cases)('server exit: %o → %o', (end, said) => {
    const story = ledByS3();
    story.tell('lab', { event: 'ServerExited', ...how, ...end, message: 'm' });
    expect(last(story)).toMatchObject(said);
  });
});

test.each([
  [{ code: 0, signal: null, cause: 'ordered', message: '' }, null],
  [
    { code: null, signal: 'SIGKILL', cause: 'not-ordered', message: 'm' },
    { code: 'network-died', params: {} },
  ],
  // Older recordings have no message in this event.
  [
    { code: 1, signal: null, cause: 'not-ordered' },
    { code: 'network-died', params: {} },
  ],
  [
    { code: 70, signal: null, cause: 'not-ordered', message: 'm' },
    { code: 'network-failed', params: { code: 70, message: 'm' }, tone: 'warning' },
  ],
] as const)('network exit: %o → %o', (end, said) => {
  const story = ledByS3();
  const before = last(story);
  story.tell('lab', { event: 'NetworkExited', pid: 9, ...end });
  expect(last(story)).toMatchObject(said ?? before);
});

describe('recovery', () => {
  test('restart: files loaded → restored; all committed entries on disk → caught-up', () => {
    const story = ledByS3();
    const rest = ['S1', 'S2', 'S5'];
    replicate(story, { leader: 'S3', term: 1, index: 1, followers: [...rest, 'S4'] });
    kill(story, 'S4', 1);
    replicate(story, { leader: 'S3', term: 1, index: 2, followers: rest });
    restart(story, { server: 'S4', ofLife: 2, term: 1, lastIndex: 1, logTerm: 1 });
    story.tell('S4', { event: 'LeaderRecognised', term: 1, leaderId: 'S3' });
    expect(codes(story)).not.toContain('caught-up');
    const runs = [{ term: 1, first: 2, last: 2 }];
    story.tell('S4', { event: 'EntriesAppended', term: 1, first: 2, last: 2, chain: chain(2), runs });
    const restored = { server: 'S4', term: 1, votedFor: '', lastIndex: 1 };
    expect(story.view().story.find(({ code }) => code === 'restored')?.params).toEqual(restored);
    const params = { server: 'S4', many: 1, lastIndex: 2, leader: 'S3', seconds: 0.01 };
    expect(last(story)).toEqual({ code: 'caught-up', params, tone: 'good' });
    expect(story.view().watch.catchingUp).toEqual({});
  });

  test('restart: long log with a wrong end → caught-up only after its repair', () => {
    const story = ledByS3();
    const rest = ['S1', 'S2', 'S5'];
    for (const index of [1, 2]) replicate(story, { leader: 'S3', term: 1, index, followers: ['S4'], commit: false });
    kill(story, 'S4', 1);
    kill(story, 'S3', 1);
    elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S5'], followers: ['S2', 'S5'] });
    replicate(story, { leader: 'S1', term: 2, index: 1, followers: rest.slice(1) });
    restart(story, { server: 'S4', ofLife: 2, term: 1, lastIndex: 2, logTerm: 1 });
    story.tell('S4', { event: 'TermAdvanced', term: 2, from: 1, reason: 'E5-higher-term' });
    story.tell('S4', { event: 'LeaderRecognised', term: 2, leaderId: 'S1' });
    expect(codes(story)).not.toContain('caught-up');
    const why = { reason: 'L2-conflict', conflictTerm: 1, leaderTerm: 2 } as const;
    story.tell('S4', { event: 'EntriesTruncated', term: 2, from: 1, last: 2, ...why });
    expect(last(story)).toMatchObject({ code: 'truncated', params: { server: 'S4', from: 1, last: 2, leaderTerm: 2 } });
    const runs = [{ term: 2, first: 1, last: 1 }];
    story.tell('S4', { event: 'EntriesAppended', term: 2, first: 1, last: 1, chain: chain(1), runs });
    expect(last(story)).toMatchObject({ code: 'caught-up', params: { server: 'S4', lastIndex: 1 } });
  });
});

describe('entries of a deposed leader', () => {
  /** S3 and S4 were cut off with two commands in their logs; the others elected S1 and share one of their own. */
  function healedAfterCut(): Story {
    const story = ledByS3();
    const larger = ['S2', 'S5'];
    replicate(story, { leader: 'S3', term: 1, index: 1, followers: others });
    cutOff(story, 'F1', ['S3', 'S4']);
    for (const index of [2, 3]) replicate(story, { leader: 'S3', term: 1, index, followers: ['S4'], commit: false });
    elect(story, { leader: 'S1', term: 2, voters: ['S1', ...larger], followers: larger, lastIndex: 1 });
    heal(story, 'F1', ['S3', 'S4']);
    for (const server of ['S3', 'S4']) {
      story.tell(server, { event: 'TermAdvanced', term: 2, from: 1, reason: 'E5-higher-term' });
      story.tell(server, { event: 'LeaderRecognised', term: 2, leaderId: 'S1' });
    }
    return story;
  }

  test('heal: two entries that the leader lacks → entries-left-over, not caught-up', () => {
    const story = healedAfterCut();
    expect(codes(story)).not.toContain('caught-up');
    const params = { server: 'S4', from: 2, last: 3 };
    expect(last(story)).toEqual({ code: 'entries-left-over', params, tone: 'warning' });
    expect(Object.keys(story.view().watch.catchingUp)).toEqual(['S3', 'S4']);
  });

  test('heal: the leader’s next entry replaces left-over entries → caught-up', () => {
    const story = healedAfterCut();
    replicate(story, { leader: 'S1', term: 2, index: 2, followers: ['S2', 'S5'] });
    const why = { reason: 'L2-conflict', conflictTerm: 1, leaderTerm: 2 } as const;
    story.tell('S3', { event: 'EntriesTruncated', term: 2, from: 2, last: 3, ...why });
    const runs = [{ term: 2, first: 2, last: 2 }];
    story.tell('S3', { event: 'EntriesAppended', term: 2, first: 2, last: 2, chain: chain(2), runs });
    expect(last(story)).toMatchObject({ code: 'caught-up', params: { server: 'S3', lastIndex: 2 } });
  });

  test('restart: the returning server wins the election → no caught-up', () => {
    const story = ledByS3();
    replicate(story, { leader: 'S3', term: 1, index: 1, followers: others });
    kill(story, 'S1', 1);
    restart(story, { server: 'S1', ofLife: 2, term: 1, lastIndex: 1, logTerm: 1 });
    elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S5'], followers: ['S2', 'S5'], lastIndex: 1 });
    expect(codes(story)).not.toContain('caught-up');
    expect(story.view().watch.catchingUp).toEqual({});
  });

  test('restart: every log is empty → no caught-up', () => {
    const story = ledByS3();
    kill(story, 'S4', 1);
    restart(story, { server: 'S4', ofLife: 2, term: 1, lastIndex: 0, logTerm: 0 });
    story.tell('S4', { event: 'LeaderRecognised', term: 1, leaderId: 'S3' });
    expect(codes(story)).not.toContain('caught-up');
  });

  test('restart: log is a prefix of a busy leader’s log → caught-up', () => {
    const story = ledByS3();
    kill(story, 'S4', 1);
    restart(story, { server: 'S4', ofLife: 2, term: 1, lastIndex: 0, logTerm: 0 });
    for (const index of [1, 2]) replicate(story, { leader: 'S3', term: 1, index, followers: [], commit: index === 1 });
    story.tell('S4', { event: 'LeaderRecognised', term: 1, leaderId: 'S3' });
    const runs = [{ term: 1, first: 1, last: 1 }];
    story.tell('S4', { event: 'EntriesAppended', term: 1, first: 1, last: 1, chain: chain(1), runs });
    expect(last(story)).toMatchObject({ code: 'caught-up', params: { server: 'S4', lastIndex: 1 } });
  });
});

describe('without a majority', () => {
  test('cut: command on the smaller side → minority-cannot-commit; heal → healed', () => {
    const story = ledByS3();
    cutOff(story, 'F1', ['S3', 'S4']);
    expect(last(story)).toEqual({ code: 'cut', params: { servers: 'S3, S4', count: 2 }, tone: 'warning' });
    replicate(story, { leader: 'S3', term: 1, index: 1, followers: ['S4'], commit: false });
    story.tell('S3', { event: 'ElectionTimerReset', term: 1, timeoutTicks: 20, reason: 'started' }, 160);
    const params = { server: 'S3', what: 'set x 1', index: 1, have: 2, needed: 3 };
    expect(last(story)).toEqual({ code: 'minority-cannot-commit', params, tone: 'warning' });
    heal(story, 'F1', ['S3', 'S4']);
    expect(last(story)).toEqual({ code: 'healed', params: { servers: 'S3, S4' }, tone: 'good' });
  });

  test('no leader: two of five servers keep standing → no-leader, once', () => {
    const story = ledByS3();
    for (const server of ['S3', 'S4', 'S5']) kill(story, server, 1);
    for (const [i, server] of ['S1', 'S2', 'S1'].entries()) {
      const standing = { term: i + 2, silentTicks: 20, lastLogIndex: 0, lastLogTerm: 0 };
      story.tell(server, { event: 'ElectionStarted', ...standing, reason: 'election-timeout' }, 200);
    }
    expect(last(story)).toEqual({ code: 'no-leader', params: { alive: 2, needed: 3 }, tone: 'warning' });
    expect(codes(story).filter((code) => code === 'no-leader')).toHaveLength(1);
  });

  test('story: cut-off server keeps standing under another leader → shown once', () => {
    const story = ledByS3();
    cutOff(story, 'F1', ['S5']);
    for (let term = 2; term < 6; term += 1) {
      const standing = { term, silentTicks: 20, lastLogIndex: 0, lastLogTerm: 0 };
      story.tell('S5', { event: 'ElectionStarted', ...standing, reason: 'election-timeout' }, 2_000);
    }
    expect(codes(story).filter((code) => code === 'election-started')).toHaveLength(2);
  });

  test('election: two candidates of one term → split-vote at the next attempt', () => {
    const story = createStory();
    startCluster(story);
    const stand = (server: string, term: number): void => {
      const standing = { term, silentTicks: 20, lastLogIndex: 0, lastLogTerm: 0 };
      story.tell(server, { event: 'ElectionStarted', ...standing, reason: 'election-timeout' }, 200);
    };
    stand('S1', 1);
    stand('S2', 1);
    story.tell('S1', { event: 'TermAdvanced', term: 2, from: 1, reason: 'election-started' });
    stand('S1', 2);
    expect(last(story)).toMatchObject({ code: 'split-vote', params: { term: 1 } });
  });
});

test('story: vote denied, not committed, stepped down → the reason is a parameter', () => {
  const story = ledByS3();
  story.tell('S3', { event: 'NotCommitted', term: 1, index: 4, entryTerm: 0, reason: 'L1-old-term' }, 2_000);
  const l1 = { server: 'S3', index: 4, entryTerm: 0, term: 1 };
  expect(last(story)).toMatchObject({ code: 'not-committed-old-term', params: l1 });
  const denied = { term: 2, candidate: 'S5', preVote: false, reason: 'E3-log-behind' } as const;
  story.tell('S1', { event: 'VoteDenied', ...denied }, 2_000);
  expect(last(story)).toMatchObject({ code: 'vote-denied', params: { server: 'S1', candidate: 'S5' } });
  story.tell('S3', { event: 'SteppedDown', term: 2, role: 'leader', reason: 'E5-higher-term' });
  expect(last(story)).toMatchObject({ code: 'stepped-down', params: { term: 2, reason: 'E5-higher-term' } });
});
