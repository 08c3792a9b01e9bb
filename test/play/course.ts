/**
 * Support for playing the scenarios on real processes: which test file plays which scenario, and one lab for each file.
 * The scenarios are split over several files so that two files can run at a time.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readScenario, type Scenario } from '../../src/core/scenario/index.ts';
import { createLab, type Lab, type ScenarioOutcome } from '../../src/lab/index.ts';
import { type Bundle, bundlePrograms, LAB_PROGRAMS } from '../helpers/bundle.ts';
import { processesOf } from '../helpers/processes-of.ts';

/** Folder of the shipped scenarios. */
export const scenarioFolder = join(import.meta.dirname, '../../resources/scenarios');

const all = readdirSync(scenarioFolder).map((name) => readScenario(readFileSync(join(scenarioFolder, name), 'utf8')));

/** The 17 course tests, in the order of the report. */
export const courseTests = all.filter(({ part }) => part !== '').sort((a, b) => a.order - b.order);

/** Scenarios beyond the course. The one of ten minutes is a part of `npm run test:long`. */
export const otherScenarios = all.filter(({ part, name }) => part === '' && name !== 'NemesisLong');

/** The scenarios that each test file of this folder plays, about the same time in each file. */
export const PLAYED_IN: Readonly<Record<string, readonly string[]>> = {
  'course-agreement.process.test.ts': [
    ...['TestInitialElection', 'TestReElection', 'TestBasicAgree', 'TestFailAgree', 'TestFailNoAgree'],
    ...['TestConcurrentStarts', 'TestRejoin', 'TestBackup', 'TestCount'],
  ],
  'course-persistence.process.test.ts': ['TestPersist1', 'TestPersist2', 'TestPersist3', 'TestUnreliableAgree'],
  'course-churn.process.test.ts': ['TestReliableChurn', 'TestUnreliableChurn'],
  'course-figure-8.process.test.ts': ['TestFigure8'],
  'course-figure-8-unreliable.process.test.ts': ['TestFigure8Unreliable'],
  'course-figure-8-frozen.process.test.ts': ['FreezeFigure8'],
  'scenarios.process.test.ts': [
    ...['FreezeReElection', 'FreezeRejoin', 'KillAll', 'KillInWrite', 'OneWay', 'ThreeWaySplit', 'Tour'],
    'UnreachableLeader',
  ],
  'scenario-nemesis.process.test.ts': ['Nemesis'],
};

/** The lab that a test file plays on. */
export interface Course {
  readonly lab: Lab;
  readonly dataFolder: string;
  /** Plays one scenario to its end. @throws Error when it cannot be played */
  play(
    scenario: Scenario,
    seed: number,
    more?: { readonly mutants?: Record<string, string> },
  ): Promise<ScenarioOutcome>;
}

const silent = { began: () => undefined, ended: () => undefined, warned: () => undefined, noted: () => undefined };

/** Returns the seed in RAFT_LAB_SEED, or a drawn one. */
export function drawnSeed(): number {
  return Number(process.env.RAFT_LAB_SEED ?? Math.floor(Math.random() * 2 ** 32));
}

/** Opens a lab before the tests of this file and closes it after them. Use the result inside tests only. */
export function openCourse(): Course {
  let programs: Bundle;
  let lab: Lab;
  let dataFolder: string;
  beforeAll(async () => {
    programs = await bundlePrograms(LAB_PROGRAMS);
    dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-course-'));
    const file = (name: string): string => programs.file(name);
    const files = { scenarios: scenarioFolder, peer: file('peer'), network: file('network'), reaper: file('reaper') };
    lab = await createLab({ dataFolder, programs: files });
  });
  afterAll(async () => {
    await lab.close();
    rmSync(dataFolder, { recursive: true, force: true });
    await programs.remove();
  });
  return {
    get lab() {
      return lab;
    },
    get dataFolder() {
      return dataFolder;
    },
    play: async (scenario, seed, more = {}) => {
      const played = await lab.play({ scenario, seed, signal: new AbortController().signal, progress: silent, more });
      if (!played.ok) throw new Error(played.error.message);
      return played.value;
    },
  };
}

/** Declares one test for each scenario that PLAYED_IN gives to this file, and one test that no process is left. */
export function playScenariosOf(fileName: string): void {
  const course = openCourse();
  const names = PLAYED_IN[fileName] ?? [];
  const scenarios = [...courseTests, ...otherScenarios].filter(({ name }) => names.includes(name));

  test.each(scenarios)('scenario $name: played → valid', async (scenario) => {
    const seed = drawnSeed();
    const outcome = await course.play(scenario, seed);
    const again = `npm run -s lab -- scenario run ${scenario.name} --seed ${seed}`;
    expect(outcome, `${outcome.reason}; repeat with: ${again}`).toMatchObject({ verdict: 'valid', reason: '' });
  });

  test('lab: its last scenario is over → no process is left', async () => {
    const mode = await course.lab.ask('closeRun', {});
    expect(mode).toEqual({ ok: true, value: { mode: 'idle' } });
    for (const runId of readdirSync(join(course.dataFolder, 'runs'))) expect(processesOf(runId)).toEqual([]);
  });
}
