/** Test files that run alone, and slow ones that start first. Paths are relative to the repository's top. */

/** Process and end-to-end tests that need the machine for themselves, each with the reason. */
export const ALONE: Readonly<Record<string, string>> = {
  'test/e2e/pace.test.ts': 'heartbeats a second at one pace are compared with those at another',
  'test/lab/orphans.process.test.ts': 'fifty labs, five at a time: each must have left nothing 5 s after its end',
  'test/play/course-figure-8.process.test.ts': 'the course asks for 500 rounds and 20 crashes in 26.7 s',
  'test/cluster/stopped-leader.process.test.ts': 'a stopped server must be reported as silent within one second',
};

/** Files that are begun first, so that nothing waits for them at the end of a stage. */
export const LONG: ReadonlySet<string> = new Set([
  'test/core/simulation/every-order.test.ts',
  'test/core/simulation/gate.test.ts',
  'test/core/trace/real-core.test.ts',
  'test/e2e/accessible.test.ts',
  'test/e2e/first-minute.test.ts',
  'test/e2e/keyboard.test.ts',
  'test/e2e/window.test.ts',
  'test/play/course-agreement.process.test.ts',
  'test/play/course-churn.process.test.ts',
  'test/play/course-figure-8-unreliable.process.test.ts',
  'test/play/scenario-nemesis.process.test.ts',
  'test/lab/soak.process.test.ts',
  'test/renderer/dashboard.test.tsx',
]);
