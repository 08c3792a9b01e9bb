/**
 * A scenario has one verdict, formed by the judges when its servers are gone. It covers facts that only the end proves,
 * facts that no server reports, and facts that stay unknown. Real servers; `raft-lab check` of the same run gives the
 * same verdict.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readScenario } from '../../src/core/scenario/index.ts';
import type { TraceEvent } from '../../src/core/trace/index.ts';
import { judgeRunFolder, LabWatch, type ScenarioOutcome } from '../../src/lab/index.ts';
import { processesOf } from '../helpers/processes-of.ts';
import { drawnSeed, openCourse } from './course.ts';

const course = openCourse();
const head = 'name: Own\ntitle: { en: My own, zh: 我的 }\ncluster: { servers: 3, mode: paper }\nsteps:\n';
const ALL = ['S1', 'S2', 'S3'] as const;
const everyServer = (mutant: string) => Object.fromEntries(ALL.map((id) => [id, mutant]));

async function checked(outcome: ScenarioOutcome) {
  return await judgeRunFolder(join(course.dataFolder, 'runs', outcome.runId));
}

function lastEvents(outcome: ScenarioOutcome): readonly TraceEvent[] {
  const lines = readFileSync(join(course.dataFolder, 'runs', outcome.runId, 'events.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.slice(-3).map((line) => JSON.parse(line));
}

test('scenario: servers persist nothing, all killed in the last step → violated, as check says', async () => {
  const steps = '  - submit: set x 1\n  - kill: all\n';
  const outcome = await course.play(readScenario(head + steps), drawnSeed(), {
    mutants: everyServer('nothing-persisted'),
  });
  expect(outcome).toMatchObject({ verdict: 'violated', reason: expect.stringContaining('durable-before-reveal') });
  expect(await checked(outcome)).toMatchObject({ outcome: 'violated', scenario: { verdict: 'violated' } });
});

test('scenario: right rules, all killed in the last step → valid, without an unknown fact', async () => {
  const steps = '  - submit: set x 1\n  - kill: all\n';
  const outcome = await course.play(readScenario(head + steps), drawnSeed());
  expect(outcome, outcome.reason).toMatchObject({ verdict: 'valid', reason: '' });
  const found = await checked(outcome);
  expect(found).toMatchObject({ outcome: 'valid', scenario: { verdict: 'valid' } });
  expect(found.verdicts.filter(({ unknown }) => unknown > 0)).toEqual([]);
});

test('verdict: scenario played → last event before the trace’s end, and in the verdict file', async () => {
  const outcome = await course.play(readScenario(`${head}  - submit: set x 1\n`), drawnSeed());
  const events = lastEvents(outcome);
  expect(events.map(({ event }) => event).slice(-2)).toEqual(['ScenarioEnded', 'RunEnded']);
  const kept = JSON.parse(readFileSync(join(course.dataFolder, 'runs', outcome.runId, 'verdicts.json'), 'utf8'));
  expect(kept).toMatchObject({ history: { verdict: 'valid' }, liveness: { outcome: outcome.liveness } });
  expect(kept.lastSeq).toBeGreaterThan(0);
  expect(kept.lastSeq).toBeLessThan(events.at(-1)?.seq ?? 0);
});

test('checkNoLeader: every server frozen → unknown, and no server is left', async () => {
  const steps = '  - checkOneLeader: L\n  - freeze: all\n  - checkNoLeader: true\n';
  const outcome = await course.play(readScenario(head + steps), drawnSeed());
  expect(outcome).toMatchObject({
    verdict: 'unknown',
    reason: 'S1, S2, S3 did not answer, so nobody knows what it believes (line 7)',
  });
  expect(await checked(outcome)).toMatchObject({ outcome: 'unknown', scenario: { verdict: 'unknown' } });
});

test('clients: none was ever answered → unknown, as check says', async () => {
  const clients = '{ name: crowd, count: 1, while: on }';
  const steps = `  - cutClients: all\n  - let: { on: true }\n  - clients: ${clients}\n  - let: { on: false }\n  - join: crowd\n`;
  const outcome = await course.play(readScenario(head + steps), drawnSeed());
  expect(outcome).toMatchObject({
    verdict: 'unknown',
    history: 'not-judged',
    reason: 'no command of the clients was answered, so nothing can be said of what they were told',
  });
  expect(await checked(outcome)).toMatchObject({ outcome: 'unknown', scenario: { verdict: 'unknown' } });
});

test('network: dies again and again → lab failure, as check says; no process is left', async () => {
  const watch = new LabWatch(course.lab);
  const playing = course.play(readScenario(`${head}  - sleep: 30000\n`), drawnSeed());
  await watch.until('its first step', ({ scenario }) => scenario?.at === 0 && scenario.ended === null);
  const ended = playing.then(() => true);
  const killed = new Set<number>();
  while (!(await Promise.race([ended, new Promise<false>((resolve) => setImmediate(() => resolve(false)))]))) {
    const told = await course.lab.ask('events', { names: ['NetworkSpawned'], newest: true, limit: 1 });
    const [spawned] = told.ok ? told.value.events : [];
    if (spawned?.event !== 'NetworkSpawned' || killed.has(spawned.pid)) continue;
    killed.add(spawned.pid);
    process.kill(spawned.pid, 'SIGKILL');
  }
  const outcome = await playing;
  expect(outcome).toMatchObject({
    verdict: 'lab-failure',
    reason: expect.stringMatching(/^the lab failed while it played/),
  });
  expect(await checked(outcome)).toMatchObject({ outcome: 'lab-failure' });
  expect(processesOf(outcome.runId)).toEqual([]);
  watch.stop();
});

test('scenario from a door: played to its end → its recording is open, with the verdict', async () => {
  const watch = new LabWatch(course.lab);
  await course.lab.ask('playScenario', { name: 'TestBasicAgree', seed: 7 });
  const view = await watch.until('the recording', ({ scenario, ended }) => scenario?.ended != null && ended !== null);
  expect(view.scenario?.ended).toMatchObject({ verdict: 'valid', reason: null });
  const closed = await course.lab.ask('closeRun', {});
  expect(closed).toEqual({ ok: true, value: { mode: 'idle' } });
  watch.stop();
});
