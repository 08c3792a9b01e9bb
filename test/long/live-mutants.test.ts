/**
 * The judges on real servers: twelve wrong rules, three of each kind, run in one scenario with clients, cuts and kills,
 * and each must be found. The scenario, `raft-lab check` on its run folder and the dashboard must report the same
 * verdict. For the correct rules all three report valid. Flow: live-mutants.yaml → lab → outcome, run folder, opened
 * recording.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/cli/check.ts';
import { createSay } from '../../src/cli/words.ts';
import { outcomeOf, type PropertyName, type RunVerdicts } from '../../src/core/check/index.ts';
import { readScenario } from '../../src/core/scenario/index.ts';
import { LabWatch } from '../../src/lab/index.ts';
import { drawnSeed, openCourse } from '../play/course.ts';

const SERVERS = ['S1', 'S2', 'S3', 'S4', 'S5'];
const scenario = readScenario(readFileSync(join(import.meta.dirname, 'live-mutants.yaml'), 'utf8'));

/** Mutant → a property that it must break, among others. */
const KINDS: Readonly<Record<string, Readonly<Record<string, PropertyName>>>> = {
  election: {
    'vote-cleared-on-step-down': 'durable-before-reveal',
    'votes-for-everyone': 'vote-once',
    'any-log-is-up-to-date': 'leader-completeness',
  },
  replication: {
    'old-term-commit': 'own-term-commit',
    'truncate-without-conflict': 'durable-before-reveal',
    'conflicts-kept': 'log-matching',
  },
  'storage and restore': {
    'vote-forgotten-on-disk': 'durable-before-reveal',
    'vote-not-restored': 'restores-its-disk',
    'last-entry-not-restored': 'restores-its-disk',
  },
  'session and client': {
    'answers-without-majority': 'quorum-of-disks',
    'repeated-command-applied': 'exactly-once',
    'retry-answered-anew': 'exactly-once',
  },
};

/** The verdict on one run as the scenario, `raft-lab check` and the dashboard report it. */
interface Told {
  readonly scenario: string;
  /** Exit code of `raft-lab check`. */
  readonly check: number;
  readonly dashboard: string;
  /** Verdict in verdicts.json, which the dashboard shows beside the run. */
  readonly verdictsFile: string;
}

const VALID: Told = { scenario: 'valid', check: 0, dashboard: 'valid', verdictsFile: 'valid' };
const VIOLATED: Told = { scenario: 'violated', check: 1, dashboard: 'violated', verdictsFile: 'violated' };

const course = openCourse();

/**
 * Runs `raft-lab check` on a run folder.
 * @returns its exit code
 */
async function exitOfCheck(folder: string): Promise<number> {
  const terminal = {
    ...({ say: createSay('en'), language: 'en', dataFolder: '', programFolder: '' } as const),
    launcher: {
      program: 'raft-lab',
      language: 'en',
      node: { found: '', wanted: '', isNew: true },
      electron: null,
      hasDisplay: false,
    },
    ...{ print: () => undefined, note: () => undefined, interrupted: new AbortController().signal },
  } as const;
  return await check(terminal, { what: folder, format: null, json: true });
}

/** The dashboard's view of a recorded run: the scenario's verdict, and the broken properties. */
async function shown(runId: string): Promise<{ readonly verdict: string; readonly broken: readonly string[] }> {
  const watch = new LabWatch(course.lab);
  await course.lab.ask('openRun', { runId });
  const { scenario: played, violations } = await watch.until('the recording', ({ ended }) => ended !== null);
  watch.stop();
  return { verdict: played?.ended?.verdict ?? 'none', broken: violations.map(({ property }) => property) };
}

/** Plays the scenario on five servers with this mutant's rules; null plays the correct rules. */
async function play(mutant: string | null): Promise<{ readonly told: Told; readonly broken: readonly string[] }> {
  const seed = drawnSeed();
  const title = mutant ?? 'right rules';
  const vitest = 'npx vitest run --config test/vitest.config.ts --project long test/long/live-mutants.test.ts';
  console.log(`repeat with: RAFT_LAB_SEED=${seed} ${vitest} -t '${title}'`);
  const mutants = mutant === null ? {} : Object.fromEntries(SERVERS.map((id) => [id, mutant]));
  const outcome = await course.play(scenario, seed, { mutants });
  const folder = join(course.dataFolder, 'runs', outcome.runId);
  const dashboard = await shown(outcome.runId);
  const kept = JSON.parse(readFileSync(join(folder, 'verdicts.json'), 'utf8')) as RunVerdicts;
  const told = {
    scenario: outcome.verdict,
    check: await exitOfCheck(folder),
    dashboard: dashboard.verdict,
    verdictsFile: outcomeOf(kept),
  };
  console.log(`${title}: ${JSON.stringify(told)} ${[...new Set(dashboard.broken)].join(' ')}; ${outcome.reason}`);
  return { told, broken: dashboard.broken };
}

describe('live cluster under clients, cuts and kills', { timeout: 300_000 }, () => {
  test('right rules → scenario, check and dashboard report valid', async () => {
    expect(await play(null)).toEqual({ told: VALID, broken: [] });
  });

  describe.each(Object.entries(KINDS))('wrong rule of %s', (_kind, mutants) => {
    test.each(Object.entries(mutants))(
      'mutant %s: played → scenario, check and dashboard report %s violated',
      async (mutant, property) => {
        const { told, broken } = await play(mutant);
        expect(told).toEqual(VIOLATED);
        expect(broken).toContain(property);
      },
    );
  });
});
