/** `leaderOfMajority`: the leader to which a command for *the leader* goes. */
import { describe, expect, test } from 'vitest';
import { leaderOfMajority } from '../../../src/core/trace/predicates.ts';
import { createStory, cutOff, elect, heal, kill, type Story, startCluster } from './story.ts';

function ledByS3(): Story {
  const story = createStory();
  startCluster(story);
  elect(story, { leader: 'S3', term: 1, voters: ['S3', 'S1', 'S2'], followers: ['S1', 'S2', 'S4', 'S5'] });
  return story;
}

describe('leaderOfMajority', () => {
  test('leaderOfMajority: one leader, no fault → that leader', () => {
    expect(leaderOfMajority(ledByS3().view())).toBe('S3');
  });

  test('leaderOfMajority: the only leader is in the minority → null', () => {
    const story = ledByS3();
    cutOff(story, 'F1', ['S3', 'S4']);
    expect(story.view().leader?.server).toBe('S3');
    expect(leaderOfMajority(story.view())).toBeNull();
  });

  test('leaderOfMajority: old leader in the minority, new one elected → the new one', () => {
    const story = ledByS3();
    cutOff(story, 'F1', ['S3', 'S4']);
    elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S5'], followers: ['S2', 'S5'] });
    expect(leaderOfMajority(story.view())).toBe('S1');
  });

  test('leaderOfMajority: newest leader cut off → the older one with a majority', () => {
    const story = ledByS3();
    cutOff(story, 'F1', ['S3', 'S4']);
    elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S5'], followers: ['S2', 'S5'] });
    heal(story, 'F1', ['S3', 'S4']);
    cutOff(story, 'F2', ['S1', 'S2']);
    expect(story.view().leader?.server).toBe('S1');
    expect(leaderOfMajority(story.view())).toBe('S3');
  });

  test('leaderOfMajority: leader frozen, or too many others down → null', () => {
    const frozen = ledByS3();
    frozen.tell('lab', { event: 'ServerFrozen', server: 'S3', ofLife: 1, pid: 102 });
    expect(leaderOfMajority(frozen.view())).toBeNull();
    const alone = ledByS3();
    for (const server of ['S1', 'S2', 'S4']) kill(alone, server, 1);
    expect(leaderOfMajority(alone.view())).toBeNull();
  });
});
