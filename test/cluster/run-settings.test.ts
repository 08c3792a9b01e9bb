/** A person's few choices become complete settings. The seeds of servers differ from each other and are repeatable. */
import { expect, test } from 'vitest';
import { seedFor, settingsFor, timingAfter } from '../../src/cluster/run-settings.ts';

test('settings: no choice → five servers, classroom, paper, fsync, the drawn seed', () => {
  expect(settingsFor({}, 77)).toEqual({
    servers: ['S1', 'S2', 'S3', 'S4', 'S5'],
    pace: 'classroom',
    preset: 'paper',
    flags: { preVote: false, checkQuorum: false, noop: false },
    durability: 'fsync',
    electionTicks: 15,
    heartbeatTicks: 5,
    seed: 77,
  });
});

test('settings: choices kept; a changed flag → preset custom; all flags on → production', () => {
  const chosen = settingsFor({ servers: 3, pace: 'real', preset: 'production', durability: 'os-cache', seed: 5 }, 77);
  expect([chosen.servers, chosen.pace, chosen.durability, chosen.seed]).toEqual([
    ['S1', 'S2', 'S3'],
    'real',
    'os-cache',
    5,
  ]);
  expect([chosen.preset, chosen.flags]).toEqual(['production', { preVote: true, checkQuorum: true, noop: true }]);
  expect(settingsFor({ flags: { noop: true } }, 1).preset).toBe('custom');
  expect(settingsFor({ flags: { preVote: true, checkQuorum: true, noop: true } }, 1).preset).toBe('production');
});

test('seeds: every life of every server → a seed of its own, repeatable for the same settings', () => {
  const settings = settingsFor({ servers: 9, seed: 1 }, 0);
  const seeds = settings.servers.flatMap((server) =>
    Array.from({ length: 20 }, (_, at) => seedFor(settings, server, at + 1)),
  );
  expect(new Set(seeds).size).toBe(seeds.length);
  expect(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0 && seed <= 0xffff_ffff)).toBe(true);
  expect(seedFor(settings, 'S3', 2)).toBe(seedFor({ ...settings }, 'S3', 2));
  expect(seedFor({ ...settings, seed: 2 }, 'S3', 2)).not.toBe(seedFor(settings, 'S3', 2));
});

test('settings: own timing → kept; a longest timeout below the shortest → refused', () => {
  const timing = {
    electionTicks: 15,
    electionMaxTicks: 18,
    heartbeatTicks: 4,
    hopTicks: 2,
    jitterTicks: 0.2,
    lossPercent: 1,
  };
  expect(settingsFor(timing, 1)).toMatchObject(timing);
  expect(() => settingsFor({ electionMaxTicks: 14 }, 1)).toThrow(/longest election timeout is below the shortest/);
  expect(() => timingAfter({ electionTicks: 20, heartbeatTicks: 5 }, { electionMaxTicks: 19 })).toThrow(
    /longest election timeout is below the shortest/,
  );
});
