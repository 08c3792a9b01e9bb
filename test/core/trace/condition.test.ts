/** The condition of the cluster: whether it can commit, and the facts of the header's sentence in their order. */
import { describe, expect, test } from 'vitest';
import { committability, leaderStanding } from '../../../src/core/trace/committability.ts';
import { conditionOf } from '../../../src/core/trace/condition.ts';
import { emptyView } from '../../../src/core/trace/empty-view.ts';
import type { ClusterView } from '../../../src/core/trace/view.ts';
import { createStory, cutOff, elect, heal, kill, type Story, settings, startCluster } from './story.ts';

/** S3 leads term 1, and all five servers follow it. */
function ledByS3(): Story {
  const story = createStory();
  startCluster(story);
  elect(story, { leader: 'S3', term: 1, voters: ['S3', 'S1', 'S2'], followers: ['S1', 'S2', 'S4', 'S5'] });
  return story;
}

/** The codes of the facts, the consequence first. */
const codesOf = (view: ClusterView): readonly string[] => conditionOf(view).facts.map(({ code }) => code);

function cutLink(story: Story, link: `${string}>${string}`): void {
  story.tell('network', { event: 'LinkPolicyChanged', link, policy: { mode: 'cut' } });
}

function withHealth(view: ClusterView, id: string, state: 'late' | 'disk-silent' | 'stalled'): ClusterView {
  const server = view.servers[id];
  if (server === undefined) throw new Error(`no server ${id}`);
  return { ...view, servers: { ...view.servers, [id]: { ...server, health: { state, sinceUs: 7 } } } };
}

describe('committability', () => {
  test('committability: five servers follow → all support the leader', () => {
    const view = ledByS3().view();
    expect(committability(view)).toEqual({ leader: 'S3', supporters: ['S3', 'S1', 'S2', 'S4', 'S5'], obstacle: null });
    expect(leaderStanding(view, 'S3')).toBe('commits');
    expect(leaderStanding(view, 'S1')).toBeNull();
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])('committability: %i servers → stuck when half or fewer are up', (count) => {
    const servers = Array.from({ length: count }, (_, index) => `S${index + 1}`);
    const story = createStory();
    story.tell('lab', {
      event: 'RunStarted',
      traceVersion: 2,
      settings: { ...settings, servers },
      startedAt: '',
      raftLab: '',
    });
    for (const server of servers) {
      story.tell('lab', { event: 'ServerSpawned', server, ofLife: 1, pid: 1 });
      story.tell('lab', { event: 'ServerReady', server, ofLife: 1, port: 4000 });
    }
    elect(story, { leader: 'S1', term: 1, voters: ['S1'], followers: servers.slice(1) });
    for (let up = count; up > 0; up -= 1) {
      const view = story.view();
      expect([up, committability(view).obstacle === null]).toEqual([up, up > count / 2]);
      if (up > 1) kill(story, `S${up}`, 1);
    }
  });

  test('committability: leader in a minority → cut off, with the number that it reaches', () => {
    const story = ledByS3();
    cutOff(story, 'F1', ['S3', 'S4']);
    const view = story.view();
    expect(committability(view)).toEqual({
      leader: 'S3',
      supporters: ['S3', 'S4'],
      obstacle: { code: 'leader-cut-off', server: 'S3', reached: 2, all: 5, needed: 3 },
    });
    expect(leaderStanding(view, 'S3')).toBe('cannot-commit');
    heal(story, 'F1', ['S3', 'S4']);
    expect(committability(story.view()).obstacle).toBeNull();
  });

  test('committability: three links cut in one direction each → cut off', () => {
    const story = ledByS3();
    cutLink(story, 'S3>S1');
    cutLink(story, 'S2>S3');
    expect(committability(story.view()).obstacle).toBeNull();
    cutLink(story, 'S4>S3');
    expect(committability(story.view()).obstacle).toMatchObject({ code: 'leader-cut-off', reached: 2 });
  });

  test('committability: three of five do not answer → too few answer; late ones count', () => {
    const view = ledByS3().view();
    const silent = withHealth(withHealth(view, 'S1', 'stalled'), 'S2', 'disk-silent');
    expect(committability(silent).obstacle).toBeNull();
    const three = { code: 'too-few-answer', answering: 2, all: 5, needed: 3 };
    expect(committability(withHealth(silent, 'S4', 'stalled')).obstacle).toEqual(three);
    expect(committability(withHealth(silent, 'S4', 'late')).obstacle).toBeNull();
  });

  test('committability: leader frozen or silent, network gone → each names its obstacle', () => {
    const frozen = ledByS3();
    frozen.tell('lab', { event: 'ServerFrozen', server: 'S3', ofLife: 1, pid: 102 });
    expect(committability(frozen.view()).obstacle).toEqual({ code: 'leader-frozen', server: 'S3', term: 1 });
    const silent = withHealth(ledByS3().view(), 'S3', 'disk-silent');
    expect(committability(silent).obstacle).toEqual({ code: 'disk-silent', server: 'S3', sinceUs: 7 });
    const gone = ledByS3();
    const exit = { pid: 9, code: null, signal: 'SIGKILL', cause: 'not-ordered' } as const;
    const { timeUs: sinceUs } = gone.tell('lab', { event: 'NetworkExited', ...exit });
    expect(committability(gone.view()).obstacle).toEqual({ code: 'network-gone', sinceUs });
  });

  test('leader: a majority is in a newer term → left behind, before anybody is elected', () => {
    const story = ledByS3();
    cutOff(story, 'F1', ['S3', 'S4']);
    for (const server of ['S1', 'S2']) {
      story.tell(server, { event: 'TermAdvanced', term: 2, from: 1, reason: 'E5-higher-term' });
    }
    expect(leaderStanding(story.view(), 'S3')).toBe('cannot-commit');
    story.tell('S5', { event: 'TermAdvanced', term: 2, from: 1, reason: 'E5-higher-term' });
    expect(leaderStanding(story.view(), 'S3')).toBe('left-behind');
    expect(codesOf(story.view())).toEqual(['nothing-commits', 'nobody-stands', 'thinks-it-leads', 'up']);
  });
});

describe('condition', () => {
  test('condition: no server, servers starting, run ended → no judgement of health', () => {
    expect(conditionOf(emptyView)).toEqual({ kind: 'starting', facts: [{ code: 'starting', count: 0 }] });
    const story = createStory();
    story.tell('lab', { event: 'RunStarted', traceVersion: 2, settings, startedAt: '', raftLab: '' });
    story.tell('lab', { event: 'ServerSpawned', server: 'S1', ofLife: 1, pid: 1 });
    story.tell('lab', { event: 'ServerReady', server: 'S1', ofLife: 1, port: 4000 });
    expect(conditionOf(story.view())).toEqual({ kind: 'starting', facts: [{ code: 'starting', count: 4 }] });
    const ended = ledByS3();
    for (const server of settings.servers) kill(ended, server, 1);
    expect(conditionOf(ended.view()).kind).toBe('all-down');
    ended.tell('lab', { event: 'RunEnded', reason: 'closed' } as never);
    expect(conditionOf(ended.view()).kind).toBe('ended');
  });

  test('condition: healthy → leader, commits, servers up', () => {
    expect(conditionOf(ledByS3().view())).toEqual({
      kind: 'leads',
      facts: [
        { code: 'leads', server: 'S3', term: 1 },
        { code: 'committed', count: 0 },
        { code: 'up', up: 5, all: 5 },
      ],
    });
  });

  test('condition: three of five down → nothing can be committed, whether or not one leads', () => {
    const story = ledByS3();
    for (const server of ['S1', 'S2', 'S4']) kill(story, server, 1);
    expect(conditionOf(story.view())).toEqual({
      kind: 'nothing-commits',
      facts: [
        { code: 'nothing-commits' },
        { code: 'too-few-up', up: 2, all: 5, needed: 3 },
        { code: 'leads', server: 'S3', term: 1 },
      ],
    });
    kill(story, 'S3', 1);
    expect(codesOf(story.view())).toEqual(['nothing-commits', 'too-few-up', 'nobody']);
  });

  test('condition: leader killed → nobody leads, and who stands; two of one term → counted', () => {
    const story = ledByS3();
    kill(story, 'S3', 1);
    expect(codesOf(story.view())).toEqual(['nobody', 'nobody-stands', 'committed', 'up']);
    const stand = (id: string): void => {
      story.tell(id, { event: 'TermAdvanced', term: 2, from: 1, reason: 'election-started' });
      const last = { lastLogIndex: 0, lastLogTerm: 0 };
      story.tell(id, { event: 'ElectionStarted', term: 2, silentTicks: 20, ...last, reason: 'election-timeout' });
    };
    stand('S4');
    expect(conditionOf(story.view()).facts[1]).toEqual({ code: 'stands', server: 'S4', term: 2 });
    stand('S5');
    expect(conditionOf(story.view()).facts[1]).toEqual({ code: 'several-stand', count: 2, term: 2 });
  });

  test('condition: three groups without a majority, nobody leads → no server is electable', () => {
    const story = ledByS3();
    kill(story, 'S3', 1);
    cutOff(story, 'F1', ['S1', 'S2']);
    expect(codesOf(story.view())).toEqual(['nothing-commits', 'nobody-electable', 'nobody', 'up']);
  });

  test('condition: newer leader elected → leads, and the old one thinks that it leads', () => {
    const story = ledByS3();
    cutOff(story, 'F1', ['S3', 'S4']);
    elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S5'], followers: ['S2', 'S5'] });
    const view = story.view();
    expect(conditionOf(view).facts.slice(0, 3)).toEqual([
      { code: 'leads', server: 'S1', term: 2 },
      { code: 'committed', count: 0 },
      { code: 'thinks-it-leads', server: 'S3', term: 1 },
    ]);
    expect([leaderStanding(view, 'S1'), leaderStanding(view, 'S3')]).toEqual(['commits', 'left-behind']);
  });

  test('condition: a silent follower → sick, with its leader; a late one → a fact after the counts', () => {
    const view = ledByS3().view();
    const sick = conditionOf(withHealth(view, 'S1', 'disk-silent'));
    expect(sick).toMatchObject({
      kind: 'sick',
      facts: [{ code: 'disk-silent', server: 'S1', sinceUs: 7 }, {}, {}, {}],
    });
    expect(codesOf(withHealth(view, 'S1', 'late'))).toEqual(['leads', 'committed', 'up', 'late']);
  });

  test('condition: a broken promise → before everything else', () => {
    const story = ledByS3();
    for (const server of ['S1', 'S2', 'S4']) kill(story, server, 1);
    const params = { term: 1, one: 'S1', other: 'S2' };
    const rule = { property: 'election-safety', rule: 'Figure 3, §5.2', params, proof: [] };
    story.tell('lab', { event: 'PropertyViolated', ...rule } as never);
    expect(conditionOf(story.view()).kind).toBe('broken');
    expect(codesOf(story.view())).toEqual(['broken', 'nothing-commits', 'too-few-up', 'leads']);
  });
});
