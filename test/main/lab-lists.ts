/** Short entries of the lab's lists of runs and scenarios, for tests of the menu. */
import type { BothLanguages, RunSummary, ScenarioSummary } from '../../src/core/lab-api/index.ts';

/** A readable run of the past, of 30 November 2026. */
export function run(runId: string, more: Partial<RunSummary> = {}): RunSummary {
  const settings = { servers: ['S1', 'S2', 'S3'] } as unknown as RunSummary['settings'];
  return {
    runId,
    startedAt: '2026-11-30T12:00:00Z',
    settings,
    bytes: 1,
    live: false,
    ok: true,
    problem: '',
    title: '',
    note: '',
    scenario: null,
    verdict: 'valid',
    isUnfinished: false,
    ...more,
  };
}

/** A scenario; its title is its name by default. */
export function scenario(name: string, title: BothLanguages = { en: name, zh: name }, part = ''): ScenarioSummary {
  return { name, title, part, servers: 5 };
}
