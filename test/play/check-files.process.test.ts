/**
 * checkFiles on real processes: a store larger than one frame is compared as a whole, and missing evidence gives no
 * verdict.
 */
import { expect, test } from 'vitest';
import { readScenario, type Scenario } from '../../src/core/scenario/index.ts';
import { LabWatch } from '../../src/lab/index.ts';
import { drawnSeed, openCourse } from './course.ts';

const course = openCourse();

function scenarioOf(steps: readonly string[], servers = 3): Scenario {
  const head = `name: Files\ntitle: { en: Files, zh: 文件 }\ncluster: { servers: ${servers}, mode: production, pace: real }\n`;
  return readScenario(`${head}steps:\n${steps.map((step) => `  - ${step}\n`).join('')}`);
}

test('checkFiles: store of 90 values of 60 KB (5.4 MB) → valid', async () => {
  // A scenario file is too small for these commands, so the test writes through the lab while the scenario waits.
  const waits = 'expect: { that: applied(92) == 3, within: 60000, says: { en: not written, zh: 没有写入 } }';
  const watch = new LabWatch(course.lab);
  const played = course.play(scenarioOf(['checkOneLeader: L', waits, 'checkFiles: true']), drawnSeed());
  await watch.until('a leader', (view) => view.scenario?.name === 'Files' && view.leader !== null);
  for (let at = 0; at < 90; at += 1) {
    const command = { op: 'set', key: `large${at}`, value: `${at};`.repeat(60_000).slice(0, 60_000) } as const;
    expect(await course.lab.ask('submit', { command })).toMatchObject({ ok: true, value: { outcome: 'done' } });
  }
  const outcome = await played;
  watch.stop();
  expect(outcome).toMatchObject({ verdict: 'valid', reason: '' });
});

test.each([
  ['a frozen server', ['submit: set x 1', 'freeze: 2', 'checkFiles: true'], 'S2 (frozen) did not answer within 10 s'],
  ['no server', ['submit: set x 1', 'kill: all', 'checkFiles: true'], 'no server runs'],
  ['a minority', ['submit: set x 1', 'kill: [1, 2]', 'checkFiles: true'], 'S1, S2 of 3 servers are down'],
  ['nothing written', ['checkOneLeader: L', 'checkFiles: true'], 'nothing was written'],
])('checkFiles: %s → unknown, with what is missing', async (_what, steps, reason) => {
  const outcome = await course.play(scenarioOf(steps), drawnSeed());
  expect(outcome).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining(reason) });
});

test('checkFiles: a killed server lags behind → valid; its files are read as they are', async () => {
  const steps = ['submit: append x a;', 'kill: 2', 'submit: append x b;', 'checkFiles: true'];
  expect(await course.play(scenarioOf(steps), drawnSeed())).toMatchObject({ verdict: 'valid', reason: '' });
});
