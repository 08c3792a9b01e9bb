/** The paper's figures 7 and 8 as scripts, and the two presets with every combination of their flags. */
import { describe, expect, test } from 'vitest';
import { rules } from '../../../src/core/raft/index.ts';
import { PAPER, PRODUCTION } from './helpers.ts';
import { figure8 } from './stories.ts';
import { Wires } from './wires.ts';

describe('Figure 7: logs of followers when a leader is elected', () => {
  const leader = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
  test.each([
    { name: 'a', log: [1, 1, 1, 4, 4, 5, 5, 6, 6], what: 'misses one entry' },
    { name: 'b', log: [1, 1, 1, 4], what: 'misses many entries' },
    { name: 'c', log: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6], what: 'has one entry too many' },
    { name: 'd', log: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7], what: 'has a whole term too many' },
    { name: 'e', log: [1, 1, 1, 4, 4, 4, 4], what: 'misses entries and has others' },
    { name: 'f', log: [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3], what: 'led two terms alone' },
  ])('§3.5 Figure 7 ($name) follower: $what → repaired by the leader of term 8', ({ log }) => {
    // S3 has the leader's log and votes for it. S2 is the follower in the figure.
    const wires = new Wires([
      { term: 7, log: leader },
      { term: 7, log },
      { term: 7, log: leader },
    ]);
    wires.timeOut('S1');
    wires.settle(['S1', 'S3']);
    expect(wires.state('S1')).toMatchObject({ currentTerm: 8, role: { name: 'leader' } });
    wires.propose('S1', 1);
    wires.heartbeat('S1');
    const delivered = wires.settle(['S1', 'S2', 'S3']);
    expect(wires.terms('S2')).toEqual([...leader, 8]);
    expect(wires.state('S2').lastChain).toBe(wires.state('S1').lastChain);
    // At most one probe with its reply for each term in which the logs differ, and the usual messages.
    expect(delivered).toBeLessThanOrEqual(14);
    wires.heartbeat('S1');
    wires.settle(['S1', 'S2', 'S3']);
    expect(wires.applied('S2').map((entry) => entry.index)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });
});

describe('Figure 8: entries of earlier terms', () => {
  test('§3.6.2 Figure 8 (d): entry of an old term on a majority → overwritten, never committed', () => {
    expect(figure8(rules)).toBeNull();
  });

  test('§3.6.2 Figure 8 (e): entry of the leader’s own term on a majority → the rival cannot win', () => {
    const wires = new Wires([
      { term: 3, log: [1, 2] },
      { term: 3, log: [1, 2] },
      { term: 3, log: [1] },
      { term: 3, log: [1] },
      { term: 3, log: [1, 3] },
    ]);
    wires.timeOut('S1');
    wires.settle(['S1', 'S2', 'S3']);
    wires.propose('S1', 1);
    wires.settle(['S1', 'S2', 'S3']);
    expect(wires.state('S1').commitIndex).toBe(3);
    for (let attempt = 0; attempt < 3; attempt++) {
      wires.timeOut('S5');
      wires.settle(['S2', 'S3', 'S4', 'S5']);
      expect(wires.state('S5').role.name).not.toBe('leader');
    }
  });

  test('§3.6.2 three servers: restart with an old entry → committed only together with a new one', () => {
    const wires = new Wires([
      { term: 2, log: [1, 2] },
      { term: 2, log: [1, 2] },
      { term: 2, log: [1] },
    ]);
    wires.timeOut('S1');
    wires.settle(['S1', 'S2', 'S3']);
    wires.heartbeat('S1');
    wires.settle(['S1', 'S2', 'S3']);
    expect([wires.state('S1').commitIndex, wires.applied('S1')]).toEqual([0, []]);
    expect(wires.events.filter(({ event }) => event.event === 'NotCommitted')).not.toEqual([]);
    wires.propose('S1', 1);
    wires.settle(['S1', 'S2', 'S3']);
    expect(wires.state('S1').commitIndex).toBe(3);
  });
});

describe('presets and every combination of flags', () => {
  const all = [false, true].flatMap((preVote) =>
    [false, true].flatMap((checkQuorum) => [false, true].map((noop) => ({ preVote, checkQuorum, noop }))),
  );

  test('presets: paper → all extensions off; production → all extensions on', () => {
    expect(PAPER).toEqual({ preVote: false, checkQuorum: false, noop: false });
    expect(PRODUCTION).toEqual({ preVote: true, checkQuorum: true, noop: true });
  });

  test.each(all)('PreVote $preVote, CheckQuorum $checkQuorum, no-op $noop: leader lost → next one commits', (flags) => {
    const wires = new Wires(
      Array.from({ length: 3 }, () => ({ term: 0, log: [] })),
      { flags },
    );
    wires.timeOut('S1');
    wires.settle(['S1', 'S2', 'S3']);
    expect(wires.state('S1').role.name).toBe('leader');
    wires.propose('S1', 1);
    wires.settle(['S1', 'S2', 'S3']);
    expect(wires.state('S1').commitIndex).toBe(flags.noop ? 2 : 1);
    // S1 is silent, so one of the other two is elected.
    const rest = ['S2', 'S3'];
    const leading = () => rest.find((id) => wires.state(id).role.name === 'leader');
    for (let tick = 0; tick < 200 && leading() === undefined; tick++) {
      for (const id of rest) {
        wires.input(id, { type: 'tick' });
      }
      wires.settle(rest);
    }
    const next = leading() ?? 'nobody';
    wires.propose(next, 2);
    wires.settle(rest);
    expect(wires.state(next).commitIndex).toBe(flags.noop ? 4 : 2);
    // S1 is back. It learns the new term and the new entries.
    for (let beat = 0; beat < 2; beat++) {
      wires.heartbeat(next);
      wires.settle(['S1', 'S2', 'S3']);
    }
    expect(wires.state('S1')).toMatchObject({ role: { name: 'follower', leaderId: next } });
    expect(wires.state('S1').lastChain).toBe(wires.state(next).lastChain);
  });
});
