/** Every action of the table as a step on real processes, and the older names of steps. */
import { expect, test } from 'vitest';
import { ACTION_NAMES, OLD_STEPS } from '../../src/core/actions/index.ts';
import { readScenario } from '../../src/core/scenario/index.ts';
import { drawnSeed, openCourse } from './course.ts';

const course = openCourse();

const FILE = `
name: EveryAction
title: { en: Every action, zh: 每个动作 }
cluster: { servers: 3, mode: production, pace: real }
steps:
  - checkOneLeader: L
  - cutOff: { servers: L, as: off }
  - heal: { fault: off }
  - setLinks: { links: { from: L, to: all }, policy: { lossPercent: 20 }, as: lossy }
  - resetLinks: { from: L, to: all }
  - heal: { fault: lossy }
  - setNetwork: unreliable
  - setNetwork: reliable
  - partition: [[S1], [S2, S3]]
  - partition: []
  - setKeepAlive: true
  - setKeepAlive: false
  - setPace: classroom
  - setPace: real
  - setTiming: { electionTicks: 20, electionMaxTicks: 30, hopTicks: 0.5, jitterTicks: 0.1, lossPercent: 1 }
  - setTiming: { electionTicks: 15, paceHop: true }
  - cutClients: S1
  - setRandomFaults: { perMinute: 1, seed: 1 }
  - setRandomFaults: 0
  - checkOneLeader: M
  - startCommand: { server: M + 1, command: get x, as: outcome }
  - expect: { that: outcome == 'not-leader', says: { en: a follower took the command, zh: 跟随者接受了命令 } }
  - kill: { servers: M, signal: SIGTERM }
  - restart: M
  - killInWrite: S1
  - freeze: S2
  - resume: S2
  - cut: { from: S1, to: S2 }
  - network: unreliable
  - nemesis: 0
  - heal: true
  - submit: set x 5
`;

test('scenario: every action and every older name → carried out, valid', async () => {
  const scenario = readScenario(FILE);
  const seed = drawnSeed();
  const outcome = await course.play(scenario, seed);
  const again = `RAFT_LAB_SEED=${seed} npx vitest run --config test/vitest.config.ts test/play/every-action.process.test.ts`;
  expect(outcome, `${outcome.reason}; repeat with: ${again}`).toMatchObject({ verdict: 'valid', reason: '' });
  const written = FILE.matchAll(/^ {2}- (\w+):/gm);
  const steps = new Set([...written].map(([, name]) => name));
  expect([...ACTION_NAMES, ...Object.keys(OLD_STEPS)].filter((name) => !steps.has(name))).toEqual([]);
});
