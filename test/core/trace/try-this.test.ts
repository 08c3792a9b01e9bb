/** A line of *Try this* is ticked exactly when the trace shows that its task was done. */
import { expect, test } from 'vitest';
import type { TryStep } from '../../../src/core/trace/view.ts';
import type { Story } from './story.ts';
import { chain, createStory, cutOff, elect, heal, kill, replicate, restart, settings, startCluster } from './story.ts';

function ledByS3(from = settings): Story {
  const story = createStory();
  startCluster(story, from);
  elect(story, { leader: 'S3', term: 1, voters: ['S3', 'S1', 'S2'], followers: ['S1', 'S2', 'S4', 'S5'] });
  return story;
}

function ticked(story: Story): readonly TryStep[] {
  const lines = Object.entries(story.view().tryThis) as [TryStep, number | null][];
  return lines.filter(([, at]) => at !== null).map(([step]) => step);
}

function wait(story: Story, ms: number): void {
  story.tell('S1', { event: 'ElectionTimerReset', term: 1, timeoutTicks: 20, reason: 'started' }, ms);
}

test('submit: command given with Start() → ticked when committed, not before', () => {
  const story = ledByS3();
  replicate(story, { leader: 'S3', term: 1, index: 1, followers: ['S1', 'S2'], commit: false });
  expect(ticked(story)).toEqual([]);
  replicate(story, { leader: 'S3', term: 1, index: 2, followers: ['S1', 'S2'] });
  expect(ticked(story)).toEqual(['submit']);
});

test('submit: a no-op or a session commits → not ticked', () => {
  const story = ledByS3();
  const range = { term: 1, first: 1, last: 1, chain: chain(1) };
  story.tell('S3', { event: 'EntriesProposed', ...range, entries: [{ type: 'session', index: 1, term: 1 }] });
  story.tell('S3', { event: 'CommitAdvanced', ...range, from: 0, to: 1, reason: 'quorum' });
  expect(ticked(story)).toEqual([]);
});

test('kill-leader: SIGKILL of the leader, also from a terminal → ticked; others → not', () => {
  const story = ledByS3();
  kill(story, 'S1', 1);
  expect(ticked(story)).toEqual([]);
  const how = { code: null, signal: 'SIGKILL', cause: 'not-ordered', message: '' } as const;
  const gone = story.tell('lab', { event: 'ServerExited', server: 'S3', ofLife: 1, pid: 3, ...how });
  expect(story.view().tryThis['kill-leader']).toBe(gone.timeUs);
});

test('restart: killed server is back and caught up → ticked, and stays so', () => {
  const story = ledByS3();
  kill(story, 'S4', 1);
  replicate(story, { leader: 'S3', term: 1, index: 1, followers: ['S1', 'S2'] });
  restart(story, { server: 'S4', ofLife: 2, term: 1, lastIndex: 0, logTerm: 0 });
  story.tell('S4', { event: 'LeaderRecognised', term: 1, leaderId: 'S3' });
  expect(ticked(story)).toEqual(['submit']);
  const runs = [{ term: 1, first: 1, last: 1 }];
  const back = story.tell('S4', { event: 'EntriesAppended', term: 1, first: 1, last: 1, chain: chain(1), runs });
  expect(story.view().tryThis.restart).toBe(back.timeUs);
  kill(story, 'S4', 2);
  expect(story.view().tryThis.restart).toBe(back.timeUs);
});

test('restart: server has all committed entries and one the leader lacks → ticked', () => {
  const story = ledByS3();
  replicate(story, { leader: 'S3', term: 1, index: 1, followers: ['S1', 'S2', 'S4', 'S5'] });
  replicate(story, { leader: 'S3', term: 1, index: 2, followers: [], commit: false });
  kill(story, 'S3', 1);
  elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S5'], followers: ['S2', 'S4', 'S5'], lastIndex: 1 });
  restart(story, { server: 'S3', ofLife: 2, term: 1, lastIndex: 2, logTerm: 1 });
  story.tell('S3', { event: 'TermAdvanced', term: 2, from: 1, reason: 'E5-higher-term' });
  expect(story.view().tryThis.restart).toBeNull();
  const heard = story.tell('S3', { event: 'LeaderRecognised', term: 2, leaderId: 'S1' });
  expect(story.view().tryThis.restart).toBe(heard.timeUs);
  expect(story.view().story.at(-1)?.code).toBe('entries-left-over');
});

test('restart: server was stopped in order → not ticked', () => {
  const story = ledByS3();
  const how = { code: 0, signal: null, cause: 'ordered', message: '' } as const;
  story.tell('lab', { event: 'ServerExited', server: 'S4', ofLife: 1, pid: 3, ...how });
  restart(story, { server: 'S4', ofLife: 2, term: 1, lastIndex: 0, logTerm: 0 });
  story.tell('S4', { event: 'LeaderRecognised', term: 1, leaderId: 'S3' });
  expect(ticked(story)).toEqual([]);
});

test('minority: command uncommitted after twice the longest election timeout → ticked', () => {
  const story = ledByS3();
  cutOff(story, 'F1', ['S3', 'S4']);
  replicate(story, { leader: 'S3', term: 1, index: 1, followers: ['S4'], commit: false });
  wait(story, 500);
  expect(ticked(story)).toEqual([]);
  wait(story, 110);
  expect(ticked(story)).toEqual(['minority']);
});

test('minority: run with a longer maximum of its election timeout → ticked later', () => {
  const story = ledByS3({ ...settings, electionMaxTicks: 3 * settings.electionTicks });
  cutOff(story, 'F1', ['S3', 'S4']);
  replicate(story, { leader: 'S3', term: 1, index: 1, followers: ['S4'], commit: false });
  wait(story, 610);
  expect(ticked(story)).toEqual([]);
  wait(story, 300);
  expect(ticked(story)).toEqual(['minority']);
});

test('minority: command still uncommitted at heal → ticked', () => {
  const story = ledByS3();
  cutOff(story, 'F1', ['S3', 'S4']);
  replicate(story, { leader: 'S3', term: 1, index: 1, followers: ['S4'], commit: false });
  heal(story, 'F1', ['S3', 'S4']);
  expect(ticked(story)).toEqual(['minority']);
});

test('minority: command of the larger side, or before the cut → not ticked', () => {
  const story = ledByS3();
  replicate(story, { leader: 'S3', term: 1, index: 1, followers: [], commit: false });
  cutOff(story, 'F1', ['S4', 'S5']);
  replicate(story, { leader: 'S3', term: 1, index: 2, followers: ['S1', 'S2'], commit: false });
  wait(story, 2_000);
  heal(story, 'F1', ['S4', 'S5']);
  expect(ticked(story)).toEqual([]);
});

test('minority: majority dead, no cut → not ticked', () => {
  const story = ledByS3();
  for (const server of ['S1', 'S2', 'S5']) kill(story, server, 1);
  replicate(story, { leader: 'S3', term: 1, index: 1, followers: ['S4'], commit: false });
  wait(story, 2_000);
  expect(ticked(story)).toEqual([]);
  expect(story.view().story.at(-1)?.code).toBe('minority-cannot-commit');
});

/** S3 and S4 are cut off with the leader S3, take a command that they cannot commit, and are healed. */
function healedMinority(): Story {
  const story = ledByS3();
  cutOff(story, 'F1', ['S3', 'S4']);
  replicate(story, { leader: 'S3', term: 1, index: 1, followers: ['S4'], commit: false });
  elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S5'], followers: ['S2', 'S5'] });
  heal(story, 'F1', ['S3', 'S4']);
  return story;
}

function truncate(story: Story, server: string, from: number): void {
  const terms = { term: 2, conflictTerm: 1, leaderTerm: 2 };
  story.tell(server, { event: 'EntriesTruncated', from, last: Math.max(from, 1), ...terms, reason: 'L2-conflict' });
}

test('drop: minority’s entry truncated → ticked, with every server that dropped it', () => {
  const story = healedMinority();
  expect(ticked(story)).toEqual(['minority']);
  expect(story.view().stranded).toMatchObject({ index: 1, term: 1, droppedBy: [] });
  truncate(story, 'S3', 1);
  expect(ticked(story)).toEqual(['minority', 'drop']);
  truncate(story, 'S4', 1);
  expect(story.view().stranded?.droppedBy).toEqual(['S3', 'S4']);
});

test('drop: truncation of a later index, of a server without the entry, export → not ticked', () => {
  const story = healedMinority();
  truncate(story, 'S3', 2);
  truncate(story, 'S5', 1);
  story.tell('lab', { event: 'RunExported', format: 'jsonl', events: 9 });
  expect(ticked(story)).toEqual(['minority']);
});

test('drop: entry survived → the next entry of a minority takes its place', () => {
  const story = ledByS3();
  cutOff(story, 'F1', ['S3', 'S4']);
  replicate(story, { leader: 'S3', term: 1, index: 1, followers: ['S4'], commit: false });
  heal(story, 'F1', ['S3', 'S4']);
  replicate(story, { leader: 'S3', term: 1, index: 2, followers: ['S1', 'S2'] });
  cutOff(story, 'F2', ['S3', 'S4']);
  replicate(story, { leader: 'S3', term: 1, index: 3, followers: ['S4'], commit: false });
  heal(story, 'F2', ['S3', 'S4']);
  expect(story.view().stranded).toMatchObject({ index: 3, term: 1 });
});
