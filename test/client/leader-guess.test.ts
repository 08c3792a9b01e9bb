/** The server that a client asks next, and its pauses, without any network. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLeaderGuess, type LeaderGuess } from '../../src/client/leader-guess.ts';
import { checkProperty } from '../helpers/property.ts';

const servers = ['S1', 'S2', 'S3', 'S4', 'S5'];
const create = (): LeaderGuess => createLeaderGuess(servers, () => 1);

describe('rounds', () => {
  test('leader guess: no server leads → each asked once a round, with pauses of up to 500 ms', () => {
    const guess = create();
    const pauses: number[] = [];
    const targets: string[] = [];
    for (let at = 0; at < 35; at += 1) {
      targets.push(guess.target());
      const pause = guess.redirected(null);
      if (pause > 0) pauses.push(pause);
    }
    expect(pauses).toEqual([20, 40, 80, 160, 320, 500, 500]);
    for (let round = 0; round < 7; round += 1) {
      expect(targets.slice(round * 5, round * 5 + 5).toSorted()).toEqual(servers);
    }
  });

  test('leader guess: a leader answered → the next round starts afresh', () => {
    const guess = create();
    for (let at = 0; at < 5; at += 1) guess.redirected(null);
    guess.confirmed('S4');
    expect(guess.target()).toBe('S4');
    const pauses = servers.map(() => guess.failed());
    expect(pauses).toEqual([0, 0, 0, 0, 20]);
  });
});

describe('silent server', () => {
  test('leader guess: silent server that others name → skipped for some rounds, then asked', () => {
    const guess = create();
    expect(guess.target()).toBe('S1');
    guess.failed();
    let rounds = 0;
    let asked = 0;
    while (guess.target() !== 'S1') {
      asked += 1;
      if (guess.redirected('S1') > 0) rounds += 1;
      expect(asked).toBeLessThan(100);
    }
    expect(rounds).toBe(4);
  });

  test('leader guess: no server answers → each is asked again in the next round', () => {
    const guess = create();
    const targets = Array.from({ length: 10 }, () => {
      const target = guess.target();
      guess.failed();
      return target;
    });
    expect(targets.slice(5).toSorted()).toEqual(servers);
  });
});

test('leader guess: any answers → live server asked within two rounds; a pause in each round', () => {
  const answer = fc.oneof(
    fc.constant('failed' as const),
    fc.record({ leaderId: fc.option(fc.constantFrom(...servers, 'S9')) }),
  );
  checkProperty(
    'test/client/leader-guess.test.ts',
    fc.property(fc.constantFrom(...servers), fc.infiniteStream(answer), (alive, answers) => {
      const guess = create();
      let sincePause = 0;
      for (let step = 0; step < 2 * servers.length; step += 1) {
        if (guess.target() === alive) return;
        const { value } = answers.next();
        const pause = value === 'failed' ? guess.failed() : guess.redirected(value.leaderId);
        sincePause = pause > 0 ? 0 : sincePause + 1;
        expect(sincePause).toBeLessThan(servers.length);
      }
      expect.fail(`${alive} was never asked`);
    }),
  );
});

describe('busy server', () => {
  test('leader guess: busy server → asked again after growing pauses', () => {
    const guess = create();
    guess.confirmed('S3');
    expect([guess.busy(), guess.busy(), guess.busy()]).toEqual([20, 40, 80]);
    expect(guess.target()).toBe('S3');
  });

  test('leader guess: server stays busy → another is asked, since it may be a cut-off leader', () => {
    const guess = create();
    guess.confirmed('S1');
    // S1 leads a minority and is full; S2 was cut off with it; S3 leads the others.
    const answers: Record<string, () => number> = {
      S1: () => guess.busy(),
      S2: () => guess.redirected('S1'),
      S4: () => guess.redirected('S3'),
      S5: () => guess.redirected('S3'),
    };
    let steps = 0;
    for (; guess.target() !== 'S3' && steps < 50; steps += 1) answers[guess.target()]?.();
    expect(steps).toBeLessThan(20);
  });
});
